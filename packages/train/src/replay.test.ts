import { foldIn, integers, key, uniform } from '@maxent/core/keys'
import { describe, expect, test } from 'vitest'
import { createBatch, createReplay, type BatchArrays, type Replay } from './replay.ts'
import type { ReplaySpec } from './replayLane.ts'

const spec: ReplaySpec = { observation: { body: 2, goal: 1 }, action: { low: [-1], high: [1] } }

const observe = (id: number): { body: Float32Array; goal: Float32Array } => ({
  body: Float32Array.of(id, -id),
  goal: Float32Array.of(10 * id),
})

interface Stored {
  readonly from: number
  readonly to: number
  readonly discount: number
}

/** Runs episodes of the lengths given through a replay; observations are numbered, and transition `from -> to` has reward `from + 0.5`. */
function runEpisodes(replay: Replay, lengths: readonly number[], firstId = 0): Stored[] {
  const stored: Stored[] = []
  let id = firstId
  lengths.forEach((length, episode) => {
    replay.begin(observe(id))
    for (let step = 1; step <= length; step++) {
      const end = step === length
      const terminated = end && episode % 2 === 0
      replay.add(Float32Array.of(id / 100), {
        observation: observe(id + 1),
        reward: id + 0.5,
        terminated,
        truncated: end && !terminated,
      })
      stored.push({ from: id, to: id + 1, discount: terminated ? 0 : 1 })
      id++
    }
    id++
  })
  return stored
}

function readBatch(batch: BatchArrays): Stored[] {
  return Array.from(batch.reward, (_, b) => {
    const from = batch.observation.body[2 * b]
    const to = batch.nextObservation.body[2 * b]
    expect(batch.observation.body[2 * b + 1]).toBe(-from)
    expect(batch.observation.goal[b]).toBe(10 * from)
    expect(batch.nextObservation.body[2 * b + 1]).toBe(-to)
    expect(batch.nextObservation.goal[b]).toBe(10 * to)
    expect(batch.reward[b]).toBe(from + 0.5)
    expect(batch.action[b]).toBe(Math.fround(from / 100))
    return { from, to, discount: batch.discount[b] }
  })
}

