import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fillUniform, foldIn, key } from '../keys/index.ts'
import { randomMdp, randomPolicy, softPolicyEvaluation, softProblem } from '../tabular/index.ts'
import type { FiniteMdp } from '../tabular/index.ts'
import { checkZeroGrads } from '../testing/index.ts'
import { gae, lambdaReturns, nStepReturns, retrace, vtrace } from './index.ts'

const column = (...values: number[]): Tensor2D => tf.tensor2d(values, [values.length, 1])
const ones = (): Tensor2D => column(1, 1, 1)

/** Three steps with unlike numbers everywhere. */
const stretch = () => ({
  reward: column(1, 2, 3),
  discount: ones(),
  nextValue: column(0.5, -0.3, 0.8),
  gamma: 0.9,
  alpha: 0.2,
})
const offPolicy = () => ({
  ...stretch(),
  nextKl: column(0.1, 0.6, 0.4),
  logRatio: column(Math.log(0.3), Math.log(0.5), Math.log(3)),
})

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

describe('retrace', () => {
  const args = () => ({ ...offPolicy(), q: column(0.2, -0.7, 1.1), lambda: 0.8 })
  // δ by hand.
  const d0 = 1 + 0.9 * (0.5 - 0.02) - 0.2
  const d1 = 2 + 0.9 * (-0.3 - 0.12) + 0.7
  const d2 = 3 + 0.9 * (0.8 - 0.08) - 1.1

  it('multiplies the traces from t + 1 on, truncated at one, by hand', () => {
    const [c1, c2] = [0.8 * 0.5, 0.8]
    expect(retrace(args())).toBeAllClose([
      [0.2 + d0 + 0.9 * c1 * d1 + 0.81 * c1 * c2 * d2],
      [-0.7 + d1 + 0.9 * c2 * d2],
      [1.1 + d2],
    ])
  })

  it('does not read the ratio of the first step, and cuts where a later one is zero', () => {
    const first = column(50, Math.log(0.5), Math.log(3))
    expect(retrace({ ...args(), logRatio: first })).toBeAllClose(retrace(args()))
    const cut = retrace({ ...args(), logRatio: column(0, -Infinity, 0) })
    expect(cut).toBeAllClose([[0.2 + d0], [-0.7 + d1 + 0.9 * 0.8 * d2], [1.1 + d2]])
  })

  it('ends with the task, and where time ran out on the next value', () => {
    const ended = retrace({ ...args(), discount: column(1, 0, 1) })
    expect(ended).toBeAllClose([[0.2 + d0 + 0.9 * 0.4 * 2.7], [2], [1.1 + d2]])
    const cut = retrace({ ...args(), continues: column(1, 0, 1) })
    expect(cut).toBeAllClose([[0.2 + d0 + 0.9 * 0.4 * d1], [-0.7 + d1], [1.1 + d2]])
  })

  it('is one-step for λ = 0, and on policy the λ-return less what its own values are off by', () => {
    const { reward, nextValue, nextKl, gamma, alpha } = args()
    const oneStep = tf.add(reward, tf.mul(gamma, tf.sub(nextValue, tf.mul(alpha, nextKl))))
    expect(retrace({ ...args(), lambda: 0 })).toBeAllClose(oneStep)
    // With Q(s_t, a_t) = E_π Q(s_t, ·), as when the critic does not tell actions apart, Retrace on policy is the λ-return.
    const q = column(0.7, 0.5, -0.3)
    const onPolicy = retrace({ ...args(), q, logRatio: tf.zeros([3, 1]) })
    expect(onPolicy).toBeAllClose(lambdaReturns({ ...args(), nextEntropy: tf.neg(nextKl) }))
  })

  it('works piece by piece, and for one step', () => {
    const twice = (x: Tensor): Tensor => tf.concat([x, tf.mul(2, x)], 1)
    const { reward, nextValue, nextKl, q, discount, logRatio } = args()
    const both = retrace({
      ...args(),
      reward: twice(reward),
      nextValue: twice(nextValue),
      nextKl: twice(nextKl),
      q: twice(q),
      discount: tf.concat([discount, discount], 1),
      logRatio: tf.concat([logRatio, logRatio], 1),
    })
    expect(both).toBeAllClose(twice(retrace(args())))
    const first = (x: Tensor): Tensor => tf.slice(x, [2, 0], [1, 1])
    const single = { q: first(q), reward: first(reward), discount: first(discount), nextKl: first(nextKl) }
    const last = { ...args(), ...single, nextValue: first(nextValue), logRatio: first(logRatio) }
    expect(retrace(last)).toBeAllClose([[1.1 + d2]])
  })
})

