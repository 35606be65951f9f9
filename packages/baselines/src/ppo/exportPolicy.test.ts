import { key, normal } from '@maxent/core'
import { loadPolicy, type HostTensor } from '@maxent/jit'
import { createAgent, exportPolicy } from '@maxent/train'
import { expect, it } from 'vitest'
import { ppo } from './ppo.ts'

const spec = { observation: { proprio: 3, task: 2 }, action: { low: [-2, 0.1], high: [2, 0.7] } }

it('leaves in a file with the statistics that it normalises observations by', async () => {
  const algorithm = ppo(spec, { batchSize: 8, hidden: [16], environments: 2, length: 8 }) as never
  const agent = await createAgent({ algorithm, key: key(1), environments: 2 })
  const fresh = (await agent.program.getState()) as Record<string, HostTensor> & {
    readonly observations: Record<'count' | 'mean' | 'variance', HostTensor>
  }
  const { count, mean, variance } = fresh.observations
  const seen = {
    ...fresh,
    observations: {
      count: { ...count, data: Float32Array.of(100) },
      mean: { ...mean, data: Float32Array.of(3, -2, 0.5, 10, 0) },
      variance: { ...variance, data: Float32Array.of(4, 1, 0.25, 9, 1) },
    },
  }
  agent.program.setState(seen)
  const policy = await loadPolicy(await exportPolicy({ algorithm, state: seen }))
  const blank = await loadPolicy(await exportPolicy({ algorithm, state: fresh }))
  let apart = 0
  for (let i = 0; i < 50; i++) {
    const row = { proprio: normal(key(i), 3).map((x) => 3 * x), task: normal(key(100 + i), 2) }
    const [mine, its, without] = [
      await policy.act(row),
      await agent.actDeterministic(row),
      await blank.act(row),
    ]
    for (const [k, a] of mine.entries()) {
      expect(Math.abs(a - its[k])).toBeLessThan(1e-6)
      apart = Math.max(apart, Math.abs(a - without[k]))
    }
  }
  expect(apart).toBeGreaterThan(0.01)
  await policy.dispose()
  await blank.dispose()
  await agent.dispose()
})
