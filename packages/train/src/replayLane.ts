import type { EnvSpec, StepResult } from '@maxent/core/contracts'
import { checkObservation } from './observation.ts'

/** What a replay must know of the transitions it holds. Every `EnvSpec` is one. */
export type ReplaySpec = Pick<EnvSpec, 'observation' | 'action'>

/** Where a replay stands: with the rows still held, all that decides its future. */
export interface ReplayPosition {
  /** Rows begun since the start, overwritten ones included. */
  readonly rowsBegun: number
  /** Whether an episode is under way, so that the newest row waits for its action. */
  readonly open: boolean
}

/** The rows of a replay that one environment fills. */
export interface ReplayLane {
  /** Rows that the lane holds. */
  readonly capacity: number
  /** Float32 numbers per row: observation groups in order, action, reward, record, kind. */
  readonly rowLength: number
  /** Whether an episode is under way. */
  readonly open: boolean
  /** Starts an episode with its first observation. An episode under way is left as one that was cut. */
  begin(observation: StepResult['observation']): void
  /**
   * Adds the transition from the newest observation by `action` to `result`. Time limits keep their bootstrap:
   * `discount` is 0 where `result.terminated` and 1 elsewhere.
   * @throws Error outside an episode, RangeError when the action, the observation or the record does not fit.
   */
  add(
    action: Float32Array,
    result: Pick<StepResult, 'observation' | 'reward' | 'terminated' | 'truncated'>,
    record?: Readonly<Record<string, Float32Array>>,
  ): void
  /** Where it stands: with the rows held, all that decides its future. */
  position(): ReplayPosition
  /** A copy of the rows from number `from` up to, not including, number `to`, counted since the start. @throws RangeError when they are not all held. */
  copyRows(from: number, to: number): Float32Array
  /** Takes the place of a lane that stands at `position` and whose rows, from number `from` on, are `rows`. */
  restore(
    position: ReplayPosition,
    parts: readonly { readonly from: number; readonly rows: Float32Array }[],
  ): void
}

/** A lane with what sampling must know of it. */
export interface FilledLane extends ReplayLane {
  /** Rows held. Those of a lane stand side by side. */
  readonly held: number
  /** Transitions held. */
  readonly size: number
  /** The place, within the lane, of the row that was begun `age` rows before the newest. */
  placeOfAge(age: number): number
  /** The episode that ended `back` episodes before the last; none where it is not held from its start to its end. */
  endedEpisode(back: number): Readonly<EndedEpisode> | undefined
}

/** An episode of a lane. */
interface EndedEpisode {
  /** The number of its first row, counted since the start. */
  from: number
  /** Sum of its rewards as they are stored, undiscounted. */
  return: number
  /** Steps. */
  length: number
}

/** The kind of a row, kept in its last number: the discount of its transition, or `LAST` where no transition starts. */
export const LAST = -1

/** Where the numbers of a transition stand in its row. */
export interface RowLayout {
  readonly spec: ReplaySpec
  /** Observation groups in order. */
  readonly groups: readonly { readonly name: string; readonly length: number }[]
  /** What is kept beside. */
  readonly records: readonly { readonly name: string; readonly length: number }[]
  readonly observationLength: number
  readonly actionLength: number
  readonly rewardAt: number
  readonly kindAt: number
  readonly rowLength: number
}

export function layoutOf(spec: ReplaySpec, record: Readonly<Record<string, number>>): RowLayout {
  const listed = (lengths: Readonly<Record<string, number>>): RowLayout['groups'] =>
    Object.entries(lengths).map(([name, length]) => ({ name, length }))
  const groups = listed(spec.observation)
  const records = listed(record)
  const observationLength = groups.reduce((sum, { length }) => sum + length, 0)
  const actionLength = spec.action.low.length
  const rewardAt = observationLength + actionLength
  const kindAt = rewardAt + 1 + records.reduce((sum, { length }) => sum + length, 0)
  return {
    spec,
    groups,
    records,
    observationLength,
    actionLength,
    rewardAt,
    kindAt,
    rowLength: kindAt + 1,
  }
}

export interface LaneOptions {
  /** The memory of the whole replay. */
  readonly data: Float32Array
  readonly layout: RowLayout
  /** The place of the lane's first row. */
  readonly first: number
  readonly capacity: number
}

