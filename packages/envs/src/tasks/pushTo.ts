import { foldIn, integers } from '@maxent/core/keys'
import { chosen } from '../chosen.ts'
import type { Arena, Task } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import { element } from '../mujoco/xml.ts'
import { discMark, moveMark } from '../arenas/marks.ts'

/** source: released code of Haarnoja et al. 2017, its pusher: cost of torques in (N m)², steps. */
const CONTROL = 0.1
const STEPS = 300
/** source: thesis 6.3 and table 6.1: left, middle, right and bottom, as an axis (0 is x, 1 is y) and a place on it; and their pairs. */
const LINES = [
  [0, -1],
  [0, 0],
  [0, 1],
  [1, -1],
] as const
const POINTS = [
  [-1, -1],
  [0, -1],
  [1, -1],
] as const

const SUCCESS = chosen(
  'distance at which a puck is where it should be, m',
  0.2,
  'the thesis calls its policies successful with errors up to 0.2 m',
)
const AFTER = chosen(
  'state that pays for the place of a puck',
  'the one reached',
  "as in Gymnasium's pusher; the released code takes the one before the step",
)
const FARTHEST = chosen(
  'goals of a puck, m from the middle along an axis, at most',
  1.5,
  'the fork reaches 1.4 m',
)
const DRAWN = chosen(
  'goal of a puck in an episode without a task',
  'one of the set',
  'the thesis gives each run one',
)

/** source: none, it is only seen. A table below everything, and how far away a line goes that does not count. */
const TABLE = { height: -0.2, half: 1.6, lines: 0.02, away: 100 }

/** source: none, colours have no part in the physics. */
const RED = [0.85, 0.2, 0.15, 1]

const NAME = 'push-to'

/** layout: of the group `goal`: for x and then for y whether it counts, and where it should be. */
const GOAL = 4

/** A table, and what marks the goal: a disc for a point, or a line. */
const table =
  (marks: readonly string[]): Arena =>
  () => ({
    worldbody: [
      element('geom', {
        name: 'table',
        type: 'plane',
        pos: [0, 0, TABLE.height],
        size: [TABLE.half, TABLE.half, TABLE.half],
        contype: 0,
        conaffinity: 0,
      }),
    ],
    objects: marks,
  })

/** What a kind of goals is: its sets, its mark, and how a task of two numbers counts for x and y. */
interface Goals {
  readonly name: string
  readonly rule: string
  readonly set: readonly (readonly [number, number])[]
  readonly allows: (task: readonly [number, number]) => boolean
  /** Writes the group `goal`. */
  readonly write: (task: readonly [number, number], goal: Float64Array) => void
  readonly arena: Arena
  readonly show: (simulation: Parameters<Task['bind']>[1], goal: Float64Array) => void
}

const inReach = (place: number): boolean => Math.abs(place) <= FARTHEST.value

/**
 * Push a puck, with the distance measured along the axes that count:
 *
 *   r = −‖goal − puck‖ − 0.1 Σ uᵢ²
 *
 * Never terminates. `reset({ task })` takes a goal of two numbers and keeps it; without one every episode draws one of the set. The
 * group `goal` tells it; the thesis learns each goal by itself and leaves the group out.
 */
function pushTo({ name, rule, set, allows, write, arena, show }: Goals): Task {
  return {
    name,
    source: 'released code of Haarnoja et al. 2017, goals of Haarnoja 2018, section 6.3',
    chosen: [SUCCESS, AFTER, FARTHEST, DRAWN],
    maxEpisodeSteps: STEPS,
    arena,
    observation: { goal: GOAL },
    tasks: { train: set, test: set },
    bind: (body, simulation) => {
      const { object } = ability(body, NAME, 'pushes')
      const goal = new Float32Array(GOAL)
      const info = { distance: 0, success: 0, rewardControl: 0 }
      const outcome = { reward: 0, terminated: false, info }
      // Whether a task was given, then the goal.
      const memory = new Float64Array(1 + GOAL)
      const wanted = memory.subarray(1)
      const look = (): void => {
        const places = simulation.derived('xpos')
        const x = wanted[0] * (places[3 * object] - wanted[1])
        const y = wanted[2] * (places[3 * object + 1] - wanted[3])
        info.distance = Math.sqrt(x * x + y * y)
        info.success = info.distance < SUCCESS.value ? 1 : 0
      }
      return {
        outcome,
        memory,
        observation: { goal },
        setTask: (task) => {
          if (!isPair(task) || !allows(task)) {
            throw new RangeError(`reset: task must be ${rule}, got ${JSON.stringify(task)}`)
          }
          write(task, wanted)
          memory[0] = 1
        },
        place: (key) => {
          if (memory[0] === 0) write(set[integers(foldIn(key, 'goal'), 1, set.length)[0]], wanted)
          show(simulation, wanted)
        },
        start: () => {
          goal.set(wanted)
          info.rewardControl = 0
          look()
        },
        after: (action) => {
          let squares = 0
          for (let i = 0; i < action.length; i++) squares += action[i] * action[i]
          look()
          info.rewardControl = -CONTROL * squares
          outcome.reward = info.rewardControl - info.distance
        },
      }
    },
  }
}

const isPair = (task: unknown): task is readonly [number, number] =>
  Array.isArray(task) && task.length === 2 && task.every(Number.isFinite)

/** Push a puck anywhere onto a line: the task [0, x] is the line of that x, [1, y] that of that y (thesis 6.3, the constituent tasks). */
export const pushToLine: Task = pushTo({
  name: 'line',
  rule: `an axis, 0 for x or 1 for y, and a place on it within ±${FARTHEST.value} m`,
  set: LINES,
  allows: ([axis, place]) => (axis === 0 || axis === 1) && inReach(place),
  write: ([axis, place], goal) => {
    goal.fill(0)
    goal[2 * axis] = 1
    goal[2 * axis + 1] = place
  },
  arena: table(
    [0, 1].map((axis) =>
      element('body', { name: `line${axis}`, mocap: 'true', pos: [0, 0, TABLE.height] }, [
        element('geom', {
          type: 'box',
          size: axis === 0 ? [TABLE.lines, TABLE.half, TABLE.lines] : [TABLE.half, TABLE.lines, TABLE.lines],
          rgba: RED,
          contype: 0,
          conaffinity: 0,
        }),
      ]),
    ),
  ),
  // The line that does not count is out of sight.
  show: (simulation, goal) => {
    moveMark(simulation, 0, [goal[0] === 1 ? goal[1] : TABLE.away, 0])
    moveMark(simulation, 1, [0, goal[2] === 1 ? goal[3] : TABLE.away])
  },
})

/** Push a puck to a point, the task [x, y] (thesis 6.3, the combined tasks). */
export const pushToPoint: Task = pushTo({
  name: 'point',
  rule: `x and y within ±${FARTHEST.value} m`,
  set: POINTS,
  allows: (task) => task.every(inReach),
  write: ([x, y], goal) => goal.set([1, x, 1, y]),
  arena: table([discMark({ name: 'goal', color: 'red', radius: SUCCESS.value })]),
  show: (simulation, goal) => moveMark(simulation, 0, [goal[1], goal[3]]),
})
