import { fillUniform, foldIn } from '@maxent/core/keys'
import type { Dynamics } from './episodes.ts'
import { part } from './episodes.ts'
import { AGENT, INK, PAPER } from './render/colors.ts'
import { drawPlane } from './render/plane.ts'

/** source: Gymnasium `Pendulum-v1`. */
const GRAVITY = 10
const MASS = 1
const LENGTH = 1
const TIMESTEP = 0.05
const MAX_SPEED = 8
/** Weights of the reward. */
const SPEED_COST = 0.1
const TORQUE_COST = 0.001
/** Largest torque, N m. */
export const MAX_TORQUE = 2

const clip = (x: number, bound: number): number => Math.min(Math.max(x, -bound), bound)

/** The angle in [-π, π) of the same direction. */
function wrap(angle: number): number {
  const turn = 2 * Math.PI
  const rest = (angle + Math.PI) % turn
  return (rest < 0 ? rest + turn : rest) - Math.PI
}

/**
 * A rod on a hinge with a torque too weak to lift it at once; θ = 0 is upright. With u clipped to ±2 and ω to ±8:
 *
 *   r  = −(wrap(θ)² + 0.1 ω² + 0.001 u²)
 *   ω' = ω + (3g / 2l · sin θ + 3 / ml² · u) Δt
 *   θ' = θ + ω' Δt
 *
 * Starts with θ uniform in ±π and ω in ±1. Never terminates.
 */
export function pendulumDynamics(): Dynamics {
  const proprio = new Float32Array(3)
  const outcome = { reward: 0, terminated: false, info: {} }
  const draws = new Float32Array(2)
  let angle = 0
  let speed = 0
  const observe = (): void => {
    proprio[0] = Math.cos(angle)
    proprio[1] = Math.sin(angle)
    proprio[2] = speed
  }
  return {
    observation: { proprio },
    outcome,
    paint: (options) =>
      drawPlane(
        {
          low: [-1.2 * LENGTH, -1.2 * LENGTH],
          high: [1.2 * LENGTH, 1.2 * LENGTH],
          background: PAPER,
          shapes: [
            {
              kind: 'line',
              from: [0, 0],
              to: [LENGTH * Math.sin(angle), LENGTH * Math.cos(angle)],
              width: 0.2 * LENGTH,
              color: AGENT,
            },
            { kind: 'disc', at: [0, 0], radius: 0.05 * LENGTH, color: INK },
          ],
        },
        options,
      ),
    start: (key) => {
      fillUniform(foldIn(key, 'start'), draws)
      angle = Math.PI * (2 * draws[0] - 1)
      speed = 2 * draws[1] - 1
      observe()
    },
    advance: (action) => {
      const torque = clip(action[0], MAX_TORQUE)
      outcome.reward = -(wrap(angle) ** 2 + SPEED_COST * speed ** 2 + TORQUE_COST * torque ** 2)
      const push = ((3 * GRAVITY) / (2 * LENGTH)) * Math.sin(angle) + (3 / (MASS * LENGTH ** 2)) * torque
      speed = clip(speed + push * TIMESTEP, MAX_SPEED)
      angle += speed * TIMESTEP
      observe()
      return true
    },
    save: () => ({ state: Float64Array.of(angle, speed) }),
    load: (snapshot) => {
      ;[angle, speed] = part(snapshot, 'state', 2)
      observe()
    },
    close: () => undefined,
  }
}
