import { key } from '@maxent/core/keys'
import { describe, expect, test } from 'vitest'
import { createCheckpoints, type Checkpoints } from './checkpoint.ts'
import type { StoredTensor } from './container.ts'
import { createBatch, createReplay, type Replay } from './replay.ts'
import { memoryStore, type RunStore } from './store.ts'

const spec = { observation: { place: 1 }, action: { low: [-1], high: [1] } }

/** Takes steps in episodes of 7, so that the replay holds transitions numbered by `from`. */
function take(replay: Replay, from: number, to: number): void {
  for (let step = from; step < to; step++) {
    if (!replay.open) replay.begin({ place: Float32Array.of(step) })
    const truncated = step % 7 === 6
    replay.add(Float32Array.of(step / 1000), {
      observation: { place: Float32Array.of(step + 1) },
      reward: step,
      terminated: false,
      truncated,
    })
  }
}

const arraysAt = (step: number): Map<string, StoredTensor> =>
  new Map([['state/x', { dtype: 'float32', shape: [2], data: Float32Array.of(step, -step) }]])

const save = (checkpoints: Checkpoints, step: number): Promise<string> =>
  checkpoints.save({ step, meta: { step, note: 'kept' }, arrays: arraysAt(step) })

function sampleOf(replay: Replay): unknown {
  const batch = createBatch(spec, 64)
  replay.sample(key(1), batch)
  return batch
}

interface Fixture {
  readonly store: RunStore
  readonly replay: Replay
  readonly checkpoints: Checkpoints
}

const make = (store = memoryStore(), capacity = 100): Fixture => {
  const replay = createReplay({ spec, capacity })
  return { store, replay, checkpoints: createCheckpoints({ store, lanes: replay.lanes, keep: 2 }) }
}

/** A run with checkpoints at the steps given. */
async function runTo(steps: readonly number[], capacity = 100): Promise<Fixture> {
  const fixture = make(memoryStore(), capacity)
  let from = 0
  for (const step of steps) {
    take(fixture.replay, from, step)
    await save(fixture.checkpoints, step)
    from = step
  }
  return fixture
}

async function change(store: RunStore, path: string, f: (bytes: Uint8Array) => Uint8Array): Promise<void> {
  await store.write(path, f((await store.read(path)) ?? new Uint8Array(0)))
}

/** Changes every file whose name begins so: a checkpoint, or both copies of a segment. */
async function changeAll(
  store: RunStore,
  start: string,
  f: (bytes: Uint8Array) => Uint8Array,
): Promise<void> {
  for (const name of await store.list('checkpoints')) {
    if (name.startsWith(start)) await change(store, `checkpoints/${name}`, f)
  }
}

const silent = (): void => undefined
const cut = (bytes: Uint8Array): Uint8Array => bytes.slice(0, -5)
const flip = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 1 : byte))

