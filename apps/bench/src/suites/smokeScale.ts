import type { Arm, Profile } from './suite.ts'

const train = {
  steps: 400,
  warmupSteps: 200,
  evaluateEvery: 200,
  evaluateEpisodes: 1,
  finalEpisodes: 1,
  replayCapacity: 1_000,
} as const

/** The scale of a `smoke` profile whose arms learn with SAC, here or in a peer, or take uniform actions. */
export const smokeScale: Pick<Profile, 'seeds' | 'scale' | 'change'> = {
  seeds: 1,
  scale: '16x16 networks, batch 16, 400 steps',
  change: (arm): Arm => {
    if (arm.kind === 'uniform') return { ...arm, episodes: 1 }
    if (arm.kind === 'compute') return arm
    const config = { ...arm.config, hidden: [16, 16], batchSize: 16 }
    return { ...arm, config, train: { ...arm.train, ...train } }
  },
}
