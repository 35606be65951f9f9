import type { EnvSnapshot } from '@maxent/core/contracts'
import { part } from './episodes.ts'
import { composeModel } from './mujoco/model.ts'
import { createSimulation } from './mujoco/simulation.ts'
import type { EnvId } from './registry.ts'
import { mujocoParts } from './registry.ts'

/** Physics and nothing else, to measure what an environment adds. */
export interface BareLoop {
  /** Takes the physics of a snapshot of the environment. */
  restore(snapshot: EnvSnapshot): void
  /** Sets the controls and steps the physics, once per action. Gives the first coordinate reached. */
  run(actions: readonly Float32Array[]): number
  /** Frees the physics. */
  close(): void
}

/**
 * An environment as bare `mj_step` calls, as many per action as the environment makes. From its snapshot and with the same actions it goes
 * through the same states, so that the ratio of the two times is what the environment costs. Nothing ends its episodes.
 *
 * @throws RangeError for an environment that does not run on MuJoCo.
 */
export async function createBareLoop(id: EnvId = 'half-cheetah'): Promise<BareLoop> {
  const { body, task } = mujocoParts(id)
  const simulation = await createSimulation(composeModel(body, task))
  const { mujoco, model, data } = simulation.native
  const { frameSkip } = body.timing
  return {
    restore: (snapshot) => simulation.setState(part(snapshot, 'physics', simulation.stateSize)),
    run: (actions) => {
      const ctrl = simulation.ctrl
      for (const action of actions) {
        ctrl.set(action)
        for (let i = 0; i < frameSkip; i++) mujoco.mj_step(model, data)
      }
      return simulation.qpos[0]
    },
    close: () => simulation.close(),
  }
}
