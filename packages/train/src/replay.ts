import type { ObservationSpec } from '@maxent/core/contracts'
import { fillGeometric, fillIntegers, foldIn, type Key } from '@maxent/core/keys'
import { checkLength, createLane, LAST, layoutOf, type ReplayLane, type ReplaySpec } from './replayLane.ts'

/** What {@link createReplay} makes a buffer of. */
export interface ReplayOptions {
  /** What a row holds. */
  readonly spec: ReplaySpec
  /**
   * Rows held, all lanes together, at least 2 in each. A transition takes one row, and every finished episode one more for its last
   * observation.
   */
  readonly capacity: number
  /** Environments that fill it side by side; 1 when absent. */
  readonly lanes?: number
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
  /** The last N episodes that ended and are held from start to end, newest first; 0 where there have been fewer. */
  readonly episodes?: { readonly returns: Float32Array; readonly lengths: Float32Array }
}

/** How {@link Replay.sampleSteps} draws. */
export interface StepsSampling {
  /** T, the most steps of a stretch. */
  readonly length: number
  /**
   * β, in [0, 1]: a start n rows older than another of its lane is drawn exp(−βn) times as often, and a lane as often as it has rows. 0, which
   * is uniform, when absent.
   */
  readonly recency?: number
}

/** The arrays that a batch of B transitions is written to, each of length B times the row's length. */
export type BatchArrays = {
  readonly observation: Readonly<Record<string, Float32Array>>
  readonly action: Float32Array
  readonly reward: Float32Array
  readonly discount: Float32Array
  readonly nextObservation: Readonly<Record<string, Float32Array>>
}

/** A uniform replay buffer. It is its own first lane, and the only one unless it was made for several. */
export interface Replay extends ReplayLane {
  /** What a row holds. */
  readonly spec: ReplaySpec
  /** One per environment, each with the same share of the rows. */
  readonly lanes: readonly ReplayLane[]
  /** Bytes of storage. */
  readonly bytes: number
  /** Transitions that can be sampled. */
  readonly size: number
  /**
   * Fills `batch` with transitions drawn uniformly with replacement; B is the length of `batch.reward`. What is drawn depends on the
   * key and the replay's content alone.
   * @throws RangeError when the replay is empty or an array has the wrong length.
   */
  sample(key: Key, batch: BatchArrays): void
  /**
   * Fills `batch` with stretches of successive steps whose starts are drawn as those of {@link Replay.sample} are, or with a preference for
   * recent ones; T is `length`, and B the length of `batch.reward` over T. A stretch ends with its episode, or with what is held of it. Of
   * several lanes the episodes of the batch come in turns.
   * @throws RangeError when the replay is empty, an array has the wrong length, `length` does not divide the rows of the batch or `recency` is outside.
   */
  sampleSteps(key: Key, batch: StepsArrays, sampling: StepsSampling): void
}

/**
 * A uniform replay buffer in one plain Float32Array. Every observation is stored once: a transition's next observation is the next
 * row's observation, and the last observation of an episode has a row of its own from which no transition starts.
 *
 * Rows form a ring, one per lane. Only the newest row's successor is ever stale, and the newest row is never the start of a transition, so
 * overwriting the oldest row needs no care.
 * @throws RangeError when a lane would hold less than two rows, or one of several less than three.
 */
