import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { foldIn, key, uniform } from '../keys/index.ts'
import {
  latentDivergences,
  periodicValues,
  randomMdp,
  randomPolicy,
  type LatentPolicy,
} from '../tabular/index.ts'
import { vtrace } from './index.ts'

const [states, actions, latents, steps, pieces] = [3, 2, 3, 4, 40_000]
const [alpha, gamma] = [0.6, 0.8]
const mdp = randomMdp(key(1), { states, actions, successors: 2, gamma })
const level = (name: string): Float64Array =>
  randomPolicy(foldIn(key(2), name), { states, actions: latents }, 4)
const low = randomPolicy(foldIn(key(2), 'low'), { states: states * latents, actions }, 4)
// The low level is shared, as in Tirumala 20: the divergence is that of the latents, at the steps that draw one.
const agent: LatentPolicy = { latents, high: level('high'), low }
const prior: LatentPolicy = { latents, high: level('default'), low }
const klOfLatents = latentDivergences(mdp, agent, prior).high
const behaviour = randomPolicy(foldIn(key(2), 'behaviour'), mdp, 1)
const initial = Float64Array.of(0.5, 0.5, 0)

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

function pick(probabilities: Float64Array, at: number): number {
  let sum = 0
  for (let i = 0; i < probabilities.length - 1; i++) {
    sum += probabilities[i]
    if (at < sum) return i
  }
  return probabilities.length - 1
}

/**
 * Stretches of four steps from the start of an episode, with latents drawn from the agent in the states visited at steps 1, 1 + p, ...
 * and held between. On policy the latents also choose the actions; off policy another, flat policy did, and knows no latents.
 */
function experience(period: number, acting: 'agent' | 'behaviour') {
  const { probability } = mdp.transitions
  const noise = uniform(foldIn(foldIn(key(3), period), acting), 3 * steps * pieces)
  const starts = uniform(foldIn(key(4), period), pieces)
  const reward = new Float32Array(steps * pieces)
  const logRatio = new Float32Array(steps * pieces)
  const nextKl = new Float32Array(steps * pieces)
  const everyKl = new Float32Array(steps * pieces)
  for (let b = 0; b < pieces; b++) {
    let s = pick(initial, starts[b])
    let z = 0
    for (let t = 0; t < steps; t++) {
      const i = t * pieces + b
      if (t % period === 0) z = pick(agent.high.subarray(s * latents, (s + 1) * latents), noise[3 * i])
      const mine = low.subarray((s * latents + z) * actions, (s * latents + z + 1) * actions)
      const theirs = behaviour.subarray(s * actions, (s + 1) * actions)
      const a = pick(acting === 'agent' ? mine : theirs, noise[3 * i + 1])
      if (acting === 'behaviour') logRatio[i] = Math.log(mine[a] / theirs[a])
      reward[i] = mdp.rewards[0][s * actions + a]
      const row = s * actions + a
      s = pick(probability.subarray(row * states, (row + 1) * states), noise[3 * i + 2])
      if (t + 1 === steps) continue
      everyKl[i] = klOfLatents[s]
      if ((t + 1) % period === 0) nextKl[i] = klOfLatents[s]
    }
  }
  const column = (x: Float32Array): Tensor2D => tf.tensor2d(x, [steps, pieces])
  const zeros = tf.zeros<tf.Rank.R2>([steps, pieces])
  const shared = {
    reward: column(reward),
    discount: tf.ones<tf.Rank.R2>([steps, pieces]),
    value: zeros,
    nextValue: zeros,
    logRatio: column(logRatio),
    gamma,
    alpha,
    // Nothing is cut: the mean is then the value of the agent, whoever acted.
    traceLimit: 1e6,
    stepLimit: 1e6,
  }
  return { shared, nextKl: column(nextKl), everyKl: column(everyKl) }
}

/** The mean of the first step's target over the pieces, and four standard errors of it. */
function firstRow(target: Tensor): { mean: number; error: number } {
  const values = target.arraySync() as number[][]
  const mean = values[0].reduce((sum, x) => sum + x, 0) / pieces
  const square = values[0].reduce((sum, x) => sum + (x - mean) ** 2, 0) / (pieces - 1)
  return { mean, error: 4 * Math.sqrt(square / pieces) }
}

describe.each([1, 2])('V-trace with latents of period %i', (period) => {
  // Tirumala 27 counts discounts from γ at the first step, whose own divergence belongs to the policy's loss.
  const { bound } = periodicValues(
    { mdp, reward: mdp.rewards[0], alpha, agent, prior },
    { period, horizon: steps, initial },
  )
  const exact = bound / gamma + alpha * initial.reduce((sum, p, s) => sum + p * klOfLatents[s], 0)

  it.each(['agent', 'behaviour'] as const)(
    'has the exact bound as its mean, with actions of the %s and latents drawn anew from the agent',
    (acting) => {
      const { shared, nextKl } = experience(period, acting)
      const { mean, error } = firstRow(vtrace({ ...shared, nextKl }).target)
      expect(Math.abs(mean - exact)).toBeLessThan(error)
      expect(error).toBeLessThan(0.1)
    },
  )

  it('has another mean where divergences are left out, or counted at steps that draw no latent', () => {
    const { shared, everyKl } = experience(period, 'agent')
    const none = firstRow(vtrace(shared).target)
    expect(none.mean - exact).toBeGreaterThan(none.error)
    const every = firstRow(vtrace({ ...shared, nextKl: everyKl }).target)
    if (period === 1) expect(Math.abs(every.mean - exact)).toBeLessThan(every.error)
    else expect(exact - every.mean).toBeGreaterThan(every.error)
  })
})
