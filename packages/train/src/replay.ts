import type { EnvSpec, ObservationSpec, StepResult } from '@maxent/core/contracts'
import { fillIntegers, foldIn, type Key } from '@maxent/core/keys'
import { checkObservation } from './observation.ts'

/** What a replay must know of the transitions it holds. Every `EnvSpec` is one. */
export type ReplaySpec = Pick<EnvSpec, 'observation' | 'action'>

export interface ReplayOptions {
  readonly spec: ReplaySpec
  /** Rows held, at least 2. A transition takes one row, and every finished episode one more for its last observation. */
  readonly capacity: number
  /** Writes all memory at once, so that resident size does not grow while the replay fills. `false` when absent. */
  readonly pretouch?: boolean
  /** Names and lengths of what is kept beside each transition; nothing when absent. */
  readonly record?: Readonly<Record<string, number>>
}

/** The arrays that a batch of B stretches of T steps is written to, time first: [T, B, ...] in rows. */
export type StepsArrays = BatchArrays & {
  /** 1 where the next row is the next step of the stretch. */
  readonly continues: Float32Array
  /** 1 for a step, 0 for a row after the end of its stretch, where all numbers are 0. */
  readonly valid: Float32Array
  readonly record: Readonly<Record<string, Float32Array>>
}

/** The arrays that a batch of B transitions is written to, each of length B times the row's length. */
export type BatchArrays = {
  readonly observation: Readonly<Record<string, Float32Array>>
  readonly action: Float32Array
  readonly reward: Float32Array
  readonly discount: Float32Array
  readonly nextObservation: Readonly<Record<string, Float32Array>>
}

/** Where a replay stands: with the rows still held, all that decides its future. */
export interface ReplayPosition {
  /** Rows begun since the start, overwritten ones included. */
  readonly rowsBegun: number
  /** Whether an episode is under way, so that the newest row waits for its action. */
  readonly open: boolean
}

/** A uniform replay buffer. */
export interface Replay {
  readonly spec: ReplaySpec
  readonly capacity: number
  /** Float32 numbers per row: observation groups in order, action, reward, record, kind. */
  readonly rowLength: number
  /** Bytes of storage. */
  readonly bytes: number
  /** Transitions that can be sampled. */
  readonly size: number
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
  /**
   * Fills `batch` with transitions drawn uniformly with replacement; B is the length of `batch.reward`. What is drawn depends on the
   * key and the replay's content alone.
   * @throws RangeError when the replay is empty or an array has the wrong length.
   */
  sample(key: Key, batch: BatchArrays): void
  /**
   * Fills `batch` with stretches of successive steps whose starts are drawn as those of {@link Replay.sample} are; T is `length`, and B the
   * length of `batch.reward` over T. A stretch ends with its episode, or with what is held of it.
   * @throws RangeError when the replay is empty or an array has the wrong length.
   */
  sampleSteps(key: Key, batch: StepsArrays, length: number): void
  position(): ReplayPosition
  /** A copy of the rows from number `from` up to, not including, number `to`, counted since the start. @throws RangeError when they are not all held. */
  copyRows(from: number, to: number): Float32Array
  /** Takes the place of a replay that stands at `position` and whose rows, from number `from` on, are `rows`. */
  restore(
    position: ReplayPosition,
    parts: readonly { readonly from: number; readonly rows: Float32Array }[],
  ): void
}

/** The kind of a row, kept in its last number: the discount of its transition, or `LAST` where no transition starts. */
const LAST = -1

/**
 * A uniform replay buffer in one plain Float32Array. Every observation is stored once: a transition's next observation is the next
 * row's observation, and the last observation of an episode has a row of its own from which no transition starts.
 *
 * Rows form a ring. Only the newest row's successor is ever stale, and the newest row is never the start of a transition, so
 * overwriting the oldest row needs no care.
 */
