import { algorithmConformance } from '@maxent/core/testing'
import { createProgram } from '@maxent/jit'
import { learnGreedy } from '../../fixtures/learnGreedy.ts'
import { twoGroups } from '../../fixtures/transitions.ts'
import { ppo } from './ppo.ts'

const small = { batchSize: 8, hidden: [16, 16], environments: 2, length: 8 }

algorithmConformance({
  name: 'ppo',
  make: () => ppo(twoGroups, small) as never,
  compile: createProgram,
  learnGreedy: learnGreedy({
    make: (spec, gamma) =>
      ppo(spec, {
        gamma,
        environments: 8,
        length: 32,
        batchSize: 64,
        hidden: [32],
        learningRate: 3e-3,
        initialLogStd: -0.5,
      }),
    config: { steps: 16_000 },
  }),
})
algorithmConformance({
  name: 'ppo without statistics, with an entropy bonus and a learning rate that falls',
  make: () =>
    ppo(twoGroups, {
      ...small,
      normalizeObservations: false,
      normalizeReturns: false,
      entropyWeight: 0.01,
      annealSteps: 100,
    }) as never,
  compile: createProgram,
})
