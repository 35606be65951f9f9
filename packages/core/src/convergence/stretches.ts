/** Targets from stretches of experience on a finite process: exact expectations by recursion over the steps. */
import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { foldIn, key, uniform, type Key } from '../keys/index.ts'
import { gae, lambdaReturns, nStepReturns, retrace, vtrace, type Stretch } from '../operators/index.ts'
import {
  eachSuccessor,
  expectNext,
  policyEntropy,
  randomMdp,
  randomPolicy,
  softPolicyEvaluation,
  softProblem,
} from '../tabular/index.ts'
import type { Convergence } from './measure.ts'

const T = 6
const LAMBDA = 0.8
const mdp = randomMdp(key(5), { states: 6, actions: 3, successors: 3, gamma: 0.9 })
const { states: S, actions: A, gamma } = mdp
const alpha = 0.4
const problem = softProblem({ mdp, alpha })
const [reward] = mdp.rewards
const policy = randomPolicy(key(6), mdp)
/** Who acted, where experience is not the policy's own. */
const behaviour = randomPolicy(key(7), mdp, 2)
const entropy = policyEntropy(problem, policy)
const exact = softPolicyEvaluation(problem, policy)
/** A critic that is wrong: targets then are what the recursion says, between the critic and the truth. */
const wrong = { q: exact.q.map((x, at) => x + Math.sin(at)), v: exact.v.map((x, s) => x + Math.cos(3 * s)) }

/** E_π[Q], without entropy. [S] */
const meanUnder = (table: Float64Array): Float64Array =>
  Float64Array.from({ length: S }, (_, s) => {
    let sum = 0
    for (let a = 0; a < A; a++) sum += policy[s * A + a] * table[s * A + a]
    return sum
  })

/** E[x(s')] for every state and action. [S·A] */
function ahead(x: Float64Array): Float64Array {
  const table = new Float64Array(S * A)
  for (let s = 0; s < S; s++) expectNext(mdp, s, { value: x, out: table.subarray(s * A, (s + 1) * A) })
  return table
}

const cut = (limit: number, at: number): number => Math.min(limit, policy[at] / behaviour[at])

/** E over a ~ μ of `weight(s, a)`·x(s, a). [S] */
const acted = (x: Float64Array, weight: (at: number) => number): Float64Array =>
  Float64Array.from({ length: S }, (_, s) => {
    let sum = 0
    for (let at = s * A; at < (s + 1) * A; at++) sum += behaviour[at] * weight(at) * x[at]
    return sum
  })

/** E of Retrace's target of T steps from each state and action, Tirumala 19. */
function expectedRetrace(q: Float64Array): Float64Array {
  const next = meanUnder(q).map((x, s) => x + alpha * entropy[s])
  const delta = ahead(next).map((x, at) => reward[at] + gamma * x - q[at])
  let gain = delta
  for (let t = 1; t < T; t++) {
    const follow = ahead(acted(gain, (at) => LAMBDA * cut(1, at)))
    gain = delta.map((d, at) => d + gamma * follow[at])
  }
  return q.map((x, at) => x + gain[at])
}

/** E of V-trace's target of T steps from each state, Tirumala 20 to 22, for rewards with the entropy in them. */
function expectedVtrace(v: Float64Array): Float64Array {
  const step = ahead(v).map(
    (x, at) => reward[at] + alpha * entropy[Math.floor(at / A)] + gamma * x - v[Math.floor(at / A)],
  )
  const gained = acted(step, (at) => cut(1, at))
  let gain = gained
  for (let t = 1; t < T; t++) {
    const follow = acted(ahead(gain), (at) => cut(1, at))
    gain = gained.map((g, s) => g + gamma * follow[s])
  }
  return v.map((x, s) => x + gain[s])
}

/** E of the soft return over n steps from each state and action, on policy. */
function expectedReturn(q: Float64Array, steps: number): Float64Array {
  let result = q
  for (let n = 0; n < steps; n++) {
    const bonus = meanUnder(result).map((x, s) => x + alpha * entropy[s])
    result = ahead(bonus).map((x, at) => reward[at] + gamma * x)
  }
  return result
}

/** E of the λ-return of T steps: the mean of the n-step returns. */
function expectedLambdaReturn(q: Float64Array): Float64Array {
  const result = new Float64Array(S * A)
  for (let n = 1; n <= T; n++) {
    const weight = n === T ? LAMBDA ** (T - 1) : (1 - LAMBDA) * LAMBDA ** (n - 1)
    for (const [at, x] of expectedReturn(q, n).entries()) result[at] += weight * x
  }
  return result
}

