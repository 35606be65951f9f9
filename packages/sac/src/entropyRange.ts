import type { SacConfig } from './config.ts'

/** The entropies that policies can have, in nats: [low, high]. */
export type EntropyRange = readonly [number, number]

const ofUnitGaussian = 0.5 * Math.log(2 * Math.PI * Math.E)

/**
 * The entropies within reach of a policy over `actions` dimensions scaled to [−1, 1], where log 2 each is that of the uniform distribution. A
 * squash takes entropy away, and can take any amount: tanh'd kinds have no lower end, and at most the entropy before the squash.
 */
export function entropyRange(
  { policy, logStdRange: [low, high] }: Pick<SacConfig, 'policy' | 'logStdRange'>,
  actions: number,
): EntropyRange {
  const widest = actions * (high + ofUnitGaussian)
  const uniform = actions * Math.LN2
  switch (policy.kind) {
    case 'gaussian':
      return [actions * (low + ofUnitGaussian), widest]
    case 'truncatedGaussian':
      // Narrow at a bound, where half of it is cut, and wide in the middle.
      return [actions * entropyAround('bound', low), actions * entropyAround('middle', high)]
    case 'tanhGaussian':
      return [-Infinity, Math.min(uniform, widest)]
    case 'mixture':
      return [-Infinity, Math.min(uniform, widest + Math.log(policy.components))]
    case 'realNvp':
      return [-Infinity, uniform]
    case 'deterministic':
      return [-Infinity, -Infinity]
  }
}

/**
 * The entropy of a normal distribution cut to [−1, 1], by Simpson's rule, with its mean at a bound or in the middle: of sides alike, two or one,
 *
 *     H = log N + ∫ E exp(−E) / ∫ exp(−E),   E(x) = ½ (x/σ)²,   N = sides · ∫ exp(−E) over a side
 */
function entropyAround(mean: 'bound' | 'middle', logStd: number): number {
  const [sides, length] = mean === 'bound' ? [1, 2] : [2, 1]
  const std = Math.exp(logStd)
  // Beyond ten standard deviations there is nothing.
  const reach = Math.min(length, 10 * std)
  const intervals = 200
  let mass = 0
  let energies = 0
  for (let i = 0; i <= intervals; i++) {
    const weight = i === 0 || i === intervals ? 1 : i % 2 === 1 ? 4 : 2
    const energy = 0.5 * ((i * reach) / intervals / std) ** 2
    mass += weight * Math.exp(-energy)
    energies += weight * energy * Math.exp(-energy)
  }
  return Math.log((sides * mass * reach) / intervals / 3) + energies / mass
}
