/** The scalar linear-quadratic problem with entropy: the continuous problem with a closed form. */
import type { ContinuousProblem } from './quadrature.ts'
import { gaussLegendreRule } from './quadratureRules.ts'

/** A scalar linear process with quadratic costs. */
export interface LinearQuadraticOptions {
  /** s' = drift·s + gain·a */
  readonly drift: number
  /** Not 0. */
  readonly gain: number
  /** r = −stateCost·s² − actionCost·a², both > 0. */
  readonly stateCost: number
  /** Price of the squared action, above 0. */
  readonly actionCost: number
  /** γ in [0, 1). */
  readonly gamma: number
  /** α > 0. */
  readonly alpha: number
}

/** The soft-optimal policy N(−gain · x, σ²) and its value. */
export interface LinearQuadraticSolution {
  /** V(s) = offset − curvature·s² */
  readonly curvature: number
  /** The constant of the value. */
  readonly offset: number
  /** π(a|s) is normal with mean −feedback·s ... */
  readonly feedback: number
  /** ... and this variance. */
  readonly variance: number
}

/**
 * V and π on the whole line. With p the curvature, k = actionCost + γ·p·gain²:
 *
 *     p = stateCost + γ·p·drift²·actionCost/k         (the discounted Riccati equation)
 *     π(a|s) = N(−γ·p·gain·drift·s/k, α/(2k)),        V(s) = −p·s² + α·log √(π·α/k)/(1 − γ)
 */
export function linearQuadraticSolution(options: LinearQuadraticOptions): LinearQuadraticSolution {
  check('linearQuadraticSolution', options)
  const { drift, gain, stateCost, actionCost, gamma, alpha } = options
  // γ·gain²·p² + (actionCost·(1 − γ·drift²) − γ·gain²·stateCost)·p − stateCost·actionCost = 0 has one positive root.
  const square = gamma * gain * gain
  const linear = actionCost * (1 - gamma * drift * drift) - square * stateCost
  const root = Math.sqrt(linear * linear + 4 * square * stateCost * actionCost)
  const curvature =
    square === 0
      ? stateCost
      : linear > 0
        ? (2 * stateCost * actionCost) / (linear + root)
        : (root - linear) / (2 * square)
  const stiffness = actionCost + square * curvature
  return {
    curvature,
    offset: (alpha * Math.log(Math.sqrt((Math.PI * alpha) / stiffness))) / (1 - gamma),
    feedback: (gamma * curvature * gain * drift) / stiffness,
    variance: alpha / (2 * stiffness),
  }
}

/** How a linear-quadratic problem is discretised. */
export interface LinearQuadraticGrid {
  /** States on [−stateBound, stateBound], clipped there. */
  readonly stateBound: number
  /** Nodes of the state axis. */
  readonly stateNodes: number
  /** Actions on [−actionBound, actionBound]: the entropy is that of densities on this box. */
  readonly actionBound: number
  /** Nodes of the action axis. */
  readonly actionNodes: number
}

/** The problem on a box, for `solveByQuadrature`. */
export function linearQuadratic(
  options: LinearQuadraticOptions,
  grid: LinearQuadraticGrid,
): ContinuousProblem {
  check('linearQuadratic', options)
  const { drift, gain, stateCost, actionCost, gamma, alpha } = options
  return {
    states: [{ low: -grid.stateBound, high: grid.stateBound, size: grid.stateNodes }],
    actions: [gaussLegendreRule(-grid.actionBound, grid.actionBound, grid.actionNodes)],
    gamma,
    alpha,
    step: ([s], [a]) => ({
      next: [drift * s + gain * a],
      reward: -stateCost * s * s - actionCost * a * a,
      discount: 1,
    }),
  }
}

function check(
  caller: string,
  { drift, gain, stateCost, actionCost, gamma, alpha }: LinearQuadraticOptions,
): void {
  if (!Number.isFinite(drift)) throw new RangeError(`${caller}: drift must be finite, got ${drift}`)
  if (!Number.isFinite(gain) || gain === 0)
    throw new RangeError(`${caller}: gain must be finite and not 0, got ${gain}`)
  if (!(stateCost > 0 && actionCost > 0))
    throw new RangeError(`${caller}: costs must be positive, got ${stateCost} and ${actionCost}`)
  if (!(gamma >= 0 && gamma < 1)) throw new RangeError(`${caller}: gamma must be in [0, 1), got ${gamma}`)
  if (!(alpha > 0)) throw new RangeError(`${caller}: alpha must be positive, got ${alpha}`)
}
