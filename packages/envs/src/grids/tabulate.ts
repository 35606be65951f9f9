import type { FiniteMdp } from '@maxent/core/tabular'

/** What a move leads to. */
export interface Move {
  readonly next: number
  /** One per task. */
  readonly rewards: readonly number[]
  readonly terminated: boolean
}

/** A world in which every move leads to one cell. */
interface World {
  readonly states: number
  readonly actions: number
  /** γ in [0, 1). */
  readonly gamma: number
  move(state: number, action: number): Move
}

/** The tables of a deterministic world, for the exact solvers. */
export function tabulate({ states, actions, gamma, move }: World): FiniteMdp {
  const size = states * actions
  const moves = Array.from({ length: size }, (_, i) => move(Math.floor(i / actions), i % actions))
  return {
    states,
    actions,
    gamma,
    transitions: {
      kind: 'sparse',
      rowStart: Int32Array.from({ length: size + 1 }, (_, i) => i),
      nextState: Int32Array.from(moves, ({ next }) => next),
      probability: new Float64Array(size).fill(1),
    },
    rewards: moves[0].rewards.map((_, task) => Float64Array.from(moves, ({ rewards }) => rewards[task])),
    discount: Float64Array.from(moves, ({ terminated }) => (terminated ? 0 : 1)),
  }
}