describe('vtrace', () => {
  const args = () => ({ ...offPolicy(), value: column(0.2, 0.5, -0.3) })
  const d0 = 0.3 * (1 + 0.9 * (0.5 - 0.02) - 0.2)
  const d1 = 0.5 * (2 + 0.9 * (-0.3 - 0.12) - 0.5)
  const d2 = 1 * (3 + 0.9 * (0.8 - 0.08) + 0.3)

  it('multiplies the traces from s to t − 1, by hand', () => {
    const { target, advantage } = vtrace(args())
    const v2 = -0.3 + d2
    const v1 = 0.5 + d1 + 0.9 * 0.5 * d2
    expect(target).toBeAllClose([[0.2 + d0 + 0.9 * 0.3 * d1 + 0.81 * 0.3 * 0.5 * d2], [v1], [v2]])
    expect(advantage).toBeAllClose([
      [0.3 * (1 + 0.9 * (v1 - 0.02) - 0.2)],
      [0.5 * (2 + 0.9 * (v2 - 0.12) - 0.5)],
      [d2],
    ])
  })

  it('truncates steps and traces at their own limits', () => {
    const { target } = vtrace({
      ...args(),
      logRatio: tf.fill([3, 1], Math.log(5)),
      stepLimit: 2,
      traceLimit: 0,
    })
    expect(target).toBeAllClose([[0.2 + (2 * d0) / 0.3], [0.5 + (2 * d1) / 0.5], [-0.3 + 2 * d2]])
  })

  it('on policy is the return over all steps', () => {
    const onPolicy = { ...args(), logRatio: tf.zeros([3, 1]) }
    const { nextKl } = onPolicy
    expect(vtrace(onPolicy).target).toBeAllClose(
      nStepReturns({ ...onPolicy, nextEntropy: tf.neg(nextKl), steps: 3 }),
    )
    const { nextKl: _, ...without } = onPolicy
    expect(vtrace(without).target).toBeAllClose(tf.add(gae({ ...without, lambda: 1 }), without.value))
  })

  it('ends with the task, and where time ran out on the next value', () => {
    const cut = vtrace({ ...args(), continues: column(1, 0, 1) })
    expect(cut.target).toBeAllClose([[0.2 + d0 + 0.9 * 0.3 * d1], [0.5 + d1], [-0.3 + d2]])
    expect(cut.advantage).toBeAllClose([[d0 + 0.3 * 0.9 * d1], [d1], [d2]])
    const ended = vtrace({ ...args(), discount: column(1, 0, 1) })
    expect(ended.target).toBeAllClose([[0.2 + d0 + 0.9 * 0.3 * 0.75], [0.5 + 0.75], [-0.3 + d2]])
  })
})

