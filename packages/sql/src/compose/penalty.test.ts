import * as tf from '@tensorflow/tfjs'
import { foldIn, integers, key, normal, uniform } from '@maxent/core'
import {
  compose,
  expectNext,
  randomMdp,
  renyiHalf,
  softPolicyIteration,
  softProblem,
  weightedReward,
} from '@maxent/core/tabular'
import type { Composition, FiniteMdp, SoftProblem } from '@maxent/core/tabular'
import { describe, expect, it } from 'vitest'
import { boundTargets } from './bounds.ts'
import {
  compositionPenalty,
  effectiveSampleSizes,
  meanDivergence,
  type CompositionSamples,
} from './penalty.ts'

interface Truth {
  readonly mdp: FiniteMdp
  readonly problem: SoftProblem
  readonly parts: readonly Float64Array[]
  readonly composed: Composition
}

/** The optimal values of some tasks of a random process, and what lemma 5 and theorem 3 say of their mix. */
function solve(seed: number, alpha: number, weights: readonly number[]): Truth {
  const mdp = randomMdp(key(seed), {
    states: 5,
    actions: 4,
    successors: 2,
    gamma: 0.8,
    tasks: weights.length,
  })
  const problem = softProblem({ mdp, alpha, reward: weightedReward(mdp, weights) })
  const parts = mdp.rewards.map((reward) => softPolicyIteration({ ...problem, reward }).q)
  return { mdp, problem, parts, composed: compose(problem, parts, weights) }
}

/** All actions of all states, [S, A], as if they had been drawn uniformly. */
function allActions({ mdp, problem, parts }: Truth): CompositionSamples {
  const shape: [number, number] = [mdp.states, mdp.actions]
  return {
    q: parts.map((table) => tf.tensor2d(Float32Array.from(table), shape)),
    logProposal: tf.fill(shape, -Math.log(mdp.actions)),
    alpha: problem.alpha,
  }
}

