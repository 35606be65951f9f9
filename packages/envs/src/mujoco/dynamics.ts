import type { Dynamics } from '../episodes.ts'
import { part } from '../episodes.ts'
import type { Body, Task } from './model.ts'
import { composeModel } from './model.ts'
import { createSimulation } from './simulation.ts'

/** The dynamics of a body that does a task. */
export async function composeDynamics(body: Body, task: Task): Promise<Dynamics> {
  const simulation = await createSimulation(composeModel(body, task))
  const run = task.bind(body, simulation)
  const groups = Object.entries(body.proprioception).map(([name, group]) => ({
    name,
    group,
    out: new Float32Array(group.size),
  }))
  const observe = (): void => {
    for (const { group, out } of groups) group.write(simulation, out)
  }
  const { frameSkip } = body.timing

  return {
    observation: Object.fromEntries(groups.map(({ name, out }) => [name, out])),
    outcome: run.outcome,
    start: (key) => {
      simulation.resetData()
      body.start(simulation, key)
      simulation.forward()
      run.start()
      observe()
    },
    advance: (action) => {
      simulation.ctrl.set(action)
      run.before()
      if (!simulation.advance(frameSkip)) return false
      run.after(action)
      observe()
      return true
    },
    save: () => ({ physics: simulation.getState() }),
    load: (snapshot) => {
      simulation.setState(part(snapshot, 'physics', simulation.stateSize))
      observe()
    },
    close: () => simulation.close(),
  }
}
