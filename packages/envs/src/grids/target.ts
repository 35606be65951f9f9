import { foldIn, integers } from '@maxent/core/keys'
import type { FiniteMdp } from '@maxent/core/tabular'
import type { Chosen } from '../chosen.ts'
import { chosen } from '../chosen.ts'
import type { Dynamics } from '../episodes.ts'
import { part } from '../episodes.ts'
import { GOAL } from '../render/colors.ts'
import { drawGrid } from '../render/grid.ts'
import { tabulate } from './tabulate.ts'

/** source: Tirumala et al. 2019, appendix E.1. */
const SIDE = 8
const CELLS = SIDE * SIDE
const STEP_COST = 0.1
const WALL_COST = 0.2
const GOAL_REWARD = 1
export const TARGET_STEPS = 400

export const targetChosen: readonly Chosen[] = [
  chosen('rewards of one step', 'added up', 'the paper lists them without saying how they combine'),
  chosen('start', 'agent and goal on different cells', 'an episode has at least one step'),
  chosen('move', 'along the larger of the two numbers of an action', 'the four moves of a box of actions'),
  chosen('inner coordinate at a wall', 'returns to 0', 'a push against a wall is a push that is used up'),
]

/** Right, left, up, down: the axis and the sign of each action. */
const DIRECTIONS = [
  [0, 1],
  [0, -1],
  [1, 1],
  [1, -1],
] as const

/** The same as actions of the environment. */
export const TARGET_MOVES: readonly (readonly number[])[] = DIRECTIONS.map(([axis, sign]) =>
  axis === 0 ? [sign, 0] : [0, sign],
)

/** Where the agent is, and how far it has wound itself up along each axis. Changed in place. */
interface Agent {
  readonly cell: Float64Array
  readonly inner: Float64Array
}

/**
 * One action of a body that needs n actions for a step. Along the axis of the action the inner coordinate moves by one; where it would
 * leave [−n + 1, n − 1] it returns to 0 and the agent moves by a cell, or hits the wall. Gives whether it hit the wall.
 */
function push({ cell, inner }: Agent, n: number, action: number): boolean {
  const [axis, sign] = DIRECTIONS[action]
  inner[axis] += sign
  if (Math.abs(inner[axis]) < n) return false
  inner[axis] = 0
  const moved = cell[axis] + sign
  const blocked = moved < 0 || moved >= SIDE
  if (!blocked) cell[axis] = moved
  return blocked
}

const isAt = (cell: Float64Array, goal: ArrayLike<number>): boolean =>
  cell[0] === goal[0] && cell[1] === goal[1]

const rewardOf = (hit: boolean, reached: boolean): number =>
  (reached ? GOAL_REWARD : 0) - STEP_COST - (hit ? WALL_COST : 0)

/** A goal, and the body that goes there. */
interface TargetWorld {
  /** Actions per step of the body; a positive integer. */
  readonly stepSize: number
  /** Column and row, 0 to 7. */
  readonly goal: readonly [number, number]
  /** γ in [0, 1). */
  readonly gamma: number
}

/**
 * The tables of the world with one goal. With m = 2n − 1, the state of cell (x, y) and inner coordinates (u, v) is
 * ((y · 8 + x) · m + v + n − 1) · m + u + n − 1; the actions are right, left, up, down. Reaching the goal ends the episode.
 *
 * @throws RangeError for a step size that is no positive integer and a goal outside of the grid.
 */
export function targetWorld({ stepSize, goal, gamma }: TargetWorld): FiniteMdp {
  if (!Number.isSafeInteger(stepSize) || stepSize < 1) {
    throw new RangeError(`targetWorld: stepSize must be a positive integer, got ${stepSize}`)
  }
  if (!goal.every((g) => Number.isInteger(g) && g >= 0 && g < SIDE)) {
    throw new RangeError(`targetWorld: goal must be a cell of 0 to ${SIDE - 1}, got [${goal.join(', ')}]`)
  }
  const width = 2 * stepSize - 1
  const agent: Agent = { cell: new Float64Array(2), inner: new Float64Array(2) }
  return tabulate({
    states: CELLS * width ** 2,
    actions: DIRECTIONS.length,
    gamma,
    move: (state, action) => {
      const place = Math.floor(state / width ** 2)
      const { cell, inner } = agent
      cell[0] = place % SIDE
      cell[1] = Math.floor(place / SIDE)
      inner[0] = (state % width) - stepSize + 1
      inner[1] = (Math.floor(state / width) % width) - stepSize + 1
      const hit = push(agent, stepSize, action)
      const reached = isAt(cell, goal)
      const next =
        ((cell[1] * SIDE + cell[0]) * width + inner[1] + stepSize - 1) * width + inner[0] + stepSize - 1
      return { next, rewards: [rewardOf(hit, reached)], terminated: reached }
    },
  })
}

/**
 * The world as an environment. An action moves along the larger of its two numbers:
 *
 *   r = −0.1 − 0.2 · [wall] + [goal]
 *
 * Agent and goal start on different cells. The group `proprio` has the inner coordinates, `task` the columns and rows of agent and goal.
 */
export function targetDynamics(stepSize: number): Dynamics {
  const proprio = new Float32Array(2)
  const task = new Float32Array(4)
  const agent: Agent = { cell: new Float64Array(2), inner: new Float64Array(2) }
  const goal = new Float64Array(2)
  const info = { wall: 0 }
  const outcome = { reward: 0, terminated: false, info }
  const observe = (): void => {
    proprio.set(agent.inner)
    task.set(agent.cell)
    task.set(goal, 2)
  }
  const place = (cell: Float64Array, number: number): void => {
    cell[0] = number % SIDE
    cell[1] = Math.floor(number / SIDE)
  }
  return {
    observation: { proprio, task },
    outcome,
    paint: (options) =>
      drawGrid(
        {
          side: SIDE,
          cells: [{ at: [goal[0], goal[1]], color: GOAL }],
          agent: [
            agent.cell[0] + agent.inner[0] / (2 * stepSize),
            agent.cell[1] + agent.inner[1] / (2 * stepSize),
          ],
        },
        options,
      ),
    start: (key) => {
      const from = integers(foldIn(key, 'start'), 1, CELLS)[0]
      // One of the other cells.
      const to = (from + 1 + integers(foldIn(key, 'goal'), 1, CELLS - 1)[0]) % CELLS
      place(agent.cell, from)
      place(goal, to)
      agent.inner.fill(0)
      info.wall = 0
      observe()
    },
    advance: (action) => {
      const axis = Math.abs(action[0]) >= Math.abs(action[1]) ? 0 : 1
      const hit = push(agent, stepSize, 2 * axis + (action[axis] < 0 ? 1 : 0))
      info.wall = hit ? 1 : 0
      outcome.terminated = isAt(agent.cell, goal)
      outcome.reward = rewardOf(hit, outcome.terminated)
      observe()
      return true
    },
    save: () => ({ state: Float64Array.of(...agent.cell, ...agent.inner, ...goal) }),
    load: (snapshot) => {
      const state = part(snapshot, 'state', 6)
      agent.cell.set(state.subarray(0, 2))
      agent.inner.set(state.subarray(2, 4))
      goal.set(state.subarray(4, 6))
      observe()
    },
    close: () => undefined,
  }
}