describe('createCheckpoints', () => {
  test.each([
    [[3], 100],
    [[10, 11, 30], 100],
    [[30, 60, 90, 120, 200], 100],
    [[50, 300, 301], 64],
  ])('gives back checkpoint and replay, saved at %j with %i rows', async (steps, capacity) => {
    const first = await runTo(steps, capacity)
    const second = make(first.store, capacity)
    const last = steps.at(-1) ?? 0
    expect(await second.checkpoints.load(silent)).toEqual({
      step: last,
      meta: { step: last, note: 'kept' },
      arrays: arraysAt(last),
    })
    expect(sampleOf(second.replay)).toEqual(sampleOf(first.replay))
    expect(second.replay.position()).toEqual(first.replay.position())
    take(first.replay, last, last + 90)
    take(second.replay, last, last + 90)
    expect(sampleOf(second.replay)).toEqual(sampleOf(first.replay))
  })

  test('writes the new rows only', async () => {
    const { store, replay, checkpoints } = make(memoryStore(), 10_000)
    const sizes: number[] = []
    for (let step = 1000; step <= 5000; step += 1000) {
      take(replay, step - 1000, step)
      await save(checkpoints, step)
      const names = await store.list('checkpoints')
      const segments = names.filter((name) => /\d\.segment$/.test(name))
      const newest = segments.at(-1) ?? ''
      sizes.push((await store.read(`checkpoints/${newest}`))?.length ?? 0)
      expect(segments).toHaveLength(step / 1000)
    }
    expect(Math.max(...sizes)).toBeLessThan(1.05 * sizes[0])
  })

  test('writes many rows in several pieces', async () => {
    const { store, replay } = make(memoryStore(), 1000)
    const { lanes } = replay
    const checkpoints = createCheckpoints({ store, lanes, keep: 1, segmentNumbers: 4 * 50 })
    take(replay, 0, 120)
    await save(checkpoints, 120)
    take(replay, 120, 130)
    await save(checkpoints, 130)
    const names = (await store.list('checkpoints')).filter((name) => /\d\.segment$/.test(name))
    // 120 steps in episodes of 7 are 138 rows, the last of which was written again with the next.
    expect(names).toEqual([
      'rows-000000000000-000000000050.segment',
      'rows-000000000050-000000000100.segment',
      'rows-000000000100-000000000138.segment',
      'rows-000000000137-000000000149.segment',
    ])
    const again = make(store, 1000)
    await again.checkpoints.load(silent)
    expect(sampleOf(again.replay)).toEqual(sampleOf(replay))
  })

  test('keeps the last two, and the segments they need', async () => {
    const { store } = await runTo([30, 60, 90, 120, 150, 180], 64)
    expect(await store.list('checkpoints')).toEqual([
      // 180 steps in episodes of 7 are 206 rows. The checkpoint of step 150 needs rows 108 to 171.
      'rows-000000000102-000000000138.copy.segment',
      'rows-000000000102-000000000138.segment',
      'rows-000000000137-000000000172.copy.segment',
      'rows-000000000137-000000000172.segment',
      'rows-000000000171-000000000206.copy.segment',
      'rows-000000000171-000000000206.segment',
      'step-000000000150.checkpoint',
      'step-000000000180.checkpoint',
    ])
  })

  test('goes on saving after a resume as if there had been none', async () => {
    const first = await runTo([30, 60], 64)
    const second = make(first.store, 64)
    await second.checkpoints.load(silent)
    take(second.replay, 60, 90)
    await save(second.checkpoints, 90)
    const whole = await runTo([30, 60, 90], 64)
    const names = await whole.store.list('checkpoints')
    expect(await second.store.list('checkpoints')).toEqual(names)
    for (const name of names) {
      const path = `checkpoints/${name}`
      expect(await second.store.read(path)).toEqual(await whole.store.read(path))
    }
  })

  test.each([
    ['cut', 'step-000000000060.checkpoint', cut],
    ['changed', 'step-000000000060.checkpoint', flip],
    ['empty', 'step-000000000060.checkpoint', () => new Uint8Array(0)],
    ['without its newest rows, which are cut,', 'rows-000000000034-000000000069', cut],
  ])('a checkpoint that is %s gives way to the one before, and says so', async (_, name, damage) => {
    const first = await runTo([30, 60])
    await changeAll(first.store, name, damage)
    const second = make(first.store)
    const messages: string[] = []
    const found = await second.checkpoints.load((message) => messages.push(message))
    expect(found?.step).toBe(30)
    expect(messages).toHaveLength(1)
    expect(messages[0]).toMatch(
      /^checkpoint step-000000000060\.checkpoint is not valid \(.*cut.*\): it is set aside .* step 30 is taken$/,
    )
    const again = make()
    take(again.replay, 0, 30)
    expect(sampleOf(second.replay)).toEqual(sampleOf(again.replay))
    // The run goes on, and its next checkpoints are good.
    take(second.replay, 30, 60)
    await save(second.checkpoints, 60)
    const third = make(first.store)
    expect((await third.checkpoints.load(silent))?.step).toBe(60)
  })

  test('a missing segment makes its checkpoint invalid', async () => {
    const first = await runTo([30, 60])
    await first.store.remove('checkpoints/rows-000000000034-000000000069.segment')
    await first.store.remove('checkpoints/rows-000000000034-000000000069.copy.segment')
    const messages: string[] = []
    const found = await make(first.store).checkpoints.load((message) => messages.push(message))
    expect(found?.step).toBe(30)
    expect(messages[0]).toContain(
      'segment rows-000000000034-000000000069.segment is missing, and its copy: segment rows-000000000034-000000000069.copy.segment is missing',
    )
  })

  test('without any valid checkpoint it does not pretend that the run is new', async () => {
    const { store } = await runTo([30, 60])
    await changeAll(store, 'rows-000000000000-000000000035', flip)
    await expect(make(store).checkpoints.load(silent)).rejects.toThrow(
      /^train: a run folder with checkpoints must hold a valid one, got none in memory \(step-000000000060\.checkpoint: .*; step-000000000030\.checkpoint: .*\); choose another folder/,
    )
    expect(await store.list('checkpoints')).toContain('step-000000000060.checkpoint')
  })

  test.each(['segment', 'copy.segment'])(
    'one changed bit in old rows (%s) loses nothing, for they are there twice',
    async (end) => {
      const first = await runTo([30, 60])
      await change(first.store, `checkpoints/rows-000000000000-000000000035.${end}`, flip)
      const second = make(first.store)
      const messages: string[] = []
      const found = await second.checkpoints.load((message) => messages.push(message))
      expect(found?.step).toBe(60)
      expect(sampleOf(second.replay)).toEqual(sampleOf(first.replay))
      const names = ['segment', 'copy.segment'].map(
        (one) => `checkpoints/rows-000000000000-000000000035.${one}`,
      )
      expect(await first.store.read(names[0])).toEqual(await first.store.read(names[1]))
      expect(messages).toHaveLength(1)
      expect(messages[0]).toMatch(
        new RegExp(
          `^segment rows-000000000000-000000000035\\.${end} is not valid: .*: it is written again from its copy$`,
        ),
      )
    },
  )

  test.each(['checkpoint', 'segment'])(
    'a %s that cannot be read now is not taken for damaged',
    async (end) => {
      const first = await runTo([30, 60])
      const names = await first.store.list('checkpoints')
      const store: RunStore = {
        ...first.store,
        read: (path) => (path.endsWith(end) ? Promise.reject(new Error('EMFILE')) : first.store.read(path)),
      }
      await expect(make(store).checkpoints.load(silent)).rejects.toThrow(/^EMFILE$/)
      expect(await first.store.list('checkpoints')).toEqual(names)
    },
  )

  test('a new run has none', async () => {
    expect(await make().checkpoints.load(silent)).toBeUndefined()
  })

  test('a failing write leaves the checkpoints before it whole', async () => {
    const first = await runTo([30, 60])
    for (const failing of ['segment', 'checkpoint']) {
      const store: RunStore = {
        ...first.store,
        write: (path, bytes) =>
          path.endsWith(failing) ? Promise.reject(new Error('ENOSPC')) : first.store.write(path, bytes),
      }
      const broken = make(store)
      await broken.checkpoints.load(silent)
      take(broken.replay, 60, 90)
      await expect(save(broken.checkpoints, 90)).rejects.toThrow('ENOSPC')
      expect((await make(first.store).checkpoints.load(silent))?.step).toBe(60)
    }
  })

  test('files for inspection are never resumed from', async () => {
    const { store, checkpoints } = await runTo([30])
    const path = await checkpoints.saveInspection({ step: 40, meta: {}, arrays: arraysAt(40) })
    expect(path).toBe('checkpoints/step-000000000040.inspection')
    expect(await store.read(path)).toBeDefined()
    expect((await make(store).checkpoints.load(silent))?.step).toBe(30)
  })
})
