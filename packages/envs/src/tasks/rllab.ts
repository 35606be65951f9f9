import type { Arena, Task } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import { clamp } from '../bodies/proprioception.ts'
import { planeLength } from '../planeLength.ts'
import { floor } from './arena.ts'

/** Where the tasks of rllab, and those made from them, differ. */
interface RllabRun {
  readonly name: string
  readonly source: string
  /** What is paid of the velocity v of the centre of mass: v_x, its size in the plane, or that with the sign of v_x. */
  readonly speed: 'forward' | 'any' | 'half'
  /** Weight of the squared action; half of it counts. */
  readonly control: number
  /** Paid in every step, the last included, of a body that has to stay healthy. Default: health plays no part. */
  readonly survive?: number
  /** Weight of the squared contact forces, each clipped to ±1; half of it counts. Default 0. */
  readonly contact?: number
  /** Weight of squared velocities that are not wanted; half of it counts. Default: none. */
  readonly deviation?: { readonly weight: number; readonly axes: readonly (1 | 2)[] }
  readonly arena?: Arena
}

/** source: rllab, its environments: the largest contact force that counts, and the cap of episodes. */
const CLIP = 1
const STEPS = 1000

/**
 * Run as rllab's bodies do:
 *
 *   r = speed(v) + survive − ½ control · Σ aᵢ² − ½ contact · Σ clip(fⱼ, ±1)² − ½ deviation · Σ vₖ²
 *
 * with v the velocity of the centre of mass in the state reached, a the action clipped to ±1, f the forces and torques that act on the
 * bodies from outside. Terminates when a body that has to stay healthy is not.
 */
function rllabRun(run: RllabRun): Task {
  const { name, source, speed, control, survive, contact = 0, deviation, arena = floor } = run
  return {
    name,
    source,
    maxEpisodeSteps: STEPS,
    arena,
    bind: (body, simulation) => {
      const readVelocity = ability(body, name, 'velocity')
      const healthy = survive === undefined ? undefined : ability(body, name, 'healthy')
      const velocity = new Float64Array(3)
      const info = {
        xVelocity: 0,
        yVelocity: 0,
        rewardForward: 0,
        rewardControl: 0,
        rewardSurvive: 0,
        rewardContact: 0,
        rewardDeviation: 0,
      }
      const outcome = { reward: 0, terminated: false, info }
      return {
        outcome,
        memory: new Float64Array(0),
        start: () => {
          info.xVelocity = info.yVelocity = info.rewardForward = info.rewardControl = 0
          info.rewardSurvive = info.rewardContact = info.rewardDeviation = 0
        },
        after: (action) => {
          readVelocity(simulation, velocity)
          info.xVelocity = velocity[0]
          info.yVelocity = velocity[1]
          info.rewardForward = paidSpeed(speed, velocity)
          info.rewardControl = -0.5 * control * squares(action, CLIP)
          info.rewardContact =
            contact === 0 ? 0 : -0.5 * contact * squares(simulation.derived('cfrc_ext'), CLIP)
          info.rewardDeviation = 0
          if (deviation !== undefined) {
            for (let i = 0; i < deviation.axes.length; i++) {
              info.rewardDeviation -= 0.5 * deviation.weight * velocity[deviation.axes[i]] ** 2
            }
          }
          info.rewardSurvive = survive ?? 0
          outcome.terminated = healthy !== undefined && !healthy(simulation)
          outcome.reward =
            info.rewardForward +
            info.rewardControl +
            info.rewardSurvive +
            info.rewardContact +
            info.rewardDeviation
        },
      }
    },
  }
}

/** Sum of the squares of numbers, each clipped to ±most. */
export function squares(values: Float32Array | Float64Array, most: number): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) {
    const value = clamp(values[i], most)
    sum += value * value
  }
  return sum
}

function paidSpeed(speed: RllabRun['speed'], velocity: Float64Array): number {
  if (speed === 'forward') return velocity[0]
  const size = planeLength(velocity[0], velocity[1])
  return speed === 'any' ? size : Math.sign(velocity[0]) * size
}

const RELEASED = 'released code of Haarnoja et al. 2018 (latent space policies), MultiDirection'

/** rllab's weights. */
export const swimmerRllabRun: Task = rllabRun({
  name: 'run-forward',
  source: 'rllab, SwimmerEnv',
  speed: 'forward',
  control: 1e-2,
})
export const antRllabRun: Task = rllabRun({
  name: 'run-forward',
  source: 'rllab, AntEnv',
  speed: 'forward',
  control: 1e-2,
  survive: 0.05,
  contact: 1e-3,
})
export const humanoidRllabRun: Task = rllabRun({
  name: 'run-forward',
  source: 'rllab, SimpleHumanoidEnv',
  speed: 'forward',
  control: 1e-3,
  survive: 0.2,
  contact: 1e-5,
  deviation: { weight: 1e-2, axes: [1, 2] },
})

/** The same bodies, paid for speed in any direction: what low levels are trained with. The snake is paid in the front half plane. */
export const swimmerAnyDirection: Task = rllabRun({
  name: 'any-direction',
  source: RELEASED,
  speed: 'half',
  control: 1e-2,
})
export const antAnyDirection: Task = rllabRun({
  name: 'any-direction',
  source: RELEASED,
  speed: 'any',
  control: 1e-2,
  survive: 0.05,
  contact: 1e-3,
})
export const humanoidAnyDirection: Task = rllabRun({
  name: 'any-direction',
  source: RELEASED,
  speed: 'any',
  control: 1e-3,
  survive: 0.2,
  contact: 1e-5,
  deviation: { weight: 1e-2, axes: [2] },
})