describe('returns', () => {
  const args = () => ({ ...stretch(), nextEntropy: column(0.4, 1, -0.5) })

  it('over n steps are the discounted sums, by hand', () => {
    const one = [1 + 0.9 * (0.5 + 0.08), 2 + 0.9 * (-0.3 + 0.2), 3 + 0.9 * (0.8 - 0.1)]
    expect(nStepReturns({ ...args(), steps: 1 })).toBeAllClose(one.map((x) => [x]))
    expect(nStepReturns({ ...args(), steps: 2 })).toBeAllClose([
      [1 + 0.9 * (0.08 + one[1])],
      [2 + 0.9 * (0.2 + one[2])],
      [one[2]],
    ])
    const all = [1 + 0.9 * (0.08 + 2 + 0.9 * (0.2 + one[2])), 2 + 0.9 * (0.2 + one[2]), one[2]]
    expect(nStepReturns({ ...args(), steps: 3 })).toBeAllClose(all.map((x) => [x]))
    expect(nStepReturns({ ...args(), steps: 50 })).toBeAllClose(all.map((x) => [x]))
  })

  it('weighted by λ are one step at λ = 0, all steps at λ = 1, and the mixture between', () => {
    const n = (steps: number): Tensor => nStepReturns({ ...args(), steps })
    expect(lambdaReturns({ ...args(), lambda: 0 })).toBeAllClose(n(1))
    expect(lambdaReturns({ ...args(), lambda: 1 })).toBeAllClose(n(3))
    const mixture = tf.addN([tf.mul(0.3, n(1)), tf.mul(0.3 * 0.7, n(2)), tf.mul(0.49, n(3))])
    expect(lambdaReturns({ ...args(), lambda: 0.7 })).toBeAllClose(mixture)
  })

  it('stop at the end of the task, and take the next value where time ran out', () => {
    for (const of of [
      (more: object) => nStepReturns({ ...args(), steps: 3, ...more }),
      (more: object) => lambdaReturns({ ...args(), lambda: 1, ...more }),
    ]) {
      const [one] = [3 + 0.9 * 0.7]
      expect(of({ discount: column(1, 0, 1) })).toBeAllClose([[1 + 0.9 * 2.08], [2], [one]])
      const second = 2 + 0.9 * (-0.3 + 0.2)
      expect(of({ continues: column(1, 0, 1) })).toBeAllClose([[1 + 0.9 * (0.08 + second)], [second], [one]])
    }
  })

  it('leave generalised advantages when the value is taken off', () => {
    const value = column(0.2, 0.5, -0.3)
    const { nextEntropy: _, ...plain } = args()
    for (const lambda of [0, 0.6, 1]) {
      expect(tf.add(gae({ ...plain, value, lambda }), value)).toBeAllClose(
        lambdaReturns({ ...plain, lambda }),
      )
    }
    expect(gae({ ...plain, value, lambda: 0.6, continues: column(0, 0, 0) })).toBeAllClose(
      gae({ ...plain, value, lambda: 0 }),
    )
    const second = 2 - 0.27 - 0.5
    expect(gae({ ...plain, value, lambda: 0.5 })).toBeAllClose([
      [1 + 0.45 - 0.2 + 0.45 * (second + 0.45 * (3 + 0.72 + 0.3))],
      [second + 0.45 * (3 + 0.72 + 0.3)],
      [3 + 0.72 + 0.3],
    ])
  })
})

