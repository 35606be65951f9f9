import type { AlgorithmSpec } from '@maxent/core'
import { algorithmConformance } from '@maxent/core/testing'
import { createProgram } from '@maxent/jit'
import { describe, expect, it } from 'vitest'
import { sac } from '../sac.ts'
import { discreteSacSchema, resolveDiscreteSacConfig } from './config.ts'
import { discreteSac, discreteTargetEntropy } from './discreteSac.ts'

const spec: AlgorithmSpec = {
  observation: { proprio: 3, task: 2 },
  action: { low: [0], high: [3], choices: 4 },
}
const small = { batchSize: 8, hidden: [16, 16] }

algorithmConformance({
  name: 'sac-discrete',
  make: () => discreteSac(spec, small),
  compile: createProgram,
})
algorithmConformance({
  name: 'sac-discrete with a fixed temperature, hard targets and one critic',
  make: () =>
    discreteSac(spec, {
      ...small,
      temperature: { kind: 'fixed', alpha: 0.2 },
      target: { kind: 'hard', interval: 2 },
      critics: 1,
    }),
  compile: createProgram,
})

describe('discreteSac', () => {
  it('refuses a box, as sac refuses choices', () => {
    const box = { observation: { proprio: 3 }, action: { low: [-1, -1], high: [1, 1] } }
    expect(() => discreteSac(box)).toThrow(
      'sac-discrete: actions must be choices, got a box of 2 dimensions; use an algorithm for boxes, as sac is',
    )
    expect(() => sac(spec)).toThrow('actions must come from a box, got 4 choices')
  })

  it('aims at 0.98 of the entropy of the uniform policy', () => {
    expect(discreteTargetEntropy(4)).toBeCloseTo(0.98 * Math.log(4), 12)
  })

  it('has rules for its own fields and refuses those of the continuous one', () => {
    expect(Object.keys(discreteSacSchema.shape)).toContain('gamma')
    expect(() => resolveDiscreteSacConfig({ logStdRange: [-1, 1] } as object)).toThrow('logStdRange')
  })
})
