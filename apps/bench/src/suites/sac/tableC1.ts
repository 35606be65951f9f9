import type { JsonRecord } from '../suite.ts'

/** Table C.1 of Haarnoja 2018 (thesis): what the runs of SAC share; networks of 256 units, those of chapter 5 apart. */
export const tableC1: JsonRecord = {
  gamma: 0.99,
  batchSize: 256,
  hidden: [256, 256],
  activation: 'relu',
  policyLearningRate: 3e-4,
  criticLearningRate: 3e-4,
}

/** Table C.1 with the two critics and the soft targets of the final form. */
export const tableC1Final: JsonRecord = { ...tableC1, critics: 2, target: { kind: 'soft', tau: 0.005 } }

/** Table C.1: what it says of the loop. */
export const tableC1Loop: JsonRecord = { updatesPerStep: 1, replayCapacity: 1_000_000 }

/** Section 4.3: one evaluation rollout every 1,000 steps. */
export const rollouts: JsonRecord = { evaluateEvery: 1_000, evaluateEpisodes: 1 }
