import type { Key } from '@maxent/core/keys'
import { foldIn, integers, uniform } from '@maxent/core/keys'
import { discMark, moveMark, PATTERN, selectedMark } from '../arenas/marks.ts'
import { chosen } from '../chosen.ts'
import type { Task } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import { floor } from './arena.ts'
import { takeBearings } from './bearing.ts'

/** source: Tirumala et al. 2019, E.2.1. */
const SIDE = 8
const TARGETS = 3
const REWARD = 60
const STEPS = 400

const RADIUS = chosen(
  'distance at which one of several targets is reached, m',
  1,
  "that of dm_control's go_to_target; the paper gives none",
)
const APART = chosen(
  'start of an episode with several targets',
  'anywhere, heading anywhere; targets out of reach of the start',
  'an episode has at least one step',
)

/** What {@link goToTargets} can be asked for. */
export interface Targets {
  /** How many: a positive integer. Default 3. */
  readonly targets?: number
  /** Side of the square in which body and targets are placed, m. Default 8. */
  readonly side?: number
  /** A target is reached within this distance, m; less than half the side. Default 1. */
  readonly radius?: number
}

const NAME = 'targets'

/**
 * Go to one of K targets: 60 within 1 m of it and the end, else 0 (Tirumala et al. 2019, E.2.1). Body and targets are drawn anew in
 * every episode. The group `targets` tells where each lies, ahead and to the left, and `task` which it is, one-hot.
 *
 * @throws RangeError for targets that cannot be placed.
 */
export function goToTargets({
  targets: count = TARGETS,
  side = SIDE,
  radius = RADIUS.value,
}: Targets = {}): Task {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new RangeError(`goToTargets: targets must be a positive integer, got ${count}`)
  }
  if (!(side > 0 && Number.isFinite(side))) {
    throw new RangeError(`goToTargets: side must be positive, got ${side}`)
  }
  if (!(radius > 0 && radius < side / 2)) {
    throw new RangeError(
      `goToTargets: radius must be positive and less than half the side of ${side} m, got ${radius}, or no target lies out of reach`,
    )
  }
  const marks = Array.from({ length: count }, (_, i) =>
    discMark({ name: `target${i}`, color: 'grey', radius }),
  )
  return {
    name: NAME,
    source: 'Tirumala et al. 2019, appendix E.2.1',
    chosen: [RADIUS, APART, PATTERN],
    maxEpisodeSteps: STEPS,
    arena: (surface) => ({
      ...floor(surface),
      objects: [selectedMark(radius), ...marks],
    }),
    observation: { targets: 2 * count, task: count },
    distribution: 'body, targets and the selected one uniform, for training and tests alike',
    bind: (body, simulation) => {
      const bearing = takeBearings(body, simulation, NAME)
      const root = ability(body, NAME, 'root')
      const targets = new Float32Array(2 * count)
      const task = new Float32Array(count)
      const info = { distance: 0, success: 0 }
      const outcome = { reward: 0, terminated: false, info }
      // The number of the target to go to, then x and y of each.
      const memory = new Float64Array(1 + 2 * count)
      const places = memory.subarray(1)
      const look = (): void => {
        bearing.take()
        bearing.see(places, targets)
        info.distance = bearing.distance(places[2 * memory[0]], places[2 * memory[0] + 1])
        info.success = info.distance < radius ? 1 : 0
      }
      /** Uniform in the square. */
      const draw = (key: Key): [number, number] => {
        const [x, y] = uniform(key, 2)
        return [side * (x - 0.5), side * (y - 0.5)]
      }
      return {
        outcome,
        memory,
        observation: { targets, task },
        place: (key) => {
          const [x, y] = draw(foldIn(key, 'start'))
          root.place(simulation, { x, y, yaw: 2 * Math.PI * uniform(foldIn(key, 'yaw'), 1)[0] })
          for (let i = 0; i < count; i++) {
            const targetKey = foldIn(foldIn(key, 'target'), i)
            let place = draw(targetKey)
            for (let attempt = 1; Math.hypot(place[0] - x, place[1] - y) < radius; attempt++) {
              place = draw(foldIn(targetKey, attempt))
            }
            places.set(place, 2 * i)
            moveMark(simulation, 1 + i, place)
          }
          memory[0] = integers(foldIn(key, 'task'), 1, count)[0]
          moveMark(simulation, 0, [places[2 * memory[0]], places[2 * memory[0] + 1]])
        },
        start: () => {
          task.fill(0)
          task[memory[0]] = 1
          look()
        },
        after: () => {
          look()
          outcome.reward = REWARD * info.success
          outcome.terminated = info.success === 1
        },
      }
    },
  }
}
