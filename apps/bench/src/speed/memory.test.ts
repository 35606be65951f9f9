import { expect, it } from 'vitest'
import { measureMemory, type MemorySample } from './memory.ts'

it('looks at the process ten times while it learns, and finds tensors, ONNX values, sessions and MuJoCo handles constant', async () => {
  const seen: MemorySample[] = []
  const { samples, growth, constant } = await measureMemory({
    updates: 20,
    onSample: (sample) => seen.push(sample),
  })
  expect(seen).toEqual(samples)
  expect(samples.map(({ update }) => update)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20])
  expect(constant).toBe(true)
  expect(samples.every(({ rssMb, values, handles }) => rssMb > 0 && values > 0 && handles > 0)).toBe(true)
  // Those of the update, up to the step of the critics and after it: acting takes none.
  expect(samples.map(({ sessions }) => sessions)).toEqual(Array(10).fill(2))
  expect(growth).toBeLessThan(1)
}, 120_000)
