import type { Env } from '../../contracts.ts'
import { box, oracleEnv } from './environment.ts'

/** The regulator's dynamics and costs. */
export interface LinearQuadraticOptions {
  /** a: how much of the state stays; 1 when absent. */
  readonly drift?: number
  /** b: how far an action pushes; 0.5 when absent. */
  readonly push?: number
  /** q > 0, the price of the squared state; 1 when absent. */
  readonly stateCost?: number
  /** m > 0, the price of the squared action; 0.5 when absent. */
  readonly actionCost?: number
  /** σ, standard deviation of the noise of the dynamics; 0.05 when absent. */
  readonly noise?: number
  /** 20 when absent. */
  readonly maxEpisodeSteps?: number
}

/** x' = a x + b u + σ ε with reward −(q x² + m u²), x from [−1, 1] and u in [−1, 1], cut by a time limit. */
export function linearQuadraticEnv(options: LinearQuadraticOptions = {}): Env {
  const { drift, push, stateCost, actionCost, noise, maxEpisodeSteps } = complete(options)
  return oracleEnv({
    spec: { id: 'linear-quadratic', observation: { state: 1 }, action: box(1), maxEpisodeSteps },
    start: (state, draws) => {
      state[0] = 2 * draws.uniform() - 1
    },
    advance: (state, [action], draws) => {
      const reward = -(stateCost * state[0] ** 2 + actionCost * action ** 2)
      state[0] = drift * state[0] + push * action + noise * draws.normal()
      return { reward, terminated: false }
    },
  })
}

/** The soft-optimal policy, normal with mean −gain · x and one standard deviation everywhere, and its value −curvature · x² + offset. */
export interface LinearQuadraticOptimum {
  /** The mean action per unit of state, with its sign turned. */
  readonly gain: number
  /** Standard deviation of the action. */
  readonly std: number
  /** p of the value −p x² + offset. */
  readonly curvature: number
  /** The constant of the value. */
  readonly offset: number
  /** V(x) = −curvature · x² + offset. */
  readonly value: (state: number) => number
}

/**
 * The soft optimum of {@link linearQuadraticEnv} for actions without bounds, which the bounds hardly touch while |gain · x| + 3 std < 1.
 * The curvature solves the discounted Riccati equation, with n = m + γ b² p:
 *
 *   p = q + γ a² p − (γ a b p)² / n         gain = γ a b p / n         π(u|x) = N(−gain · x, α / 2n)
 *   (1 − γ) offset = ½ α log(π α / n) − γ p σ²
 *
 * For α = 0 it is the ordinary optimum. Levine 2018, "Reinforcement learning and control as probabilistic inference",
 * arXiv:1805.00909, section 2, gives the soft Bellman equation that this solves.
 */
export function linearQuadraticOptimum(
  options: LinearQuadraticOptions & { readonly alpha: number; readonly gamma: number },
): LinearQuadraticOptimum {
  const { alpha, gamma } = options
  const { drift: a, push: b, stateCost: q, actionCost: m, noise } = complete(options)
  let curvature = q
  for (let i = 0; i < 10_000; i++) {
    curvature =
      q + gamma * a ** 2 * curvature - (gamma * a * b * curvature) ** 2 / (m + gamma * b ** 2 * curvature)
  }
  const n = m + gamma * b ** 2 * curvature
  const entropyPart = alpha === 0 ? 0 : (alpha / 2) * Math.log((Math.PI * alpha) / n)
  const offset = (entropyPart - gamma * curvature * noise ** 2) / (1 - gamma)
  return {
    gain: (gamma * a * b * curvature) / n,
    std: Math.sqrt(alpha / (2 * n)),
    curvature,
    offset,
    value: (x) => -curvature * x ** 2 + offset,
  }
}

function complete(options: LinearQuadraticOptions): Required<LinearQuadraticOptions> {
  return { drift: 1, push: 0.5, stateCost: 1, actionCost: 0.5, noise: 0.05, maxEpisodeSteps: 20, ...options }
}