describe('against the exact solver', () => {
  const gamma = 0.7
  const alpha = 0.5
  const mdp = randomMdp(key(12), { states: 4, actions: 3, successors: 4, gamma })
  const [pi, prior, mu] = [1, 2, 3].map((i) => randomPolicy(key(i), mdp))
  const exact = softPolicyEvaluation(softProblem({ mdp, alpha, defaultPolicy: prior }), pi)
  const klAt = (s: number): number =>
    [0, 1, 2].reduce((sum, a) => sum + pi[s * 3 + a] * Math.log(pi[s * 3 + a] / prior[s * 3 + a]), 0)

  /** `pieces` stretches of `steps` under `acting`, from state 0 and action 0. */
  function experience(acting: Float64Array, steps: number, pieces: number) {
    const at = {
      s: new Int32Array(steps * pieces),
      a: new Int32Array(steps * pieces),
      next: new Int32Array(steps * pieces),
    }
    const uniforms = new Float32Array(2 * steps * pieces)
    fillUniform(foldIn(key(7), steps), uniforms)
    for (let b = 0; b < pieces; b++) {
      let s = 0
      for (let t = 0; t < steps; t++) {
        const i = t * pieces + b
        at.s[i] = s
        at.a[i] = t === 0 ? 0 : pick(acting.subarray(s * 3, s * 3 + 3), uniforms[2 * i])
        s = pick(rowOf(mdp, s * 3 + at.a[i]), uniforms[2 * i + 1])
        at.next[i] = s
      }
    }
    const tensor = (f: (i: number) => number): Tensor2D =>
      tf.tensor2d(
        Float32Array.from(at.s, (_, i) => f(i)),
        [steps, pieces],
      )
    const expected = (q: Float64Array, s: number): number =>
      [0, 1, 2].reduce((sum, a) => sum + pi[s * 3 + a] * q[s * 3 + a], 0)
    return {
      of: (q: Float64Array) => ({
        q: tensor((i) => q[at.s[i] * 3 + at.a[i]]),
        nextValue: tensor((i) => expected(q, at.next[i])),
      }),
      reward: tensor((i) => mdp.rewards[0][at.s[i] * 3 + at.a[i]]),
      discount: tf.ones<tf.Rank.R2>([steps, pieces]),
      nextKl: tensor((i) => klAt(at.next[i])),
      logRatio: tensor((i) => Math.log(pi[at.s[i] * 3 + at.a[i]] / acting[at.s[i] * 3 + at.a[i]])),
      value: (v: Float64Array) => tensor((i) => v[at.s[i]]),
      nextV: (v: Float64Array) => tensor((i) => v[at.next[i]]),
      gamma,
      alpha,
    }
  }

  function firstRow(x: Tensor): { mean: number; error: number } {
    const { mean, variance } = tf.moments(tf.slice(x, [0, 0], [1, x.shape[1] ?? 0]))
    return {
      mean: mean.dataSync()[0],
      error: 4 * Math.sqrt(variance.dataSync()[0] / (x.shape[1] ?? 0)) + 1e-3,
    }
  }

  it('Retrace leaves the exact Q alone, off policy, and learns it from nothing on policy', () => {
    const off = experience(mu, 6, 3000)
    for (const lambda of [0.5, 1]) {
      const { mean, error } = firstRow(retrace({ ...off, ...off.of(exact.q), lambda }))
      expect(Math.abs(mean - exact.q[0])).toBeLessThan(error)
    }
    const on = experience(pi, 20, 2000)
    const { mean, error } = firstRow(retrace({ ...on, ...on.of(new Float64Array(12)), lambda: 1 }))
    expect(Math.abs(mean - exact.q[0])).toBeLessThan(error + gamma ** 20 * Math.abs(exact.q[0]))
  })

  it('Retrace off policy contracts: from nothing it comes nearer to Q than one step does', () => {
    const off = experience(mu, 12, 3000)
    const distance = (lambda: number): number =>
      Math.abs(firstRow(retrace({ ...off, ...off.of(new Float64Array(12)), lambda })).mean - exact.q[0])
    expect(distance(1)).toBeLessThan(distance(0))
  })

  it('soft returns have the exact Q as their mean, with n steps and with λ', () => {
    const on = experience(pi, 8, 3000)
    const shared = { ...on, nextValue: on.of(exact.q).nextValue, nextEntropy: tf.neg(on.nextKl) }
    for (const target of [
      nStepReturns({ ...shared, steps: 3 }),
      nStepReturns({ ...shared, steps: 8 }),
      lambdaReturns({ ...shared, lambda: 0.8 }),
    ]) {
      const { mean, error } = firstRow(target)
      expect(Math.abs(mean - exact.q[0])).toBeLessThan(error)
    }
  })

  it('V-trace with the exact value stays at Q of the first action on policy', () => {
    const on = experience(pi, 6, 3000)
    // What Tirumala's Eq. 21 calls V holds no KL of its own step.
    const bare = exact.v.map((v, s) => v + alpha * klAt(s))
    const { target } = vtrace({ ...on, value: on.value(bare), nextValue: on.nextV(bare) })
    const { mean, error } = firstRow(target)
    expect(Math.abs(mean - exact.q[0])).toBeLessThan(error)
  })
})