/** E of the generalised advantage of T steps from each state, for rewards with the entropy in them. */
function expectedAdvantage(v: Float64Array): Float64Array {
  const delta = meanUnder(ahead(v).map((x, at) => reward[at] + gamma * x)).map(
    (x, s) => x + alpha * entropy[s] - v[s],
  )
  let gain = delta
  for (let t = 1; t < T; t++) {
    const follow = meanUnder(ahead(gain))
    gain = delta.map((d, s) => d + gamma * LAMBDA * follow[s])
  }
  return gain
}

/** Where B trajectories of T steps are, all from state 0; the first action is 0 where `fixed`. */
interface Walk {
  readonly state: Int32Array
  readonly action: Int32Array
  readonly next: Int32Array
}

function pick(weights: (i: number) => number, u: number): number {
  let i = 0
  for (let left = u - weights(0); left >= 0 && weights(i + 1) > 0;) left -= weights(++i)
  return i
}

const successors = Array.from({ length: S * A }, (_, row) => {
  const all: { next: number; p: number }[] = []
  eachSuccessor(mdp, row, (next, p) => all.push({ next, p }))
  return all
})

function walk(
  at: Key,
  B: number,
  { actor, fixed }: { readonly actor: Float64Array; readonly fixed: boolean },
): Walk {
  const [state, action, next] = [0, 1, 2].map(() => new Int32Array(T * B))
  const here = new Int32Array(B)
  for (let t = 0; t < T; t++) {
    const [choose, lead] = ['choose', 'lead'].map((name) => uniform(foldIn(foldIn(at, name), t), B))
    for (let b = 0; b < B; b++) {
      const s = here[b]
      const a = fixed && t === 0 ? 0 : pick((i) => (i < A ? actor[s * A + i] : 0), choose[b])
      const options = successors[s * A + a]
      const to = options[pick((i) => (i < options.length ? options[i].p : 0), lead[b])].next
      state[t * B + b] = s
      action[t * B + b] = a
      next[t * B + b] = to
      here[b] = to
    }
  }
  return { state, action, next }
}

interface Rows {
  readonly walked: Walk
  readonly stretch: Stretch
  /** A tensor [T, B] of a function of the steps. */
  readonly rows: (of: (i: number) => number) => Tensor2D
}

function rowsOf(walked: Walk, B: number, entropyInReward: boolean): Rows {
  const rows = (of: (i: number) => number): Tensor2D =>
    tf.tensor2d(
      Float32Array.from({ length: T * B }, (_, i) => of(i)),
      [T, B],
    )
  const { state, action } = walked
  const pays = (i: number): number =>
    reward[state[i] * A + action[i]] + (entropyInReward ? alpha * entropy[state[i]] : 0)
  return { walked, rows, stretch: { reward: rows(pays), discount: tf.ones([T, B]), gamma } }
}

/** The mean over K trajectories of a target at the first step, for many rows. */
function fromWalks(
  { actor, fixed, entropyInReward }: { actor: Float64Array; fixed: boolean; entropyInReward: boolean },
  target: (rows: Rows) => Tensor,
): Convergence['estimate'] {
  return (at, count, samples) =>
    tf
      .tidy(() => {
        const B = count * samples
        const all = target(rowsOf(walk(at, B, { actor, fixed }), B, entropyInReward))
        const first = tf.slice(all, [0, 0], [1, B])
        return tf.mean(tf.reshape(first, [count, samples]), 1)
      })
      .dataSync() as Float32Array
}

const logRatio = ({ walked: { state, action }, rows }: Rows): Tensor2D =>
  rows((i) => Math.log(policy[state[i] * A + action[i]] / behaviour[state[i] * A + action[i]]))

const offPolicy = { actor: behaviour, fixed: true, entropyInReward: false }
const onPolicy = { actor: policy, fixed: true, entropyInReward: false }

const ofRetrace = (q: Float64Array): Convergence['estimate'] =>
  fromWalks(offPolicy, (all) => {
    const mean = meanUnder(q)
    const { walked, rows, stretch } = all
    return retrace({
      ...stretch,
      q: rows((i) => q[walked.state[i] * A + walked.action[i]]),
      nextValue: rows((i) => mean[walked.next[i]]),
      nextKl: rows((i) => -entropy[walked.next[i]]),
      logRatio: logRatio(all),
      alpha,
      lambda: LAMBDA,
    })
  })

