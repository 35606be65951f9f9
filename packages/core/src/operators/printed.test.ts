/** Counter-examples to what Tirumala et al. 2019 print for Retrace and V-trace. */
import * as tf from '@tensorflow/tfjs'
import type { Tensor2D } from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { retrace, vtrace } from './index.ts'

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

const gamma = 0.9
const column = (...values: number[]): Tensor2D => tf.tensor2d(values, [values.length, 1])

interface Piece {
  readonly reward: readonly number[]
  /** π(a_t|s_t)/μ(a_t|s_t) */
  readonly ratio: readonly number[]
}

/** Eq. 19 with Q = 0 and V = 0, λ = 1: the product over i = s..t is c_t for s = t and empty, 1, for s > t. */
function printed({ reward, ratio }: Piece): number {
  return reward.reduce((sum, r, s) => sum + gamma ** s * (s === 0 ? ratio[0] : 1) * r, 0)
}

/** Eq. 19 with the product from t + 1 on, but c_i = π/μ with no 1 above it. */
function untruncated({ reward, ratio }: Piece): number {
  let trace = 1
  return reward.reduce((sum, r, s) => {
    if (s > 0) trace *= ratio[s]
    return sum + gamma ** s * trace * r
  }, 0)
}

function library(piecesOf: readonly Piece[]): number[] {
  const table = (of: (piece: Piece) => readonly number[]): Tensor2D =>
    tf.transpose(tf.tensor2d(piecesOf.map((piece) => [...of(piece)])))
  const reward = table((piece) => piece.reward)
  const zeros = tf.zerosLike(reward)
  const target = retrace({
    reward,
    discount: tf.onesLike(reward),
    q: zeros,
    nextValue: zeros,
    logRatio: tf.log(table((piece) => piece.ratio)),
    gamma,
    alpha: 1,
    lambda: 1,
  })
  return [...tf.slice(target, [0, 0], [1, piecesOf.length]).dataSync()]
}

describe('Tirumala 19 as printed', () => {
  it('never learns an action that the policy does not take: its first trace is its own ratio', () => {
    const lastStep: Piece = { reward: [1], ratio: [0] }
    expect(printed(lastStep)).toBe(0)
    expect(library([lastStep])[0]).toBeCloseTo(1, 6)
  })

  it('cuts nothing: it counts a reward that the policy would never have met', () => {
    // From the second step on the other policy takes 100, which π never does: Q^π of the first action is 1.
    const piece: Piece = { reward: [1, 100], ratio: [1, 0] }
    expect(printed(piece)).toBeCloseTo(91, 12)
    expect(library([piece])[0]).toBeCloseTo(1, 6)
  })

  it('without its 1 has the same mean under a one-state process, but a variance that grows with the steps', () => {
    // Two actions, μ uniform, π = (0.95, 0.05), rewards 1 and −1: every stretch that follows the first action, once.
    const variances = [4, 8, 12].map((steps) => {
      const pieces = Array.from({ length: 2 ** (steps - 1) }, (_, code): Piece => {
        const chosen = Array.from({ length: steps }, (_, t) => (t === 0 ? 0 : (code >> (t - 1)) & 1))
        return { reward: chosen.map((a) => 1 - 2 * a), ratio: chosen.map((a) => (a === 0 ? 1.9 : 0.1)) }
      })
      const open = pieces.map(untruncated)
      const mean = open.reduce((sum, x) => sum + x, 0) / open.length
      let exact = 1
      for (let t = 1; t < steps; t++) exact += gamma ** t * 0.9
      expect(mean).toBeCloseTo(exact, 9)
      const varianceOf = (x: readonly number[]): number => {
        const middle = x.reduce((sum, y) => sum + y, 0) / x.length
        return x.reduce((sum, y) => sum + (y - middle) ** 2, 0) / x.length
      }
      return { open: varianceOf(open), truncated: varianceOf(library(pieces)) }
    })
    const [short, , long] = variances
    expect(long.open).toBeGreaterThan(10 * short.open)
    expect(long.truncated).toBeLessThan(2 * short.truncated)
    for (const { open, truncated } of variances) expect(open).toBeGreaterThan(4 * truncated)
  })
})

/** One state that leads to itself: two actions of rewards 1 and −0.5, π = (0.7, 0.3), π₀ uniform. */
function loop(alpha: number) {
  const rewards = [1, -0.5]
  const policy = [0.7, 0.3]
  const kl = policy.reduce((sum, p) => sum + p * Math.log(p / 0.5), 0)
  const mean = policy.reduce((sum, p, a) => sum + p * rewards[a], 0)
  const value = (mean - alpha * kl) / (1 - gamma)
  const q = rewards.map((r) => r + gamma * value)
  // E_π[Q] holds no KL of its own step: V = E_π[Q] − α·KL.
  const expected = value + alpha * kl
  return { rewards, policy, kl, value, q, expected }
}

describe('Tirumala algorithm 2 as printed', () => {
  it('counts the KL twice: with V̂ = E[Q] − α·KL as the next value the exact Q does not stay', () => {
    const alpha = 0.6
    const { rewards, q, kl, value, expected } = loop(alpha)
    const stretch = {
      reward: column(rewards[0], rewards[1], rewards[0]),
      q: column(q[0], q[1], q[0]),
      discount: column(1, 1, 1),
      nextKl: tf.fill<tf.Rank.R2>([3, 1], kl),
      logRatio: column(0, 0, 0),
      gamma,
      alpha,
      lambda: 1,
    }
    const right = retrace({ ...stretch, nextValue: tf.fill<tf.Rank.R2>([3, 1], expected) })
    expect(right.dataSync()[0]).toBeCloseTo(q[0], 5)
    const twice = retrace({ ...stretch, nextValue: tf.fill<tf.Rank.R2>([3, 1], value) })
    const lost = alpha * kl * (gamma + gamma ** 2 + gamma ** 3)
    expect(twice.dataSync()[0]).toBeCloseTo(q[0] - lost, 5)
    expect(lost).toBeGreaterThan(0.1)
  })
})

describe('Tirumala 21 and 22 as printed', () => {
  it('lack α: the exact value does not stay, nor does the advantage vanish on average', () => {
    const alpha = 0.3
    const { rewards, policy, kl, expected } = loop(alpha)
    const averages = (weight: number): { target: number; advantage: number } => {
      const { target, advantage } = vtrace({
        reward: tf.tensor2d([rewards]),
        discount: tf.ones<tf.Rank.R2>([1, 2]),
        value: tf.fill<tf.Rank.R2>([1, 2], expected),
        nextValue: tf.fill<tf.Rank.R2>([1, 2], expected),
        nextKl: tf.fill<tf.Rank.R2>([1, 2], kl),
        logRatio: tf.zeros<tf.Rank.R2>([1, 2]),
        gamma,
        alpha: weight,
      })
      const average = (x: tf.Tensor): number =>
        [...x.dataSync()].reduce((sum, y, a) => sum + policy[a] * y, 0)
      return { target: average(target), advantage: average(advantage) }
    }
    const right = averages(alpha)
    expect(right.target).toBeCloseTo(expected, 5)
    expect(right.advantage).toBeCloseTo(0, 5)
    // As printed KL stands alone, which is α = 1.
    const short = gamma * (1 - alpha) * kl
    expect(averages(1).target).toBeCloseTo(expected - short, 5)
    expect(averages(1).advantage).toBeCloseTo(-short, 5)
    expect(short).toBeGreaterThan(0.03)
  })
})
