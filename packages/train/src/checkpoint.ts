import { decodeContainer, encodeContainer, type StoredTensor } from './container.ts'
import type { ReplayLane, ReplayPosition } from './replayLane.ts'
import type { RunStore } from './store.ts'

/** What a checkpoint holds besides the replay: numbers and words as JSON, and named arrays. */
export interface CheckpointContent {
  readonly step: number
  readonly meta: unknown
  readonly arrays: ReadonlyMap<string, StoredTensor>
}

export interface Checkpoints {
  /** Writes a checkpoint, the replay's new rows first, and removes what no kept checkpoint needs. Gives its path. */
  save(content: CheckpointContent): Promise<string>
  /**
   * Reads the newest valid checkpoint and brings the replay to its place; `undefined` when there are none. A damaged one is set aside,
   * `notify` is told, and the one before is taken.
   * @throws Error when there are checkpoints and none is valid, and the store's errors: a file that cannot be read is not damaged.
   */
  load(notify: (message: string) => void): Promise<CheckpointContent | undefined>
  /** Writes a file for inspection, which is never resumed from. Gives its path. */
  saveInspection(content: CheckpointContent): Promise<string>
}

export interface CheckpointsOptions {
  readonly store: RunStore
  /** The lanes of the replay; none where all that is learned from is part of the content. */
  readonly lanes: readonly ReplayLane[]
  /** Checkpoints kept, at least 1. */
  readonly keep: number
  /** Whose options named the store, for errors; `train` when absent. */
  readonly caller?: string
  /** What to do where no checkpoint is valid; when absent, what helps a run. */
  readonly remedy?: string
  /** Numbers that a segment file holds at most; 2²⁵ when absent. */
  readonly segmentNumbers?: number
}

/** The part of a checkpoint's JSON that is about the replay. */
interface CheckpointMeta {
  readonly step: number
  /** Where the replay's first lane stands. */
  readonly replay?: ReplayPosition
  /** Where its other lanes stand. */
  readonly otherLanes?: readonly ReplayPosition[]
  /** Segment files in order. A later one wins where two of a lane hold the same row. */
  readonly segments: readonly Segment[]
  readonly content: unknown
}

/** A file with the rows of a lane from `from` up to, not including, `to`, counted since the start. */
interface Segment {
  /** The number of the lane; the first when absent. */
  readonly lane?: number
  readonly from: number
  readonly to: number
}

/** Numbers that a segment holds at most, 128 MiB: a platform hashes and reads less than 2 GiB at a time. */
const mostNumbers = 2 ** 25

/** The folder of the checkpoints in a store. */
export const checkpointFolder = 'checkpoints'
const checkpointName = /^step-(\d{12})\.checkpoint$/
const segmentName = /^(lane-\d+-)?rows-\d{12}-\d{12}(\.copy)?\.segment$/

const digits = (n: number): string => `${n}`.padStart(12, '0')
const nameOf = (step: number): string => `step-${digits(step)}.checkpoint`
/** Where the checkpoint of a step is. */
export const checkpointPath = (step: number): string => `${checkpointFolder}/${nameOf(step)}`
/** The steps that have a checkpoint, newest first, from the names of the files in the folder. */
export const checkpointSteps = (names: readonly string[]): readonly number[] =>
  names
    .flatMap((name) => checkpointName.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a)
/** The two files that hold a segment. All kept checkpoints need the older segments, so that one bad bit would lose the run. */
const copiesOf = ({ lane, from, to }: Segment): readonly [string, string] => {
  const name = `${lane === undefined ? '' : `lane-${lane}-`}rows-${digits(from)}-${digits(to)}`
  return [`${name}.segment`, `${name}.copy.segment`]
}

/**
 * Checkpoints of a run. A checkpoint file holds all but the replay's rows; those go to segment files, each with the rows written since the
 * checkpoint before, in pieces and two copies, so that a checkpoint costs what is new. Files are complete or absent: a segment is durable before the checkpoint that
 * needs it, and a file is removed only after its replacement is durable.
 */
