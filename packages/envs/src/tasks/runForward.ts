import type { Task } from '../mujoco/model.ts'
import { ability, controlInterval } from '../mujoco/model.ts'
import { floor } from './arena.ts'

/** Where a running task differs from body to body. */
interface RunForward {
  readonly source: string
  /** Weight of the velocity. Default 1. */
  readonly speed?: number
  /** Weight of the squared action. */
  readonly control: number
  /** Reward of a step that ends healthy. An unhealthy body ends the episode. Default: health plays no part. */
  readonly survive?: number
  /** Whether the step that ends an episode is paid for surviving, too. Default: no. */
  readonly surviveLast?: boolean
  /** Cost of contact forces. Default: none. */
  readonly contact?: {
    /** Weight of their squares. */
    readonly weight: number
    /** Each force is clipped to this. Default: not at all. */
    readonly clip?: number
    /** The largest cost of a step. Default: without bound. */
    readonly most?: number
  }
}

/**
 * Run along x on a plane without end:
 *
 *   r = speed · Δx / Δt + survive · [healthy] − control · Σ aᵢ² − contact
 *   contact = min(weight · Σ clip(fⱼ, ±clip)², most)
 *
 * `[healthy]` counts 1 in every step where `surviveLast` is set;
 * f are the forces and torques that act on the bodies from outside. Terminates when a body that has to stay healthy is not.
 *
 * The cost is on the action as given; the motors clamp it to their range.
 */
export function runForward(run: RunForward): Task {
  const { source, speed = 1, control, survive, surviveLast = false, contact } = run
  return {
    name: 'run-forward',
    source,
    maxEpisodeSteps: 1000,
    arena: floor,
    bind: (body, simulation) => {
      const forward = ability(body, 'run-forward', 'forward')
      const healthy = survive === undefined ? undefined : ability(body, 'run-forward', 'healthy')
      const interval = controlInterval(body.timing)
      const info = {
        xPosition: 0,
        xVelocity: 0,
        rewardForward: 0,
        rewardControl: 0,
        rewardSurvive: 0,
        rewardContact: 0,
      }
      const outcome = { reward: 0, terminated: false, info }
      // The x of the last step.
      const memory = new Float64Array(1)
      return {
        outcome,
        memory,
        start: () => {
          memory[0] = info.xPosition = forward(simulation)
          info.xVelocity = info.rewardForward = info.rewardControl = 0
          info.rewardSurvive = info.rewardContact = 0
        },
        after: (action) => {
          let squares = 0
          for (let i = 0; i < action.length; i++) squares += action[i] * action[i]
          info.xPosition = forward(simulation)
          info.xVelocity = (info.xPosition - memory[0]) / interval
          memory[0] = info.xPosition
          info.rewardForward = speed * info.xVelocity
          info.rewardControl = -control * squares
          outcome.reward = info.rewardForward + info.rewardControl
          if (survive !== undefined && healthy !== undefined) {
            outcome.terminated = !healthy(simulation)
            info.rewardSurvive = outcome.terminated && !surviveLast ? 0 : survive
            outcome.reward += info.rewardSurvive
          }
          if (contact !== undefined) {
            const { weight, clip = Infinity, most = Infinity } = contact
            const forces = simulation.derived('cfrc_ext')
            let cost = 0
            for (let i = 0; i < forces.length; i++) {
              const force = forces[i]
              const clipped = force > clip ? clip : force < -clip ? -clip : force
              cost += clipped * clipped
            }
            info.rewardContact = -Math.min(weight * cost, most)
            outcome.reward += info.rewardContact
          }
        },
      }
    },
  }
}