describe('createReplay', () => {
  test('gives back the transitions it holds, and those only, while the ring turns', () => {
    const capacity = 23
    const lengths = Array.from(integers(key(5), 40, 6), (n) => n + 1)
    for (let episodes = 1; episodes <= lengths.length; episodes++) {
      const replay = createReplay({ spec, capacity })
      const stored = runEpisodes(replay, lengths.slice(0, episodes))
      const rows = stored.length + episodes
      // Observation number `id` lies in row `id`: the rows held are the newest `capacity`.
      const held = stored.filter(({ from }) => from >= rows - capacity)
      expect(replay.size).toBe(held.length)
      const batch = createBatch(spec, 400)
      replay.sample(key(episodes), batch)
      const drawn = readBatch(batch)
      for (const transition of drawn) expect(held).toContainEqual(transition)
      expect(new Set(drawn.map(({ from }) => from)).size).toBe(held.length)
    }
  })

  test('a time limit keeps the bootstrap and a terminal state does not', () => {
    const replay = createReplay({ spec, capacity: 10 })
    runEpisodes(replay, [1, 1])
    const batch = createBatch(spec, 64)
    replay.sample(key(1), batch)
    for (const { from, discount } of readBatch(batch)) expect(discount).toBe(from === 0 ? 0 : 1)
  })

  test('the newest transition can be sampled before the next step', () => {
    const replay = createReplay({ spec, capacity: 10 })
    replay.begin(observe(3))
    replay.add(Float32Array.of(0.03), {
      observation: observe(4),
      reward: 3.5,
      terminated: false,
      truncated: false,
    })
    const batch = createBatch(spec, 5)
    replay.sample(key(1), batch)
    expect(readBatch(batch)).toEqual(Array.from({ length: 5 }, () => ({ from: 3, to: 4, discount: 1 })))
  })

  test('an episode that is left under way ends as one that was cut', () => {
    const replay = createReplay({ spec, capacity: 10 })
    replay.begin(observe(0))
    replay.add(Float32Array.of(0), {
      observation: observe(1),
      reward: 0.5,
      terminated: false,
      truncated: false,
    })
    replay.begin(observe(7))
    replay.add(Float32Array.of(0.07), {
      observation: observe(8),
      reward: 7.5,
      terminated: false,
      truncated: false,
    })
    const batch = createBatch(spec, 64)
    replay.sample(key(1), batch)
    expect(new Set(readBatch(batch).map(({ from, to }) => `${from}-${to}`))).toEqual(new Set(['0-1', '7-8']))
  })

  test('every transition is equally likely, beside rows that are redrawn', () => {
    const replay = createReplay({ spec, capacity: 100 })
    const stored = runEpisodes(replay, [1, 1, 1, 5, 1, 1])
    const draws = 50_000
    const batch = createBatch(spec, draws)
    replay.sample(key(11), batch)
    const counts = new Map<number, number>()
    for (let b = 0; b < draws; b++) counts.set(batch.reward[b], (counts.get(batch.reward[b]) ?? 0) + 1)
    const expected = draws / stored.length
    let chiSquared = 0
    for (const { from } of stored) chiSquared += ((counts.get(from + 0.5) ?? 0) - expected) ** 2 / expected
    // 9 degrees of freedom: the 99.9 % quantile is 27.9.
    expect(chiSquared).toBeLessThan(27.9)
  })

  test('what is drawn depends on the key and the content alone', () => {
    const [first, second] = [1, 2].map(() => {
      const replay = createReplay({ spec, capacity: 50 })
      runEpisodes(replay, [4, 4, 4])
      return replay
    })
    const [a, b] = [createBatch(spec, 32), createBatch(spec, 32)]
    second.sample(key(8), b)
    first.sample(key(9), a)
    second.sample(key(9), b)
    expect(b).toEqual(a)
    second.sample(key(10), b)
    expect(b).not.toEqual(a)
  })

  test('a replay restored from its rows goes on as the first would', () => {
    for (const episodes of [2, 5, 12, 30]) {
      const lengths = Array.from({ length: episodes }, (_, i) => 1 + (i % 5))
      const first = createReplay({ spec, capacity: 31 })
      runEpisodes(first, lengths)
      first.begin(observe(500))
      const position = first.position()
      const oldest = Math.max(0, position.rowsBegun - 31)
      const middle = Math.floor((oldest + position.rowsBegun) / 2)
      const second = createReplay({ spec, capacity: 31 })
      second.restore(position, [
        { from: oldest, rows: first.copyRows(oldest, middle + 1) },
        { from: middle, rows: first.copyRows(middle, position.rowsBegun) },
      ])
      expect(second.size).toBe(first.size)
      const [a, b] = [createBatch(spec, 64), createBatch(spec, 64)]
      for (const [replay, batch] of [
        [first, a],
        [second, b],
      ] as const) {
        replay.add(Float32Array.of(5), {
          observation: observe(501),
          reward: 500.5,
          terminated: true,
          truncated: false,
        })
        replay.begin(observe(502))
        replay.sample(key(3), batch)
      }
      expect(b).toEqual(a)
    }
  })

  test('holds a million HalfCheetah transitions in at most 180 MB', () => {
    const cheetah = {
      observation: { proprio: 17 },
      action: { low: Array(6).fill(-1), high: Array(6).fill(1) },
    }
    const replay = createReplay({ spec: cheetah, capacity: 1_000_000 })
    expect(replay.bytes).toBeLessThanOrEqual(180e6)
  })

  test('with pretouch, filling does not grow the process', () => {
    const before = process.memoryUsage().rss
    const cheetah = {
      observation: { proprio: 17 },
      action: { low: Array(6).fill(-1), high: Array(6).fill(1) },
    }
    const replay = createReplay({ spec: cheetah, capacity: 300_000, pretouch: true })
    const touched = process.memoryUsage().rss
    expect(touched - before).toBeGreaterThan(0.9 * replay.bytes)
    const observation = { proprio: uniform(key(1), 17) }
    const action = uniform(key(2), 6)
    const result = { observation, reward: 1, terminated: false, truncated: false }
    const batch = createBatch(cheetah, 256)
    replay.begin(observation)
    for (let step = 0; step < 320_000; step++) {
      replay.add(action, result)
      if (step % 100 === 0) replay.sample(foldIn(key(3), step), batch)
    }
    expect(process.memoryUsage().rss - touched).toBeLessThan(0.15 * replay.bytes)
  })

  test('refuses what does not fit', () => {
    const replay = createReplay({ spec, capacity: 4 })
    const result = { observation: observe(1), reward: 0, terminated: false, truncated: false }
    expect(() => createReplay({ spec, capacity: 1 })).toThrow(
      'createReplay: capacity must be an integer of at least 2, got 1',
    )
    expect(() => createReplay({ spec, capacity: 2 ** 50 })).toThrow(
      /^createReplay: capacity must fit into memory, got 1125899906842624 rows of 24 bytes, .* choose fewer/,
    )
    expect(() => replay.sample(key(0), createBatch(spec, 2))).toThrow(
      'replay.sample: replay must hold at least one',
    )
    expect(() => replay.add(Float32Array.of(0), result)).toThrow('replay.add: an episode must be under way')
    expect(() => replay.begin({ body: new Float32Array(3), goal: new Float32Array(1) })).toThrow(
      'replay.begin: observation group "body" must have length 2, got length 3',
    )
    expect(() => replay.begin({ body: new Float32Array(2) })).toThrow(
      'replay.begin: observation group "goal" must have length 1, got no such group',
    )
    expect(() => replay.begin({ ...observe(0), extra: new Float32Array(1) })).toThrow(
      'replay.begin: observation groups must be body, goal, got a group "extra" beside them',
    )
    replay.begin(observe(0))
    expect(() => replay.add(new Float32Array(2), result)).toThrow(
      'replay.add: action must have length 1, got 2',
    )
    replay.add(Float32Array.of(0), result)
    expect(() => replay.sample(key(0), { ...createBatch(spec, 2), action: new Float32Array(3) })).toThrow(
      'replay.sample: batch.action must have length 2, got 3',
    )
    expect(() => replay.sample(key(0), { ...createBatch(spec, 2), nextObservation: {} })).toThrow(
      'replay.sample: batch.nextObservation.body must have length 4, got none',
    )
    expect(() => createBatch(spec, 0)).toThrow('createBatch: rows must be a positive integer, got 0')
    expect(() => replay.copyRows(0, 9)).toThrow('copyRows: rows must lie in [0, 2), got [0, 9)')
    const rows = new Float32Array(replay.rowLength)
    const position = { rowsBegun: 2, open: true }
    expect(() => replay.restore(position, [{ from: 1, rows }])).toThrow(
      'restore: rows must follow without a gap',
    )
    expect(() => replay.restore(position, [{ from: 0, rows }])).toThrow('restore: rows must end at row 2')
    expect(() => replay.restore(position, [{ from: 0, rows: rows.subarray(1) }])).toThrow(
      'restore: rows must have a multiple of 6 numbers, got 5',
    )
  })
})