describe('compositionPenalty', () => {
  it.each([
    ['two tasks alike', 0.3, [0.5, 0.5]],
    ['three tasks at a high temperature', 3, [0.2, 0.3, 0.5]],
    ['one task of no weight', 0.1, [0, 0.6, 0.4]],
  ])('of all actions is that of the exact solution, for %s', (_, alpha, weights) => {
    const truth = solve(1, alpha, weights)
    const { penalty, policyWeights } = compositionPenalty(allActions(truth), weights)
    const { composed } = truth
    expect(Math.max(...composed.penalty)).toBeGreaterThan(0.01)
    for (const [s, value] of penalty.dataSync().entries()) expect(value).toBeCloseTo(composed.penalty[s], 4)
    for (const [at, share] of policyWeights.dataSync().entries())
      expect(share).toBeCloseTo(composed.policy[at], 4)
  })

  it('of sampled actions comes near it, and is never below zero', () => {
    const truth = solve(2, 0.2, [0.5, 0.5])
    const { mdp, parts, composed } = truth
    const count = 4_000
    const drawn = integers(key(3), mdp.states * count, mdp.actions)
    const q = parts.map((table) =>
      tf.tensor2d(
        Float32Array.from(drawn, (a, i) => table[Math.floor(i / count) * mdp.actions + a]),
        [mdp.states, count],
      ),
    )
    const logProposal = tf.fill([mdp.states, count], -Math.log(mdp.actions))
    const found = compositionPenalty({ q, logProposal, alpha: 0.2 }, [0.5, 0.5]).penalty.dataSync()
    const scale = Math.max(...composed.penalty)
    for (const [s, value] of found.entries()) {
      expect(Math.abs(value - composed.penalty[s])).toBeLessThan(0.05 * scale)
    }
    const few = compositionPenalty(
      {
        q: q.map((one) => tf.slice(one, [0, 0], [-1, 2])),
        logProposal: tf.fill([5, 2], -Math.log(4)),
        alpha: 0.2,
      },
      [0.5, 0.5],
    )
    expect(Math.min(...few.penalty.dataSync())).toBeGreaterThanOrEqual(0)
  })

  it('is low where few actions count for a part, as its effective sample size tells', () => {
    // Policies N(0, σᵢ²) in seven dimensions, whose divergence is known.
    const [rows, count, dimensions] = [200, 64, 7]
    const [wide, narrow] = [0.6, 0.15]
    const exact = dimensions * Math.log((wide ** 2 + narrow ** 2) / (2 * wide * narrow))
    const box = tf.tensor3d(uniform(key(8), rows * count * dimensions), [rows, count, dimensions])
    const squares = tf.sum(tf.square(tf.sub(tf.mul(box, 2), 1)), 2)
    const samples = {
      q: [wide, narrow].map((deviation) => tf.div(squares, -2 * deviation ** 2)),
      logProposal: tf.fill([rows, count], -dimensions * Math.LN2),
      alpha: 1,
    }
    const meanOf = (values: tf.Tensor): number => tf.mean(values).dataSync()[0]
    const { penalty, effectiveSampleSize } = compositionPenalty(samples, [0.5, 0.5])
    expect(2 * meanOf(penalty)).toBeLessThan(0.7 * exact)
    expect(meanOf(meanDivergence(samples))).toBeLessThan(0.7 * exact)
    const [ofWide, ofNarrow] = samples.q.map((q) => meanOf(effectiveSampleSizes({ ...samples, q })))
    expect(ofNarrow).toBeLessThan(1.5)
    expect(ofWide).toBeGreaterThan(2 * ofNarrow)
    expect(meanOf(effectiveSampleSize)).toBeLessThan(ofWide)
  })

  it('is nothing for tasks that agree, but for a constant', () => {
    const q = tf.tensor2d(normal(key(4), 30), [3, 10])
    const { penalty } = compositionPenalty(
      { q: [q, tf.add(q, 5)], logProposal: tf.zeros([3, 10]), alpha: 0.1 },
      [0.3, 0.7],
    )
    for (const value of penalty.dataSync()) expect(value).toBeLessThan(1e-5)
  })

  it('refuses other shapes', () => {
    const samples = { q: [tf.zeros([2, 3]), tf.zeros([2, 4])], logProposal: tf.zeros([2, 3]), alpha: 1 }
    expect(() => compositionPenalty(samples, [0.5, 0.5])).toThrow(
      'compositionPenalty: q must have shape [B, K] with B=2, K=3, got [2, 4]',
    )
    const [q] = samples.q
    expect(() => compositionPenalty({ ...samples, q: [q], alpha: 0 }, [1])).toThrow('alpha must be')
  })

  it.each([[[1, 1]], [[1]], [[1.5, -0.5]], [[]]])('refuses the weights %j of two tasks', (weights) => {
    const q = [tf.zeros([2, 3]), tf.zeros([2, 3])]
    expect(() => compositionPenalty({ q, logProposal: tf.zeros([2, 3]), alpha: 1 }, weights)).toThrow(
      'compositionPenalty: weights must be 2 numbers, each 0 or from 0.000001 to 1000000, of sum 1',
    )
  })
})

it('compositionPenalty refuses no task', () => {
  expect(() => compositionPenalty({ q: [], logProposal: tf.zeros([2, 3]), alpha: 1 }, [])).toThrow(
    'compositionPenalty: q must have at least one task, got none',
  )
})

describe('meanDivergence', () => {
  it('is that of the exact policies, over all pairs', () => {
    const truth = solve(5, 0.3, [0.2, 0.3, 0.5])
    const { mdp, problem } = truth
    const policies = mdp.rewards.map((reward) => softPolicyIteration({ ...problem, reward }).policy)
    const found = meanDivergence(allActions(truth)).dataSync()
    for (let s = 0; s < mdp.states; s++) {
      const rows = policies.map((policy) => policy.subarray(s * mdp.actions, (s + 1) * mdp.actions))
      const pairs = [[0, 1], [0, 2], [1, 2]].map(([i, j]) => renyiHalf(rows[i], rows[j])) // prettier-ignore
      expect(found[s]).toBeCloseTo(pairs.reduce((sum, x) => sum + x, 0) / 3, 4)
    }
  })

  it('refuses a single task', () => {
    const one = { q: [tf.zeros([1, 2])], logProposal: tf.zeros([1, 2]), alpha: 1 }
    expect(() => meanDivergence(one)).toThrow('meanDivergence: q must have at least two tasks, got 1')
  })
})