export function createReplay(options: ReplayOptions): Replay {
  const { spec, capacity: rows, lanes: laneCount = 1, pretouch = false, record = {} } = options
  checkCapacity(rows, laneCount)
  const capacity = Math.floor(rows / laneCount)
  const layout = layoutOf(spec, record)
  const { groups, records, observationLength, actionLength, rewardAt, kindAt, rowLength } = layout
  const data = allocate(laneCount * capacity, rowLength)
  if (pretouch) data.fill(0)

  let indices = new Int32Array(0)
  const redraw = new Int32Array(1)

  const lanes = Array.from({ length: laneCount }, (_, i) =>
    createLane({ data, layout, first: i * capacity, capacity }),
  )
  const [first] = lanes
  const countHeld = (): number => lanes.reduce((sum, lane) => sum + lane.held, 0)
  const countSize = (): number => lanes.reduce((sum, lane) => sum + lane.size, 0)
  /** The place of a row, counted over the rows that are held. */
  const placeOf = (index: number): number => {
    let left = index
    for (let i = 0; ; i++) {
      const { held } = lanes[i]
      if (left < held) return i * capacity + left
      left -= held
    }
  }
  /** The place of the row that follows in the lane. */
  const after = (row: number): number => ((row + 1) % capacity === 0 ? row + 1 - capacity : row + 1)

  /** Writes the transition from a row to place `b` of a batch, or zeros. */
  const writeStep = (batch: StepsArrays, b: number, row: number | undefined): void => {
    const at = (row ?? 0) * rowLength
    const next = after(row ?? 0) * rowLength
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

  /** Draws rows: all alike, or the older in their lane the rarer. */
  const drawRows = (key: Key, rows: Int32Array, recency = 0): void => {
    fillIntegers(key, rows, countHeld())
    for (let b = 0; b < rows.length; b++) rows[b] = placeOf(rows[b])
    if (recency === 0) return
    // No transition starts at the newest row.
    const most = Math.max(...lanes.map(({ held }) => held))
    const ages = new Int32Array(rows.length)
    fillGeometric(foldIn(key, 'ages'), ages, { high: most - 1, rate: recency })
    for (let b = 0; b < rows.length; b++) {
      const i = Math.floor(rows[b] / capacity)
      // A lane that holds fewer rows has none of that age: its newest stands for it, which is drawn again.
      const age = ages[b] + 1 < lanes[i].held ? ages[b] + 1 : 0
      rows[b] = i * capacity + lanes[i].placeOfAge(age)
    }
  }

  const isStart = (row: number): boolean => data[row * rowLength + kindAt] !== LAST

  /** The start that is drawn for a slot in place of a row that is none. */
  const drawStart = (key: Key, slot: number, recency?: number): number => {
    const slotKey = foldIn(key, slot)
    for (let attempt = 0; ; attempt++) {
      // The newest rows alone may hold no start: then any row does.
      drawRows(foldIn(slotKey, attempt), redraw, attempt < mostRedraws ? recency : 0)
      if (isStart(redraw[0])) return redraw[0]
    }
  }

  const writeEpisodes = ({ returns, lengths }: NonNullable<StepsArrays['episodes']>): void => {
    for (let n = 0; n < returns.length; n++) {
      const found = lanes[n % laneCount].endedEpisode(Math.floor(n / laneCount))
      returns[n] = found?.return ?? 0
      lengths[n] = found?.length ?? 0
    }
  }

  return {
    spec,
    lanes,
    capacity,
    rowLength,
    bytes: data.byteLength,
    get size() {
      return countSize()
    },
    get open() {
      return first.open
    },
    begin: (observation) => first.begin(observation),
    add: (action, result, kept) => first.add(action, result, kept),
    position: () => first.position(),
    copyRows: (from, to) => first.copyRows(from, to),
    restore: (position, parts) => first.restore(position, parts),

    sample(key, batch) {
      if (countSize() === 0)
        throw new RangeError('replay.sample: replay must hold at least one transition, got none')
      const { reward, discount, action } = batch
      const rows = reward.length
      checkBatch(spec, batch)
      if (indices.length !== rows) indices = new Int32Array(rows)
      drawRows(key, indices)
      for (let b = 0; b < rows; b++) {
        if (!isStart(indices[b])) indices[b] = drawStart(key, b)
        const at = indices[b] * rowLength
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
          const next = after(row) * rowLength + offset
          const to = b * length
          for (let i = 0; i < length; i++) {
            observation[to + i] = data[at + i]
            nextObservation[to + i] = data[next + i]
          }
        }
        offset += length
      }
    },

    sampleSteps(key, batch, sampling) {
      if (countSize() === 0)
        throw new RangeError('replay.sampleSteps: replay must hold at least one transition, got none')
      checkSampling(batch, sampling)
      const { length, recency } = sampling
      const stretches = batch.reward.length / length
      checkSteps(spec, record, batch)
      if (indices.length !== stretches) indices = new Int32Array(stretches)
      drawRows(key, indices, recency)
      if (batch.episodes !== undefined) writeEpisodes(batch.episodes)
      for (let b = 0; b < stretches; b++) {
        let row = isStart(indices[b]) ? indices[b] : drawStart(key, b, recency)
        for (let t = 0; t < length; t++) {
          // Rows before the first last one are one episode's.
          const valid = t === 0 || batch.continues[(t - 1) * stretches + b] === 1 ? row : undefined
          writeStep(batch, t * stretches + b, valid)
          row = after(row)
          batch.continues[t * stretches + b] = valid !== undefined && t + 1 < length && isStart(row) ? 1 : 0
        }
      }
    },
  }
}

/** The memory of so many rows. @throws RangeError where the platform has not that much. */
function allocate(rows: number, rowLength: number): Float32Array {
  try {
    return new Float32Array(rows * rowLength)
  } catch (error) {
    throw new RangeError(
      `createReplay: capacity must fit into memory, got ${rows} rows of ${4 * rowLength} bytes, ` +
        `${(4e-9 * rows * rowLength).toFixed(1)} GB in one array; choose fewer (replayCapacity)`,
      { cause: error },
    )
  }
}

function checkCapacity(capacity: number, lanes: number): void {
  if (!Number.isInteger(lanes) || lanes < 1) {
    throw new RangeError(`createReplay: lanes must be an integer of at least 1, got ${lanes}`)
  }
  // A transition, the end of its episode, and of several lanes the beginning of the next, which all begin before any is sampled.
  const least = lanes === 1 ? 2 : 3
  if (Number.isInteger(capacity) && capacity >= least * lanes) return
  throw new RangeError(
    `createReplay: capacity must be an integer of at least ${least * lanes}${lanes === 1 ? '' : `, ${least} per lane of ${lanes}`}, got ${capacity}`,
  )
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

/** Draws of a start with a preference for recent ones, before any will do. */
const mostRedraws = 1_000

function checkSampling({ reward }: StepsArrays, { length, recency = 0 }: StepsSampling): void {
  if (!(Number.isInteger(length) && length >= 1 && reward.length % length === 0)) {
    throw new RangeError(
      `replay.sampleSteps: length must be a positive integer that divides the ${reward.length} rows of the batch, got ${length}`,
    )
  }
  if (!(recency >= 0 && recency <= 1))
    throw new RangeError(`replay.sampleSteps: recency must be in [0, 1], got ${recency}`)
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
  if (batch.episodes === undefined) return
  const { returns, lengths } = batch.episodes
  checkLength(caller, 'batch.episodes.lengths', { array: lengths, length: returns.length })
}
