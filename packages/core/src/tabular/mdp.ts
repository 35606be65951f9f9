/**
 * Finite Markov decision processes in float64: the ground truth that sampled estimators are tested against.
 *
 * Every table over states and actions is a flat array [S·A], the action fastest: entry (s, a) stands at s·A + a.
 */
import { checkInteger } from '../check.ts'

/** Every transition probability, p(s'|s,a) at (s·A + a)·S + s'. */
export interface DenseTransitions {
  /** Tells it from sparse transitions. */
  readonly kind: 'dense'
  /** [S·A·S] */
  readonly probability: Float64Array
}

/** Compressed rows: the successors of (s, a) stand at rowStart[s·A + a] up to rowStart[s·A + a + 1]. */
export interface SparseTransitions {
  /** Tells it from dense transitions. */
  readonly kind: 'sparse'
  /** [S·A + 1] */
  readonly rowStart: Int32Array
  /** [rowStart[S·A]] */
  readonly nextState: Int32Array
  /** [rowStart[S·A]] */
  readonly probability: Float64Array
}

/** P(s'|s, a), dense or sparse. */
export type Transitions = DenseTransitions | SparseTransitions

/** A process with S states and A actions, with the rewards of several tasks. */
export interface FiniteMdp {
  /** S, at least 1. */
  readonly states: number
  /** A, at least 1. */
  readonly actions: number
  /** P(s'|s, a). */
  readonly transitions: Transitions
  /** One table [S·A] per task. */
  readonly rewards: readonly Float64Array[]
  /** γ in [0, 1). */
  readonly gamma: number
  /** [S·A] in [0, 1]: 0 where the action ends the episode. 1 everywhere when absent. */
  readonly discount?: Float64Array
}

/** How far the sum of a row of probabilities may be from one. */
export const ROW_TOLERANCE = 1e-9

/**
 * Checks a decision process and gives it back.
 * @throws RangeError for rows that are no distribution, γ outside [0, 1), wrong lengths and non-finite rewards.
 */
export function finiteMdp(mdp: FiniteMdp): FiniteMdp {
  const { states, actions, rewards, gamma, discount } = mdp
  checkInteger({ caller: 'finiteMdp', name: 'states', value: states, min: 1 })
  checkInteger({ caller: 'finiteMdp', name: 'actions', value: actions, min: 1 })
  if (!(gamma >= 0 && gamma < 1)) throw new RangeError(`finiteMdp: gamma must be in [0, 1), got ${gamma}`)
  checkTables(mdp, { caller: 'finiteMdp', name: 'rewards', tables: rewards })
  if (discount !== undefined) {
    checkTable(mdp, { caller: 'finiteMdp', name: 'discount', table: discount })
    const bad = discount.findIndex((d) => d < 0 || d > 1)
    if (bad >= 0)
      throw new RangeError(`finiteMdp: discount must be in [0, 1], got ${discount[bad]} at entry ${bad}`)
  }
  checkTransitions(mdp)
  return mdp
}

interface NamedTable {
  readonly caller: string
  readonly name: string
  readonly table: Float64Array
}

/** @throws RangeError when the table is not a finite [S·A]. */
export function checkTable(mdp: FiniteMdp, { caller, name, table }: NamedTable): void {
  const size = mdp.states * mdp.actions
  if (table.length !== size) {
    throw new RangeError(
      `${caller}: ${name} must have length states x actions = ${size}, got ${table.length}`,
    )
  }
  const bad = table.findIndex((x) => !Number.isFinite(x))
  if (bad >= 0) throw new RangeError(`${caller}: ${name} must be finite, got ${table[bad]} at entry ${bad}`)
}

/** @throws RangeError when there are no tables, or one is not a finite [S·A]. */
export function checkTables(
  mdp: FiniteMdp,
  { caller, name, tables }: { caller: string; name: string; tables: readonly Float64Array[] },
): void {
  if (tables.length === 0) throw new RangeError(`${caller}: ${name} must hold at least one table, got none`)
  for (const [i, table] of tables.entries()) checkTable(mdp, { caller, name: `${name}[${i}]`, table })
}

function checkTransitions({ states, actions, transitions }: FiniteMdp): void {
  const rows = states * actions
  const { probability } = transitions
  if (transitions.kind === 'dense') {
    if (probability.length !== rows * states) {
      throw new RangeError(
        `finiteMdp: transitions.probability must have length states x actions x states = ${rows * states}, got ${probability.length}`,
      )
    }
  } else {
    const { rowStart, nextState } = transitions
    const ordered =
      rowStart.length === rows + 1 &&
      rowStart[0] === 0 &&
      rowStart.every((at, i) => i === 0 || at >= rowStart[i - 1])
    if (!ordered) {
      throw new RangeError(
        `finiteMdp: transitions.rowStart must rise from 0 over states x actions + 1 = ${rows + 1} entries, got ${rowStart.length} entries`,
      )
    }
    const entries = rowStart[rows]
    if (nextState.length !== entries || probability.length !== entries) {
      throw new RangeError(
        `finiteMdp: transitions must hold rowStart's last entry = ${entries} successors, got ${nextState.length} states and ${probability.length} probabilities`,
      )
    }
    const bad = nextState.findIndex((s) => s < 0 || s >= states)
    if (bad >= 0)
      throw new RangeError(
        `finiteMdp: transitions.nextState must be in [0, ${states}), got ${nextState[bad]} at entry ${bad}`,
      )
  }
  for (let row = 0; row < rows; row++) {
    const [start, end] = rowOf(transitions, row, states)
    let sum = 0
    let negative = false
    for (let i = start; i < end; i++) {
      sum += probability[i]
      negative ||= probability[i] < 0
    }
    if (negative || !(Math.abs(sum - 1) <= ROW_TOLERANCE)) {
      const state = Math.floor(row / actions)
      throw new RangeError(
        `finiteMdp: transitions must be distributions, got ${negative ? 'a negative probability' : `the sum ${sum}`} at state ${state}, action ${row - state * actions}`,
      )
    }
  }
}