const process = 'random MDP of 6 states'
const usual = { samples: [4, 8, 16, 32, 64], draws: 16_000 }

export const stretchEstimators: readonly Convergence[] = [
  {
    id: 'Retrace, exact critic (Tirumala 19, corrected)',
    problem: `${process}, other behaviour; Q^π by policy evaluation`,
    exact: exact.q[0],
    bias: 'none',
    ...usual,
    estimate: ofRetrace(exact.q),
  },
  {
    id: 'Retrace, wrong critic (Tirumala 19, corrected)',
    problem: `${process}, other behaviour; recursion over 6 steps`,
    exact: expectedRetrace(wrong.q)[0],
    bias: 'none',
    ...usual,
    estimate: ofRetrace(wrong.q),
  },
  {
    id: 'V-trace, wrong critic (Tirumala 20 to 22)',
    problem: `${process}, other behaviour; recursion over 6 steps`,
    exact: expectedVtrace(wrong.v)[0],
    bias: 'none',
    ...usual,
    estimate: fromWalks({ actor: behaviour, fixed: false, entropyInReward: true }, (all) => {
      const { walked, rows, stretch } = all
      return vtrace({
        ...stretch,
        value: rows((i) => wrong.v[walked.state[i]]),
        nextValue: rows((i) => wrong.v[walked.next[i]]),
        logRatio: logRatio(all),
        alpha,
      }).target
    }),
  },
  {
    id: 'n-step return, n = 4 (thesis 3.2)',
    problem: `${process}, wrong critic; recursion over 4 steps`,
    exact: expectedReturn(wrong.q, 4)[0],
    bias: 'none',
    ...usual,
    estimate: fromWalks(onPolicy, ({ walked: { next }, rows, stretch }) => {
      const mean = meanUnder(wrong.q)
      return nStepReturns({
        ...stretch,
        nextValue: rows((i) => mean[next[i]]),
        nextEntropy: rows((i) => entropy[next[i]]),
        alpha,
        steps: 4,
      })
    }),
  },
  {
    id: 'λ-return with one-sample entropies',
    problem: `${process}, wrong critic; recursion over 6 steps`,
    exact: expectedLambdaReturn(wrong.q)[0],
    bias: 'none',
    ...usual,
    estimate: fromWalks(onPolicy, ({ walked: { next, state, action }, rows, stretch }) => {
      const mean = meanUnder(wrong.q)
      const B = stretch.reward.shape[1] ?? 0
      // −log π of the action taken at s_{t+1}; the last step, which takes none, has the entropy itself.
      const surprise = (i: number): number =>
        i + B < state.length ? -Math.log(policy[state[i + B] * A + action[i + B]]) : entropy[next[i]]
      return lambdaReturns({
        ...stretch,
        nextValue: rows((i) => mean[next[i]]),
        nextEntropy: rows(surprise),
        alpha,
        lambda: LAMBDA,
      })
    }),
  },
  {
    id: 'generalised advantage (Schulman 16)',
    problem: `${process}, wrong critic; recursion over 6 steps`,
    exact: expectedAdvantage(wrong.v)[0],
    bias: 'none',
    ...usual,
    estimate: fromWalks({ actor: policy, fixed: false, entropyInReward: true }, ({ walked, rows, stretch }) =>
      gae({
        ...stretch,
        value: rows((i) => wrong.v[walked.state[i]]),
        nextValue: rows((i) => wrong.v[walked.next[i]]),
        lambda: LAMBDA,
      }),
    ),
  },
]

/** The soft value that the targets with an exact critic estimate, and how far one of a wrong critic is from it. */
export const wrongCritic: {
  readonly before: number
  readonly afterSteps: (steps: number) => number
  readonly gamma: number
} = {
  /** ‖Q − Q^π‖ */
  before: Math.max(...wrong.q.map((x, at) => Math.abs(x - exact.q[at]))),
  /** ‖E[G⁽ⁿ⁾] − Q^π‖, at most γⁿ times that. */
  afterSteps: (steps: number): number =>
    Math.max(...expectedReturn(wrong.q, steps).map((x, at) => Math.abs(x - exact.q[at]))),
  gamma,
}