describe('all targets', () => {
  const base = () => {
    const { gamma: _gamma, alpha: _alpha, ...tensors } = offPolicy()
    return { ...tensors, continues: ones(), value: column(1, 2, 3), q: column(3, 1, 2), learned: ones() }
  }
  const rest = { gamma: 0.9, alpha: 0.2, lambda: 0.7, steps: 2 }
  const targets = {
    retrace: (a: ReturnType<typeof base>) => retrace({ ...a, ...rest }),
    vtrace: (a: ReturnType<typeof base>) => vtrace({ ...a, ...rest }).target,
    advantage: (a: ReturnType<typeof base>) => vtrace({ ...a, ...rest }).advantage,
    nStepReturns: (a: ReturnType<typeof base>) => nStepReturns({ ...a, ...rest, nextEntropy: a.nextKl }),
    lambdaReturns: (a: ReturnType<typeof base>) => lambdaReturns({ ...a, ...rest, nextEntropy: a.nextKl }),
    gae: (a: ReturnType<typeof base>) => gae({ ...a, ...rest }),
  }

  it.each(Object.entries(targets))('%s is a constant and keeps no tensors', (_, target) => {
    const args = base()
    const names = [
      'reward',
      'discount',
      'continues',
      'nextValue',
      'nextKl',
      'logRatio',
      'value',
      'q',
    ] as const
    checkZeroGrads((a: typeof args) => tf.sum(tf.square(tf.sub(a.learned, target(a)))), args, names)
    const before = tf.memory().numTensors
    target(args).dispose()
    expect(tf.memory().numTensors - before).toBeLessThanOrEqual(1)
  })

  it.each(Object.entries(targets))('%s stays finite for huge ratios and values', (_, target) => {
    for (const logRatio of [-1e30, -100, 100, 1e30]) {
      const args = {
        ...base(),
        logRatio: tf.fill<tf.Rank.R2>([3, 1], logRatio),
        reward: column(1e30, -1e30, 1e30),
      }
      expect(tf.all(tf.isFinite(target(args))).dataSync()[0]).toBe(1)
    }
  })

  it('refuse what does not fit', () => {
    const all = { ...base(), ...rest }
    expect(() => retrace({ ...all, q: tf.zeros([3]) })).toThrow('retrace: q must have shape [T, B]')
    expect(() => retrace({ ...all, gamma: 1.1 })).toThrow(
      new RangeError('retrace: gamma must be in [0, 1], got 1.1'),
    )
    expect(() => retrace({ ...all, lambda: -0.1 })).toThrow('retrace: lambda must be in [0, 1]')
    expect(() => retrace({ ...all, alpha: 0 })).toThrow('retrace: alpha must be positive')
    expect(() => vtrace({ ...all, continues: tf.ones([2, 1]) })).toThrow('vtrace: continues must have shape')
    expect(() => vtrace({ ...all, traceLimit: 2 })).toThrow(
      'vtrace: traceLimit must be in [0, stepLimit = 1], got 2',
    )
    expect(() => vtrace({ ...all, alpha: NaN })).toThrow('vtrace: alpha must be positive')
    expect(() => nStepReturns({ ...all, steps: 0 })).toThrow('nStepReturns: steps must be an integer')
    expect(() => nStepReturns({ ...all, alpha: -1 })).toThrow('nStepReturns: alpha must be positive')
    expect(() => lambdaReturns({ ...all, lambda: 2 })).toThrow('lambdaReturns: lambda must be in [0, 1]')
    expect(() => lambdaReturns({ ...all, alpha: -1 })).toThrow('lambdaReturns: alpha must be positive')
    expect(() => gae({ ...all, lambda: NaN })).toThrow('gae: lambda must be in [0, 1], got NaN')
    expect(() => gae({ ...all, nextValue: tf.ones([2, 1]) })).toThrow('gae: nextValue must have shape')
  })
})

function pick(probabilities: Float64Array, uniform: number): number {
  let sum = 0
  for (let i = 0; i < probabilities.length - 1; i++) {
    sum += probabilities[i]
    if (uniform < sum) return i
  }
  return probabilities.length - 1
}

/** Transition probabilities of one row of a process. */
function rowOf({ states, transitions }: FiniteMdp, row: number): Float64Array {
  if (transitions.kind === 'dense') return transitions.probability.subarray(row * states, (row + 1) * states)
  const out = new Float64Array(states)
  for (let i = transitions.rowStart[row]; i < transitions.rowStart[row + 1]; i++)
    out[transitions.nextState[i]] += transitions.probability[i]
  return out
}
