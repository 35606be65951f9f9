import { key, type AlgorithmSpec } from '@maxent/core'
import { randomMdp, softProblem, softQIteration } from '@maxent/core/tabular'
import { algorithmConformance, mdpEnv } from '@maxent/core/testing'
import { createProgram, type HostTensor } from '@maxent/jit'
import { createAgent, train } from '@maxent/train'
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

  it('learns the soft optimum of a random process: the policy that soft Q-iteration gives', async () => {
    const alpha = 0.3
    const mdp = randomMdp(key(11), { states: 4, actions: 3, successors: 2, gamma: 0.8 })
    const problem = softProblem({ mdp, alpha })
    const exact = softQIteration(problem)
    const algorithm = discreteSac(mdpEnv(mdp).spec, {
      gamma: mdp.gamma,
      batchSize: 64,
      hidden: [32, 32],
      policyLearningRate: 3e-3,
      criticLearningRate: 3e-3,
      temperature: { kind: 'fixed', alpha },
      target: { kind: 'soft', tau: 0.02 },
    })
    const { state } = await train({
      env: mdpEnv(mdp),
      evalEnv: mdpEnv(mdp),
      algorithm,
      seed: 1,
      config: {
        steps: 3_000,
        warmupSteps: 1_000,
        replayCapacity: 10_000,
        evaluateEvery: 0,
        finalEpisodes: 0,
      },
    })
    const agent = await createAgent({ algorithm, key: key(2), state })
    const counts = new Float64Array(12)
    const draws = 1_500
    let step = 0
    for (let s = 0; s < 4; s++) {
      const observation = { state: Float32Array.from({ length: 4 }, (_, i) => (i === s ? 1 : 0)) }
      for (let i = 0; i < draws; i++) counts[s * 3 + (await agent.act(observation, step++))[0]]++
      const [greedy] = await agent.actDeterministic(observation)
      const row = exact.policy.slice(s * 3, s * 3 + 3)
      expect(row[greedy]).toBeGreaterThan(Math.max(...row) - 0.1)
    }
    await agent.dispose()
    for (const [at, p] of exact.policy.entries()) expect(Math.abs(counts[at] / draws - p)).toBeLessThan(0.08)
  }, 60_000)

  it('learns a temperature at which the entropy is what was asked', async () => {
    const mdp = randomMdp(key(12), { states: 3, actions: 3, successors: 2, gamma: 0.5 })
    const targetEntropy = 0.6
    const algorithm = discreteSac(mdpEnv(mdp).spec, {
      gamma: mdp.gamma,
      batchSize: 64,
      hidden: [32],
      policyLearningRate: 3e-3,
      criticLearningRate: 3e-3,
      temperature: { kind: 'learned', initialAlpha: 1, targetEntropy, learningRate: 3e-3 },
      target: { kind: 'soft', tau: 0.05 },
    })
    const { state } = await train({
      env: mdpEnv(mdp),
      evalEnv: mdpEnv(mdp),
      algorithm,
      seed: 1,
      config: {
        steps: 3_500,
        warmupSteps: 500,
        replayCapacity: 10_000,
        evaluateEvery: 0,
        finalEpisodes: 0,
      },
    })
    // The temperature of the exact problem whose optimal policy has that entropy on average over states.
    const entropyAt = (alpha: number): number => {
      const solution = softQIteration(softProblem({ mdp, alpha }))
      return -solution.policy.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0) / mdp.states
    }
    let [low, high] = [0.01, 2]
    for (let i = 0; i < 40; i++) {
      const middle = (low + high) / 2
      if (entropyAt(middle) < targetEntropy) low = middle
      else high = middle
    }
    const { logAlpha } = state as unknown as { readonly logAlpha: HostTensor }
    expect(Math.exp(logAlpha.data[0]) / low).toBeGreaterThan(0.75)
    expect(Math.exp(logAlpha.data[0]) / low).toBeLessThan(1.33)
  }, 60_000)
})
