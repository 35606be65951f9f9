import type { Observation } from '@maxent/core/contracts'
import { foldIn } from '@maxent/core/keys'
import type { Dynamics } from '../episodes.ts'
import { part } from '../episodes.ts'
import { createRenderer } from '../render/scene.ts'
import type { Body, Task } from './model.ts'
import { composeModel } from './model.ts'
import type { Simulation } from './simulation.ts'
import { createSimulation } from './simulation.ts'

/**
 * The dynamics of a body that does a task.
 *
 * @throws RangeError when the body lacks what the task demands, Error with MuJoCo's message when the model does not compile.
 */
export async function composeDynamics(body: Body, task: Task): Promise<Dynamics> {
  const simulation = await compile(body, task)
  try {
    return bindDynamics(body, task, simulation)
  } catch (error) {
    simulation.close()
    throw error
  }
}

/** The simulation of a body in the arena of a task. */
async function compile(body: Body, task: Task): Promise<Simulation> {
  const xml = composeModel(body, task)
  try {
    return await createSimulation(xml)
  } catch (error) {
    throw new Error(
      `composeDynamics: the model of "${body.name}" doing "${task.name}" must compile, got from MuJoCo: ${String(error)}`,
      { cause: error },
    )
  }
}

function bindDynamics(body: Body, task: Task, simulation: Simulation): Dynamics {
  const run = task.bind(body, simulation)
  const felt = Object.entries(body.proprioception).map(([name, group]) => ({
    name,
    group,
    out: new Float32Array(group.size),
  }))
  const observation: Observation = {
    ...Object.fromEntries(felt.map(({ name, out }) => [name, out])),
    ...run.observation,
  }
  const groups = Object.values(observation)
  const observationSize = groups.reduce((sum, { length }) => sum + length, 0)
  const observe = (): void => {
    for (let i = 0; i < felt.length; i++) felt[i].group.write(simulation, felt[i].out)
  }
  const { frameSkip } = body.timing
  const { feelsContact = false, feelsPose = false } = body
  const { setTask, features } = run

  return {
    observation,
    outcome: run.outcome,
    paint: createRenderer(simulation),
    ...(setTask === undefined ? {} : { setTask: (chosen: unknown) => setTask(chosen) }),
    ...(features === undefined ? {} : { features }),
    start: (key) => {
      simulation.resetData()
      body.start(simulation, key)
      run.place?.(foldIn(key, 'place'))
      simulation.forward()
      if (feelsPose) simulation.computePoses()
      run.start(foldIn(key, 'task'))
      observe()
    },
    advance: (action) => {
      const { ctrl } = simulation
      for (let i = 0; i < action.length; i++) ctrl[i] = action[i]
      if (!simulation.advance(frameSkip)) return false
      if (feelsContact) simulation.computeContactForces()
      if (feelsPose) simulation.computePoses()
      run.after(action)
      observe()
      return true
    },
    // Observations and rewards may read what derives from the state; MuJoCo's state does not bring that back, so it is saved as it stands.
    save: () => ({
      physics: simulation.getState(),
      observation: Float64Array.from(groups.flatMap((out) => [...out])),
      task: run.memory.slice(),
    }),
    load: (snapshot) => {
      const physics = part(snapshot, 'physics', simulation.stateSize)
      const observed = part(snapshot, 'observation', observationSize)
      const memory = part(snapshot, 'task', run.memory.length)
      simulation.setState(physics)
      run.memory.set(memory)
      let offset = 0
      for (const out of groups) {
        out.set(observed.subarray(offset, offset + out.length))
        offset += out.length
      }
    },
    close: () => {
      run.close?.()
      simulation.close()
    },
  }
}