function rowOf(transitions: Transitions, row: number, states: number): readonly [number, number] {
  return transitions.kind === 'dense'
    ? [row * states, (row + 1) * states]
    : [transitions.rowStart[row], transitions.rowStart[row + 1]]
}

/**
 * d(s,a)·E[value(s') | s, a] for every action of one state, into `out` [A], where d is the process's `discount`. γ is left out.
 */
export function expectNext(
  mdp: FiniteMdp,
  state: number,
  { value, out }: { value: Float64Array; out: Float64Array },
): void {
  const { states, actions, transitions, discount } = mdp
  const first = state * actions
  if (transitions.kind === 'dense') {
    const { probability } = transitions
    for (let a = 0, at = first * states; a < actions; a++) {
      let sum = 0
      for (let next = 0; next < states; next++, at++) sum += probability[at] * value[next]
      out[a] = sum
    }
  } else {
    const { rowStart, nextState, probability } = transitions
    let at = rowStart[first]
    for (let a = 0; a < actions; a++) {
      const end = rowStart[first + a + 1]
      let sum = 0
      for (; at < end; at++) sum += probability[at] * value[nextState[at]]
      out[a] = sum
    }
  }
  if (discount !== undefined) for (let a = 0; a < actions; a++) out[a] *= discount[first + a]
}

/**
 * `expectNext` for K values at once, so that every transition is read once for all of them: `values` is [S·K], the K values of a state
 * side by side; `out` is [A·K], likewise.
 */
export function expectNextOfAll(
  mdp: FiniteMdp,
  state: number,
  { values, count, out }: { values: Float64Array; count: number; out: Float64Array },
): void {
  const { states, actions, transitions, discount } = mdp
  const { probability } = transitions
  const nextState = transitions.kind === 'dense' ? undefined : transitions.nextState
  out.fill(0)
  for (let a = 0; a < actions; a++) {
    const row = state * actions + a
    const [start, end] = rowOf(transitions, row, states)
    const d = discount === undefined ? 1 : discount[row]
    const last = (a + 1) * count
    for (let at = start; at < end; at++) {
      const p = d * probability[at]
      if (p === 0) continue
      let from = count * (nextState === undefined ? at - start : nextState[at])
      for (let to = a * count; to < last; to++, from++) out[to] += p * values[from]
    }
  }
}

/** K tables [n] as one [n·K], as `expectNextOfAll` reads them. */
export function sideBySide(tables: readonly Float64Array[]): Float64Array {
  const count = tables.length
  if (count === 1) return tables[0]
  const all = new Float64Array(tables[0].length * count)
  for (const [k, table] of tables.entries())
    for (let at = 0; at < table.length; at++) all[at * count + k] = table[at]
  return all
}

/** Calls `visit` for every successor that an entry of the tables names, with d(s,a)·p(s'|s,a). */
export function eachSuccessor(
  mdp: FiniteMdp,
  row: number,
  visit: (next: number, probability: number) => void,
): void {
  const { states, transitions, discount } = mdp
  const [start, end] = rowOf(transitions, row, states)
  const d = discount === undefined ? 1 : discount[row]
  for (let i = start; i < end; i++) {
    if (transitions.probability[i] === 0) continue
    visit(transitions.kind === 'dense' ? i - start : transitions.nextState[i], d * transitions.probability[i])
  }
}

/** The most successors that any state and action has, those of probability zero left out where the table is dense. */
export function widestRow({ states, actions, transitions }: FiniteMdp): number {
  let widest = 0
  for (let row = 0; row < states * actions; row++) {
    const [start, end] = rowOf(transitions, row, states)
    let count = end - start
    if (transitions.kind === 'dense')
      for (let i = start; i < end; i++) if (transitions.probability[i] === 0) count--
    widest = Math.max(widest, count)
  }
  return widest
}

/**
 * The factor by which a backup contracts: γ·max d(s,a), times the most that a row of probabilities may sum to. At least 1, which
 * proves nothing, where γ is nearer to 1 than the rows are to distributions.
 */
export function contraction({ gamma, discount }: FiniteMdp): number {
  const most = discount === undefined ? 1 : discount.reduce((a, d) => Math.max(a, d), 0)
  return gamma * most * (1 + ROW_TOLERANCE)
}

/** r = Σᵢ wᵢ·rᵢ over the tasks of a process, any w. */
export function weightedReward(mdp: FiniteMdp, weights: readonly number[]): Float64Array {
  if (weights.length !== mdp.rewards.length) {
    throw new RangeError(
      `weightedReward: weights must have one entry per task = ${mdp.rewards.length}, got ${weights.length}`,
    )
  }
  return mixTables(mdp.rewards, weights)
}

/** Σᵢ wᵢ·tableᵢ, entry by entry; as many weights as tables. */
export function mixTables(tables: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const mixed = new Float64Array(tables[0].length)
  for (const [i, table] of tables.entries())
    for (let at = 0; at < mixed.length; at++) mixed[at] += weights[i] * table[at]
  return mixed
}
