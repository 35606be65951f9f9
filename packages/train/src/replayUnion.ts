import { describeValue } from '@maxent/core'
import { fillIntegers, foldIn, type Key } from '@maxent/core/keys'
import { outlineOf } from './outline.ts'
import type { BatchArrays, Replay } from './replay.ts'

/**
 * Fills `batch` with transitions drawn uniformly with replacement from all of several replays together, each in proportion to its size. Rows of
 * one replay stand side by side. What is drawn depends on the key and on what the replays hold alone.
 * @throws RangeError when there is no replay, one is empty or of another specification, or an array has the wrong length.
 */
export function sampleUnion(replays: readonly Replay[], key: Key, batch: BatchArrays): void {
  checkReplays('sampleUnion', replays)
  const total = replays.reduce((sum, { size }) => sum + size, 0)
  const rows = batch.reward.length
  const drawn = new Int32Array(rows)
  fillIntegers(foldIn(key, 'replays'), drawn, total)
  let from = 0
  let below = 0
  for (const [i, replay] of replays.entries()) {
    const [least, most] = [below, below + replay.size]
    const count = drawn.reduce((sum, place) => sum + (place >= least && place < most ? 1 : 0), 0)
    if (count > 0) replay.sample(foldIn(foldIn(key, 'rows'), i), rowsOf(batch, from, from + count))
    from += count
    below = most
  }
}

/** @throws RangeError when there is none, or the rows of one are not those of the first; TypeError for what is no list of replays. */
export function checkReplays(caller: string, replays: readonly Replay[]): void {
  const given: unknown = replays
  if (!Array.isArray(given))
    throw new TypeError(
      `${caller}: replays must be a list, got ${describeValue(replays)}; give [replay], also where there is one alone`,
    )
  if (replays.length === 0)
    throw new RangeError(
      `${caller}: replays must have at least one entry, got none; give those that were collected`,
    )
  const missing = replays.findIndex((replay: Replay | undefined) => replay?.spec === undefined)
  if (missing >= 0)
    throw new TypeError(
      `${caller}: replays[${missing}] must be a replay, got ${describeValue(replays[missing])}; give what createReplay or loadReplay gives`,
    )
  const first = outlineOf(replays[0].spec)
  for (const [i, replay] of replays.entries()) {
    if (replay.size === 0)
      throw new RangeError(
        `${caller}: replays[${i}] must hold at least one transition, got none; collect some before`,
      )
    if (outlineOf(replay.spec) === first) continue
    throw new RangeError(
      `${caller}: replays[${i}] must be of the specification of the first, ${first}, got ${outlineOf(replay.spec)}; ` +
        'collect all of them in environments that are alike',
    )
  }
}

/** Views of some rows of a batch. */
function rowsOf(batch: BatchArrays, from: number, to: number): BatchArrays {
  const all = batch.reward.length
  const view = (array: Float32Array): Float32Array => {
    const length = array.length / all
    return array.subarray(from * length, to * length)
  }
  const viewsOf = (groups: BatchArrays['observation']): BatchArrays['observation'] =>
    Object.fromEntries(Object.entries(groups).map(([name, array]) => [name, view(array)]))
  return {
    observation: viewsOf(batch.observation),
    action: view(batch.action),
    reward: view(batch.reward),
    discount: view(batch.discount),
    nextObservation: viewsOf(batch.nextObservation),
  }
}