export function createReplay({ spec, capacity, pretouch = false, record = {} }: ReplayOptions): Replay {
  if (!Number.isInteger(capacity) || capacity < 2) {
    throw new RangeError(`createReplay: capacity must be an integer of at least 2, got ${capacity}`)
  }
  const groups = Object.entries(spec.observation).map(([name, length]) => ({ name, length }))
  const observationLength = groups.reduce((sum, group) => sum + group.length, 0)
  const actionLength = spec.action.low.length
  const rewardAt = observationLength + actionLength
  const records = Object.entries(record).map(([name, length]) => ({ name, length }))
  const kindAt = rewardAt + 1 + records.reduce((sum, { length }) => sum + length, 0)
  const rowLength = kindAt + 1
  const data = new Float32Array(capacity * rowLength)
  if (pretouch) data.fill(0)

  let rowsBegun = 0
  let open = false
  let size = 0
  let indices = new Int32Array(0)
  const redraw = new Int32Array(1)

  const beginRow = (observation: StepResult['observation']): void => {
    let at = (rowsBegun % capacity) * rowLength
    if (rowsBegun >= capacity && data[at + kindAt] !== LAST) size--
    for (const { name, length } of groups) {
      const values = observation[name]
      for (let i = 0; i < length; i++) data[at++] = values[i]
    }
    data[at - observationLength + kindAt] = LAST
    rowsBegun++
  }

  /** Writes the transition from a row to place `b` of a batch, or zeros. */
  const writeStep = (batch: StepsArrays, b: number, row: number | undefined): void => {
    const at = (row ?? 0) * rowLength
    const next = (((row ?? 0) + 1) % capacity) * rowLength
    const copy = (to: Float32Array, from: number): void => {
      const length = to.length / batch.reward.length
      for (let i = 0; i < length; i++) to[b * length + i] = row === undefined ? 0 : data[from + i]
    }
    let offset = 0
    for (const { name, length } of groups) {
      copy(batch.observation[name], at + offset)
      copy(batch.nextObservation[name], next + offset)
      offset += length
    }
    copy(batch.action, at + observationLength)
    copy(batch.reward, at + rewardAt)
    offset = rewardAt + 1
    for (const { name, length } of records) {
      copy(batch.record[name], at + offset)
      offset += length
    }
    copy(batch.discount, at + kindAt)
    batch.valid[b] = row === undefined ? 0 : 1
  }

  const drawStart = (key: Key, slot: number): number => {
    const held = Math.min(rowsBegun, capacity)
    const slotKey = foldIn(key, slot)
    for (let attempt = 0; ; attempt++) {
      fillIntegers(foldIn(slotKey, attempt), redraw, held)
      if (data[redraw[0] * rowLength + kindAt] !== LAST) return redraw[0]
    }
  }

  return {
    spec,
    capacity,
    rowLength,
    bytes: data.byteLength,
    get size() {
      return size
    },
    get open() {
      return open
    },

    begin(observation) {
      checkObservation('replay.begin', spec.observation, observation)
      beginRow(observation)
      open = true
    },

    add(action, result, kept = {}) {
      if (!open) throw new Error('replay.add: an episode must be under way, call begin first')
      checkObservation('replay.add', spec.observation, result.observation)
      if (action.length !== actionLength) {
        throw new RangeError(`replay.add: action must have length ${actionLength}, got ${action.length}`)
      }
      const at = ((rowsBegun - 1) % capacity) * rowLength
      for (let i = 0; i < actionLength; i++) data[at + observationLength + i] = action[i]
      data[at + rewardAt] = result.reward
      let to = at + rewardAt + 1
      for (const { name, length } of records) {
        checkLength('replay.add', `record.${name}`, { array: kept[name], length })
        for (let i = 0; i < length; i++) data[to++] = kept[name][i]
      }
      data[at + kindAt] = result.terminated ? 0 : 1
      size++
      beginRow(result.observation)
      open = !result.terminated && !result.truncated
    },

    sample(key, batch) {
      if (size === 0)
        throw new RangeError('replay.sample: replay must hold at least one transition, got none')
      const { reward, discount, action } = batch
      const rows = reward.length
      checkBatch(spec, batch)
      if (indices.length !== rows) indices = new Int32Array(rows)
      fillIntegers(key, indices, Math.min(rowsBegun, capacity))
      for (let b = 0; b < rows; b++) {
        let row = indices[b]
        if (data[row * rowLength + kindAt] === LAST) {
          row = drawStart(key, b)
          indices[b] = row
        }
        const at = row * rowLength
        const from = at + observationLength
        const to = b * actionLength
        for (let i = 0; i < actionLength; i++) action[to + i] = data[from + i]
        reward[b] = data[at + rewardAt]
        discount[b] = data[at + kindAt]
      }
      let offset = 0
      for (const { name, length } of groups) {
        const observation = batch.observation[name]
        const nextObservation = batch.nextObservation[name]
        for (let b = 0; b < rows; b++) {
          const row = indices[b]
          const at = row * rowLength + offset
          const next = (row + 1 === capacity ? 0 : row + 1) * rowLength + offset
          const to = b * length
          for (let i = 0; i < length; i++) {
            observation[to + i] = data[at + i]
            nextObservation[to + i] = data[next + i]
          }
        }
        offset += length
      }
    },

    sampleSteps(key, batch, length) {
      if (size === 0)
        throw new RangeError('replay.sampleSteps: replay must hold at least one transition, got none')
      const stretches = batch.reward.length / length
      checkSteps(spec, record, batch)
      if (indices.length !== stretches) indices = new Int32Array(stretches)
      fillIntegers(key, indices, Math.min(rowsBegun, capacity))
      for (let b = 0; b < stretches; b++) {
        if (data[indices[b] * rowLength + kindAt] === LAST) indices[b] = drawStart(key, b)
        for (let t = 0; t < length; t++) {
          const row = (indices[b] + t) % capacity
          // Rows before the first last one are one episode's.
          const valid = t === 0 || batch.continues[(t - 1) * stretches + b] === 1 ? row : undefined
          writeStep(batch, t * stretches + b, valid)
          const next = ((row + 1) % capacity) * rowLength
          batch.continues[t * stretches + b] =
            valid !== undefined && t + 1 < length && data[next + kindAt] !== LAST ? 1 : 0
        }
      }
    },

    position: () => ({ rowsBegun, open }),

    copyRows(from, to) {
      const oldest = Math.max(0, rowsBegun - capacity)
      if (from < oldest || to > rowsBegun || from > to) {
        throw new RangeError(`copyRows: rows must lie in [${oldest}, ${rowsBegun}), got [${from}, ${to})`)
      }
      const copy = new Float32Array((to - from) * rowLength)
      for (let row = from; row < to;) {
        const start = row % capacity
        const count = Math.min(to - row, capacity - start)
        copy.set(data.subarray(start * rowLength, (start + count) * rowLength), (row - from) * rowLength)
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
          data.set(rows.subarray(i * rowLength, (i + 1) * rowLength), ((from + i) % capacity) * rowLength)
        }
        known = Math.max(known, from + count)
      }
      if (known !== position.rowsBegun) {
        throw new RangeError(`restore: rows must end at row ${position.rowsBegun}, got rows up to ${known}`)
      }
      rowsBegun = position.rowsBegun
      open = position.open
      size = 0
      for (let row = oldest; row < rowsBegun; row++) {
        if (data[(row % capacity) * rowLength + kindAt] !== LAST) size++
      }
    },
  }
}