describe('boundTargets', () => {
  it('lead, from sampled transitions, to C* and D* of the exact solution', () => {
    const weights = [0.5, 0.5]
    const truth = solve(6, 0.2, weights)
    const { mdp, composed } = truth
    const rows = mdp.states * mdp.actions
    // Successors of every state and action, drawn by chance.
    const draws = 400
    const out = new Float64Array(mdp.actions)
    const successors = Int32Array.from({ length: rows * draws }, (_, i) => {
      const row = Math.floor(i / draws)
      let left = (integers(foldIn(key(7), i), 1, 1_000_003)[0] + 0.5) / 1_000_003
      for (let next = 0; ; next++) {
        const one = new Float64Array(mdp.states)
        one[next] = 1
        expectNext(mdp, Math.floor(row / mdp.actions), { value: one, out })
        left -= out[row % mdp.actions]
        if (left <= 0 || next === mdp.states - 1) return next
      }
    })
    const index = tf.tensor1d(successors, 'int32')
    const inEachState = compositionPenalty(allActions(truth), weights)
    const next = {
      penalty: tf.gather(inEachState.penalty, index),
      policyWeights: tf.gather(inEachState.policyWeights, index),
    }
    const ahead = (table: tf.Tensor): tf.Tensor =>
      tf.gather(tf.reshape(table, [mdp.states, mdp.actions]), index)
    const perRow = (values: tf.Tensor): tf.Tensor => tf.mean(tf.reshape(values, [rows, draws]), 1)
    let [gap, regret]: tf.Tensor[] = [tf.zeros([rows]), tf.zeros([rows])]
    for (let sweep = 0; sweep < 80; sweep++) {
      const targets = boundTargets({
        next,
        nextGap: ahead(gap),
        nextRegret: ahead(regret),
        discount: tf.ones([rows * draws]),
        gamma: mdp.gamma,
      })
      ;[gap, regret] = [perRow(targets.gap), perRow(targets.regret)]
    }
    const [most, mostRegret] = [Math.max(...composed.gap), Math.max(...composed.regret)]
    expect(most).toBeGreaterThan(0.1)
    for (let at = 0; at < rows; at++) {
      expect(Math.abs(gap.dataSync()[at] - composed.gap[at])).toBeLessThan(0.04 * most)
      expect(Math.abs(regret.dataSync()[at] - composed.regret[at])).toBeLessThan(0.04 * mostRegret)
    }
  })

  it('are nothing where the task ends', () => {
    const next = { penalty: tf.ones([2]), policyWeights: tf.fill([2, 3], 1 / 3) }
    const { gap, regret } = boundTargets({
      next,
      nextGap: tf.tensor2d([1, 2, 3, 1, 2, 3], [2, 3]),
      nextRegret: tf.ones([2, 3]),
      discount: tf.tensor1d([1, 0]),
      gamma: 0.5,
    })
    // ½·(1 + 3) and ½·(2 + 1)
    expect([...gap.dataSync()]).toEqual([2, 0])
    expect(regret.dataSync()[0]).toBeCloseTo(1.5, 6)
    expect(regret.dataSync()[1]).toBe(0)
  })

  it('refuse other shapes', () => {
    const next = { penalty: tf.ones([2]), policyWeights: tf.ones([2, 3]) }
    const args = {
      next,
      nextGap: tf.ones([2, 4]),
      nextRegret: tf.ones([2, 3]),
      discount: tf.ones([2]),
      gamma: 1,
    }
    expect(() => boundTargets(args)).toThrow(
      'boundTargets: nextGap must have shape [B, K] with B=2, K=3, got [2, 4]',
    )
  })
})