export function createCheckpoints(options: CheckpointsOptions): Checkpoints {
  const { store, lanes, keep, caller = 'train', segmentNumbers = mostNumbers } = options
  const { remedy = 'choose another folder, or delete its checkpoints to start the run anew' } = options
  let segments: readonly Segment[] = []
  /** The segments of each kept checkpoint, by step. */
  const kept = new Map<number, readonly Segment[]>()

  const writeSegment = async (rowsOf: ReplayLane, lane: number): Promise<ReplayPosition> => {
    const position = rowsOf.position()
    const { rowsBegun } = position
    const oldest = Math.max(0, rowsBegun - rowsOf.capacity)
    const isOwn = (segment: Segment): boolean => (segment.lane ?? 0) === lane
    // The newest row of the last segment was still waiting for its action when it was written: it is written again.
    const written = segments.findLast(isOwn)?.to ?? 0
    if (rowsBegun === written) return position
    const live = segments.filter((segment) => !isOwn(segment) || segment.to > oldest)
    const fresh: Segment[] = []
    const most = Math.max(1, Math.floor(segmentNumbers / rowsOf.rowLength))
    for (let from = Math.max(oldest, written - 1); from < rowsBegun; from += most) {
      const to = Math.min(from + most, rowsBegun)
      const segment: Segment = { ...(lane > 0 && { lane }), from, to }
      const rows = rowsOf.copyRows(from, to)
      const tensor = { dtype: 'float32', shape: [to - from, rowsOf.rowLength], data: rows } as const
      const bytes = await encodeContainer({ meta: segment, arrays: new Map([['rows', tensor]]) })
      for (const name of copiesOf(segment)) await store.write(`${checkpointFolder}/${name}`, bytes)
      fresh.push(segment)
    }
    segments = [...live, ...fresh]
    return position
  }

  const readSegment = async (
    segment: Segment,
    notify: (message: string) => void,
  ): Promise<{ readonly from: number; readonly rows: Float32Array }> => {
    const copies = copiesOf(segment)
    const readOne = async (
      name: string,
    ): Promise<{ readonly bytes: Uint8Array; readonly rows: Float32Array }> => {
      const bytes = await store.read(`${checkpointFolder}/${name}`)
      if (bytes === undefined) throw new RangeError(`segment ${name} is missing`)
      const { arrays } = await decodeContainer(bytes).catch((error: unknown) => {
        throw new RangeError(`segment ${name} is not valid: ${damageOf(error)}`, { cause: error })
      })
      return { bytes, rows: arrays.get('rows')?.data as Float32Array }
    }
    const read = await Promise.all(
      copies.map((name) => readOne(name).catch((error: unknown) => damageOf(error))),
    )
    const whole = read.find((one) => typeof one !== 'string')
    if (whole === undefined) {
      const damages = read.filter((one) => typeof one === 'string')
      throw new RangeError(damages.join(', and its copy: '))
    }
    // One copy alone would not outlive the next damage.
    for (const [i, damage] of read.entries()) {
      if (typeof damage !== 'string') continue
      await store.write(`${checkpointFolder}/${copies[i]}`, whole.bytes)
      notify(`${damage}: it is written again from its copy`)
    }
    return { from: segment.from, rows: whole.rows }
  }

  const readMeta = async (
    step: number,
  ): Promise<{ readonly meta: CheckpointMeta; readonly arrays: CheckpointContent['arrays'] }> => {
    const bytes = await store.read(checkpointPath(step))
    if (bytes === undefined) throw new RangeError('it is missing')
    const { meta, arrays } = await decodeContainer(bytes)
    return { meta: meta as CheckpointMeta, arrays }
  }

  const readInto = async (step: number, notify: (message: string) => void): Promise<CheckpointContent> => {
    const { meta, arrays } = await readMeta(step)
    const positions = meta.replay === undefined ? [] : [meta.replay, ...(meta.otherLanes ?? [])]
    for (const [i, position] of positions.entries()) {
      const parts = []
      for (const segment of meta.segments)
        if ((segment.lane ?? 0) === i) parts.push(await readSegment(segment, notify))
      lanes.at(i)?.restore(position, parts)
    }
    segments = meta.segments
    kept.set(step, segments)
    return { step, meta: meta.content, arrays }
  }

  /** Learns which segments older checkpoints need, so that they stay. One that cannot be read is of no use, and goes. */
  const noteOlder = async (steps: readonly number[]): Promise<void> => {
    for (const step of steps) {
      const known = await readMeta(step).catch((error: unknown) => void damageOf(error))
      if (known !== undefined) kept.set(step, known.meta.segments)
    }
  }

  const prune = async (): Promise<void> => {
    const steps = [...kept.keys()].sort((a, b) => a - b)
    for (const step of steps.slice(0, -keep)) kept.delete(step)
    const needed = new Set([...kept.values()].flat().flatMap(copiesOf))
    for (const name of await store.list(checkpointFolder)) {
      const match = checkpointName.exec(name)
      const stale = match === null ? segmentName.test(name) && !needed.has(name) : !kept.has(Number(match[1]))
      if (stale || name.endsWith('.tmp')) await store.remove(`${checkpointFolder}/${name}`)
    }
  }

  return {
    async save({ step, meta, arrays }) {
      const positions = []
      for (const [i, lane] of lanes.entries()) positions.push(await writeSegment(lane, i))
      const [replay, ...otherLanes] = positions
      const path = checkpointPath(step)
      const written: CheckpointMeta = {
        step,
        ...(lanes.length > 0 && { replay }),
        ...(otherLanes.length > 0 && { otherLanes }),
        segments,
        content: meta,
      }
      await store.write(path, await encodeContainer({ meta: written, arrays }))
      kept.set(step, segments)
      await prune()
      return path
    },

    async load(notify) {
      const steps = checkpointSteps(await store.list(checkpointFolder))
      const damaged = new Map<string, string>()
      for (const step of steps) {
        let content: CheckpointContent
        try {
          content = await readInto(step, notify)
        } catch (error) {
          damaged.set(nameOf(step), damageOf(error))
          continue
        }
        for (const [name, reason] of damaged) {
          await store.rename(`${checkpointFolder}/${name}`, `${checkpointFolder}/${name}.damaged`)
          notify(
            `checkpoint ${name} is not valid (${reason}): it is set aside as ${name}.damaged, and step ${step} is taken`,
          )
        }
        await noteOlder(steps.filter((other) => other < step))
        return content
      }
      if (damaged.size === 0) return undefined
      const reasons = Array.from(damaged, ([name, reason]) => `${name}: ${reason}`).join('; ')
      throw new Error(
        `${caller}: a run folder with checkpoints must hold a valid one, got none in ${store.location} (${reasons}); ${remedy}`,
      )
    },

    async saveInspection({ step, meta, arrays }) {
      const path = `${checkpointFolder}/step-${digits(step)}.inspection`
      await store.write(path, await encodeContainer({ meta: { step, content: meta }, arrays }))
      return path
    },
  }
}

/** The message of an error that says that a file is damaged. Any other, as of a disk that cannot be read, is thrown on. */
function damageOf(error: unknown): string {
  if (error instanceof RangeError) return error.message
  throw error
}