/** Arrays for a batch of `rows` transitions. */
export function createBatch(spec: ReplaySpec, rows: number): BatchArrays {
  if (!Number.isInteger(rows) || rows < 1) {
    throw new RangeError(`createBatch: rows must be a positive integer, got ${rows}`)
  }
  const group = (observation: ObservationSpec): Record<string, Float32Array> =>
    Object.fromEntries(
      Object.entries(observation).map(([name, length]) => [name, new Float32Array(rows * length)]),
    )
  return {
    observation: group(spec.observation),
    action: new Float32Array(rows * spec.action.low.length),
    reward: new Float32Array(rows),
    discount: new Float32Array(rows),
    nextObservation: group(spec.observation),
  }
}

function checkBatch(spec: ReplaySpec, batch: BatchArrays, caller = 'replay.sample'): void {
  const rows = batch.reward.length
  const check = (name: string, array: Float32Array | undefined, length: number): void =>
    checkLength(caller, `batch.${name}`, { array, length })
  check('discount', batch.discount, rows)
  check('action', batch.action, rows * spec.action.low.length)
  for (const name in spec.observation) {
    check(`observation.${name}`, batch.observation[name], rows * spec.observation[name])
    check(`nextObservation.${name}`, batch.nextObservation[name], rows * spec.observation[name])
  }
}

function checkSteps(spec: ReplaySpec, record: Readonly<Record<string, number>>, batch: StepsArrays): void {
  const caller = 'replay.sampleSteps'
  checkBatch(spec, batch, caller)
  const rows = batch.reward.length
  checkLength(caller, 'batch.continues', { array: batch.continues, length: rows })
  checkLength(caller, 'batch.valid', { array: batch.valid, length: rows })
  for (const name in record) {
    checkLength(caller, `batch.record.${name}`, {
      array: batch.record[name],
      length: rows * record[name],
    })
  }
}

interface LengthCheck {
  readonly array: Float32Array | undefined
  readonly length: number
}

function checkLength(caller: string, name: string, { array, length }: LengthCheck): void {
  if (array?.length === length) return
  throw new RangeError(
    `${caller}: ${name} must have length ${length}, got ${array === undefined ? 'none' : array.length}`,
  )
}
