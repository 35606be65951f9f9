import type { Terrain } from '../arenas/terrains.ts'
import { extensionOf, LEGS, minitaur, rollAndPitch, swingOf } from '../bodies/minitaur.ts'
import { chosen } from '../chosen.ts'
import type { Task } from '../mujoco/model.ts'
import { ability, controlInterval } from '../mujoco/model.ts'

/** source: thesis 5.3: the longest episode, and how many observations and actions of the past are shown. */
const STEPS = 500
const PAST = 5
/** source: released environment of the robot: it has fallen when the cosine of its tilt or its height, m, is less. */
const UPRIGHT = 0.85
const LOW = 0.13

const LATENCY = chosen(
  'walk: steps by which observations are late',
  1,
  'the 0.02 s of latency of the released environment, which are one step; like there it is observations that are late',
)
const REWARD = chosen(
  'walk: weights of angular acceleration (rad/s²)², pitch² and legs under the body (rad²)',
  [2e-8, 2, 2],
  'the thesis names the terms alone; uniform actions cost half a m/s, a pitch of 0.3 rad 0.2, a smooth trot next to nothing',
)
const UNDER = chosen(
  'walk: front legs extended under the body',
  'Σ of swing backward · extension beyond rest',
  'the thesis names it alone; zero as long as a leg points ahead or is not stretched',
)
const START = chosen(
  'walk: actions before the start',
  'zeros, which hold the body at rest; observations before it equal the first',
  'the thesis does not tell',
)

const SENSES = minitaur.proprioception.proprio
const SENSED = SENSES.size
const MOTORS = minitaur.action.low.length
/** layout: numbers of the legs ahead. */
const FRONT = LEGS.flatMap(({ x }, leg) => (x === 1 ? [leg] : []))

/** layout: places in the memory: x of the last step, then what is sensed and not told yet. */
const X = 0
const PENDING = 1

/**
 * Walk ahead along x over a terrain (thesis 5.3), with v the velocity along x, a the actions, Δt their interval, θ the pitch, s and e
 * swing and extension of the front legs:
 *
 *   r = v − w₁ ‖(a_t − 2 a_{t−1} + a_{t−2}) / Δt²‖² − w₂ θ² − w₃ Σ max(−s, 0) max(e, 0)
 *
 * Observations arrive a step late. Beside the current one, in `proprio`, are the five before it, oldest first, in `observations`, and
 * the last five actions in `actions`. Terminates when the robot has fallen.
 *
 * @throws RangeError when the body is no minitaur.
 */
export function walk(terrain: Terrain): Task {
  return {
    name: terrain.name,
    source: 'Haarnoja 2018, section 5.3',
    chosen: [LATENCY, REWARD, UNDER, START, ...terrain.chosen],
    maxEpisodeSteps: STEPS,
    arena: terrain.arena,
    // `proprio` stands in place of the body's own, which has no latency.
    observation: { proprio: SENSED, observations: PAST * SENSED, actions: PAST * MOTORS },
    bind: (body, simulation) => {
      if (body.name !== minitaur.name) {
        throw new RangeError(`${terrain.name}: body must be "${minitaur.name}", got "${body.name}"`)
      }
      const forward = ability(body, terrain.name, 'forward')
      const root = ability(body, terrain.name, 'root')
      const interval = controlInterval(body.timing)
      const proprio = new Float32Array(SENSED)
      const observations = new Float32Array(PAST * SENSED)
      const actions = new Float32Array(PAST * MOTORS)
      const fresh = new Float32Array(SENSED)
      const position = new Float64Array(3)
      const attitude = new Float64Array(2)
      const info = {
        xPosition: 0,
        xVelocity: 0,
        costAcceleration: 0,
        costPitch: 0,
        costLegs: 0,
        success: 0,
      }
      const outcome = { reward: 0, terminated: false, info }
      const memory = new Float64Array(PENDING + SENSED)
      const acceleration = (): number => {
        let squares = 0
        for (let i = (PAST - 1) * MOTORS; i < PAST * MOTORS; i++) {
          const change = (actions[i] - 2 * actions[i - MOTORS] + actions[i - 2 * MOTORS]) / interval ** 2
          squares += change * change
        }
        return squares
      }
      const stretchedUnder = (): number => {
        let sum = 0
        for (let i = 0; i < FRONT.length; i++) {
          sum += Math.max(-swingOf(simulation, FRONT[i]), 0) * Math.max(extensionOf(simulation, FRONT[i]), 0)
        }
        return sum
      }
      const sense = (): void => {
        SENSES.write(simulation, fresh)
        memory.set(fresh, PENDING)
      }
      return {
        outcome,
        memory,
        observation: { proprio, observations, actions },
        start: () => {
          sense()
          proprio.set(fresh)
          for (let i = 0; i < PAST; i++) observations.set(fresh, i * SENSED)
          actions.fill(0)
          memory[X] = info.xPosition = forward(simulation)
          info.xVelocity = info.costAcceleration = info.costPitch = info.costLegs = info.success = 0
        },
        after: (action) => {
          actions.copyWithin(0, MOTORS)
          actions.set(action, (PAST - 1) * MOTORS)
          observations.copyWithin(0, SENSED)
          observations.set(proprio, (PAST - 1) * SENSED)
          for (let i = 0; i < SENSED; i++) proprio[i] = memory[PENDING + i]
          sense()

          info.xPosition = forward(simulation)
          info.xVelocity = (info.xPosition - memory[X]) / interval
          memory[X] = info.xPosition
          rollAndPitch(simulation, attitude, 0)
          info.costAcceleration = REWARD.value[0] * acceleration()
          info.costPitch = REWARD.value[1] * attitude[1] * attitude[1]
          info.costLegs = REWARD.value[2] * stretchedUnder()
          outcome.reward = info.xVelocity - info.costAcceleration - info.costPitch - info.costLegs
          root.position(simulation, position)
          outcome.terminated =
            root.upright(simulation) < UPRIGHT || position[2] - terrain.height(position[0]) < LOW
          info.success = info.xPosition >= terrain.end && !outcome.terminated ? 1 : 0
        },
      }
    },
  }
}