/** A ring of rows in a part of a replay's memory. */
export function createLane({ data, layout, first, capacity }: LaneOptions): FilledLane {
  const { spec, groups, records, observationLength, actionLength, rewardAt, kindAt, rowLength } = layout
  let rowsBegun = 0
  let open = false
  let size = 0
  /** Ended episodes, oldest first; the first `gone` of them have lost their start, and leave many at a time. */
  let ended: Readonly<EndedEpisode>[] = []
  let gone = 0
  let episode: EndedEpisode = { from: 0, return: 0, length: 0 }
  const offsetOf = (row: number): number => (first + (row % capacity)) * rowLength
  const oldestRow = (): number => Math.max(0, rowsBegun - capacity)
  /** Whether the start is held, and the row before it, which tells that it is one. */
  const isWhole = ({ from }: Readonly<EndedEpisode>): boolean => from > oldestRow() || oldestRow() === 0
  /** Counts the episode under way as ended, and the row that comes next as the first of another. */
  const endEpisode = (next: number): void => {
    if (episode.length > 0) ended.push(episode)
    while (gone < ended.length && !isWhole(ended[gone])) gone++
    if (2 * gone > ended.length) {
      ended = ended.slice(gone)
      gone = 0
    }
    episode = { from: next, return: 0, length: 0 }
  }
  const beginRow = (observation: StepResult['observation']): void => {
    let at = offsetOf(rowsBegun)
    if (rowsBegun >= capacity && data[at + kindAt] !== LAST) size--
    for (const { name, length } of groups) {
      const values = observation[name]
      for (let i = 0; i < length; i++) data[at++] = values[i]
    }
    data[at - observationLength + kindAt] = LAST
    rowsBegun++
  }
  return {
    capacity,
    rowLength,
    get open() {
      return open
    },
    get held() {
      return Math.min(rowsBegun, capacity)
    },
    get size() {
      return size
    },

    placeOfAge: (age) => (rowsBegun - 1 - age) % capacity,

    endedEpisode(back) {
      const found = ended.at(-1 - back)
      return found !== undefined && isWhole(found) ? found : undefined
    },

    begin(observation) {
      checkObservation('replay.begin', spec.observation, observation)
      endEpisode(rowsBegun)
      beginRow(observation)
      open = true
    },

    add(action, result, kept = {}) {
      if (!open) throw new Error('replay.add: an episode must be under way, call begin first')
      checkObservation('replay.add', spec.observation, result.observation)
      if (action.length !== actionLength) {
        throw new RangeError(`replay.add: action must have length ${actionLength}, got ${action.length}`)
      }
      const at = offsetOf(rowsBegun - 1)
      for (let i = 0; i < actionLength; i++) data[at + observationLength + i] = action[i]
      data[at + rewardAt] = result.reward
      let to = at + rewardAt + 1
      for (const { name, length } of records) {
        checkLength('replay.add', `record.${name}`, { array: kept[name], length })
        for (let i = 0; i < length; i++) data[to++] = kept[name][i]
      }
      data[at + kindAt] = result.terminated ? 0 : 1
      size++
      episode.return += data[at + rewardAt]
      episode.length++
      beginRow(result.observation)
      open = !result.terminated && !result.truncated
      if (!open) endEpisode(rowsBegun)
    },

    position: () => ({ rowsBegun, open }),

    copyRows(from, to) {
      const oldest = oldestRow()
      if (from < oldest || to > rowsBegun || from > to) {
        throw new RangeError(`copyRows: rows must lie in [${oldest}, ${rowsBegun}), got [${from}, ${to})`)
      }
      const copy = new Float32Array((to - from) * rowLength)
      for (let row = from; row < to;) {
        const count = Math.min(to - row, capacity - (row % capacity))
        const start = offsetOf(row)
        copy.set(data.subarray(start, start + count * rowLength), (row - from) * rowLength)
        row += count
      }
      return copy
    },

    restore(position, parts) {
      const oldest = Math.max(0, position.rowsBegun - capacity)
      let known = oldest
      for (const { from, rows } of parts) {
        const count = rows.length / rowLength
        if (!Number.isInteger(count)) {
          throw new RangeError(
            `restore: rows must have a multiple of ${rowLength} numbers, got ${rows.length}`,
          )
        }
        if (from > known)
          throw new RangeError(`restore: rows must follow without a gap, got none of [${known}, ${from})`)
        for (let i = Math.max(0, oldest - from); i < count; i++) {
          data.set(rows.subarray(i * rowLength, (i + 1) * rowLength), offsetOf(from + i))
        }
        known = Math.max(known, from + count)
      }
      if (known !== position.rowsBegun) {
        throw new RangeError(`restore: rows must end at row ${position.rowsBegun}, got rows up to ${known}`)
      }
      rowsBegun = position.rowsBegun
      open = position.open
      size = 0
      ended = []
      gone = 0
      // Whether the oldest row is the first of an episode is known where no row was overwritten.
      episode = { from: oldest === 0 ? 0 : -1, return: 0, length: 0 }
      for (let row = oldest; row < rowsBegun; row++) {
        const at = offsetOf(row)
        if (data[at + kindAt] !== LAST) {
          size++
          episode.return += data[at + rewardAt]
          episode.length++
        } else if (row < rowsBegun - 1 || !open) endEpisode(row + 1)
      }
    },
  }
}

interface LengthCheck {
  readonly array: Float32Array | undefined
  readonly length: number
}

export function checkLength(caller: string, name: string, { array, length }: LengthCheck): void {
  if (array?.length === length) return
  throw new RangeError(
    `${caller}: ${name} must have length ${length}, got ${array === undefined ? 'none' : array.length}`,
  )
}
