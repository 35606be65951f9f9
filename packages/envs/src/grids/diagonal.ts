import { foldIn, integers } from '@maxent/core/keys'
import type { FiniteMdp } from '@maxent/core/tabular'
import type { Chosen } from '../chosen.ts'
import { chosen } from '../chosen.ts'
import type { Dynamics } from '../episodes.ts'
import { part } from '../episodes.ts'
import type { TaskSplit } from '../mujoco/model.ts'
import { FAINT, GOAL } from '../render/colors.ts'
import type { GridCell } from '../render/grid.ts'
import { drawGrid } from '../render/grid.ts'
import type { Move } from './tabulate.ts'
import { tabulate } from './tabulate.ts'

/** source: Hunt et al. 2018, figure 1. */
const SIDE = 8
const ACTIONS = 4
const CELLS = SIDE * SIDE
/** The rewards, in the order of the tables and of the weights. */
export const DIAGONAL_FEATURES = ['left', 'right', 'up'] as const

/** Weights of the base tasks left, right and up, and of the composed ones: left and right, left and up; source: the same. */
export const diagonalTasks: TaskSplit = {
  train: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  test: [
    [0.5, 0.5, 0],
    [0.5, 0, 0.5],
  ],
}

export const DIAGONAL_STEPS: Chosen<number> = chosen(
  'steps of an episode',
  100,
  'the paper has no end; enough to reach every side several times',
)
export const diagonalChosen: readonly Chosen[] = [
  DIAGONAL_STEPS,
  chosen('reward of arriving in a column or row of its side', 1, 'the figure has colours only'),
  chosen('start', 'anywhere', 'the paper does not tell; every cell is then visited'),
  chosen('move', 'the signs of the two numbers of an action', 'the four diagonals of a box of actions'),
]

/** The moves in the order of {@link diagonalWorld}, as actions of the environment: right is the first bit, up the second. */
export const DIAGONAL_MOVES: readonly (readonly number[])[] = [
  [-1, -1],
  [1, -1],
  [-1, 1],
  [1, 1],
]

/** Column of a cell, from the left, and row, from below. */
const column = (cell: number): number => cell % SIDE
const row = (cell: number): number => Math.floor(cell / SIDE)

/**
 * A move from a cell, which is its row times 8 plus its column. The action is a pair of bits: 1 for right, 2 for up. A move that would
 * leave the world leads nowhere. Each task pays 1 for arriving at its side.
 */
function moveDiagonally(cell: number, action: number): Move {
  const x = column(cell) + ((action & 1) === 0 ? -1 : 1)
  const y = row(cell) + ((action & 2) === 0 ? -1 : 1)
  const inside = x >= 0 && x < SIDE && y >= 0 && y < SIDE
  const next = inside ? y * SIDE + x : cell
  const edges = [column(next) === 0, column(next) === SIDE - 1, row(next) === SIDE - 1]
  return { next, rewards: edges.map(Number), terminated: false }
}

const MOVES = Array.from({ length: CELLS * ACTIONS }, (_, entry) =>
  moveDiagonally(Math.floor(entry / ACTIONS), entry % ACTIONS),
)

/** Hunt et al. 2018, figure 1, as tables: 64 cells, four diagonal moves, the rewards left, right and up. */
export function diagonalWorld({ gamma }: { readonly gamma: number }): FiniteMdp {
  return tabulate({
    states: CELLS,
    actions: ACTIONS,
    gamma,
    move: (cell, action) => MOVES[cell * ACTIONS + action],
  })
}

/** The cells that pay, by whether they lie at a side. */
const SIDES = Array.from({ length: CELLS }, (_, cell): GridCell | undefined =>
  column(cell) === 0 || column(cell) === SIDE - 1 || row(cell) === SIDE - 1
    ? { at: [column(cell), row(cell)], color: row(cell) === SIDE - 1 ? GOAL : FAINT }
    : undefined,
).filter((cell) => cell !== undefined)

/** Hunt's world as an environment: the signs of the two numbers of an action are the move. Starts anywhere, never terminates. */
export function diagonalDynamics(): Dynamics {
  const proprio = new Float32Array(2)
  const task = Float32Array.of(1, 0, 0)
  const features = new Float32Array(DIAGONAL_FEATURES.length)
  const outcome = { reward: 0, terminated: false, info: {} }
  const weights = Float64Array.from(task)
  let cell = 0
  const observe = (): void => {
    proprio[0] = column(cell)
    proprio[1] = row(cell)
    task.set(weights)
  }
  return {
    observation: { proprio, task },
    outcome,
    paint: (options) => drawGrid({ side: SIDE, cells: SIDES, agent: [column(cell), row(cell)] }, options),
    features,
    setTask: (wanted) => {
      if (
        !Array.isArray(wanted) ||
        wanted.length !== weights.length ||
        !wanted.every((weight) => Number.isFinite(weight))
      ) {
        throw new RangeError(
          `reset: task must be finite weights of ${DIAGONAL_FEATURES.join(', ')}, got ${JSON.stringify(wanted)}`,
        )
      }
      weights.set(wanted as number[])
    },
    start: (key) => {
      cell = integers(foldIn(key, 'start'), 1, CELLS)[0]
      observe()
    },
    advance: (action) => {
      const { next, rewards } = MOVES[cell * ACTIONS + (action[0] < 0 ? 0 : 1) + (action[1] < 0 ? 0 : 2)]
      cell = next
      outcome.reward = 0
      for (let i = 0; i < features.length; i++) {
        features[i] = rewards[i]
        outcome.reward += weights[i] * rewards[i]
      }
      observe()
      return true
    },
    save: () => ({ state: Float64Array.of(cell), task: weights.slice() }),
    load: (snapshot) => {
      const [saved] = part(snapshot, 'state', 1)
      weights.set(part(snapshot, 'task', weights.length))
      cell = saved
      observe()
    },
    close: () => undefined,
  }
}
