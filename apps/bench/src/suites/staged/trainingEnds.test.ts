import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Env, EnvSnapshot } from '@maxent/core'
import { afterAll, expect, it } from 'vitest'
import { readEnds, recordEnds } from './trainingEnds.ts'

const root = mkdtempSync(join(tmpdir(), 'ends-'))
afterAll(() => rmSync(root, { recursive: true }))

/** Episodes of two steps; counts all steps, and tells them as `told`. */
function counting(): Env {
  let all = 0
  return {
    spec: { id: 'counting', observation: { state: 1 }, action: { low: [-1], high: [1] } },
    reset: () => ({ observation: { state: Float32Array.of(0) }, info: { told: all } }),
    step: () => {
      all++
      const observation = { state: Float32Array.of(all % 2) }
      return { observation, reward: 0, terminated: false, truncated: all % 2 === 0, info: { told: all } }
    },
    snapshot: () => ({ all: Float64Array.of(all) }),
    restore: (snapshot: EnvSnapshot) => {
      expect(Object.keys(snapshot)).toEqual(['all'])
      ;[all] = snapshot.all
    },
    close: () => undefined,
  }
}

const step = (env: Env, count: number): void => {
  for (let i = 0; i < count; i++) if (env.step(new Float32Array(1)).truncated) env.reset()
}

it('the ends of episodes are means of ten, from the tenth on', async () => {
  const file = join(root, 'whole')
  step(recordEnds(counting(), { file, name: 'told' }), 24)
  // Episode i ends at step 2 i.
  expect(await readEnds({ file })).toEqual({ steps: [20, 22, 24], values: [11, 13, 15] })
})

it('those of a run that is taken up at a checkpoint are those of one that was left alone, and a line that is cut is none', async () => {
  const file = join(root, 'resumed')
  const env = recordEnds(counting(), { file, name: 'told' })
  step(env, 9)
  const snapshot = env.snapshot()
  step(env, 6)
  appendFileSync(file, '\n8 16')
  const again = recordEnds(counting(), { file, name: 'told' })
  again.restore(snapshot)
  step(again, 15)
  expect((await readEnds({ file })).values).toEqual([11, 13, 15])
})

it('there are none of a run that has none', async () => {
  expect(await readEnds({ file: join(root, 'no such file') })).toEqual({ steps: [], values: [] })
})
