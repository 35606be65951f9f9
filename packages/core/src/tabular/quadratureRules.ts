/** Nodes and weights of one dimension: Σ weights·f(nodes) approximates the integral of f. */
export interface Rule {
  /** Where f is evaluated. */
  readonly nodes: Float64Array
  /** What each value counts. */
  readonly weights: Float64Array
}

/** The midpoint rule on [low, high]: error of second order. */
export function midpointRule(low: number, high: number, size: number): Rule {
  checkInterval('midpointRule', { low, high, size })
  const width = (high - low) / size
  return {
    nodes: Float64Array.from({ length: size }, (_, i) => low + (i + 0.5) * width),
    weights: new Float64Array(size).fill(width),
  }
}

/** Gauss and Legendre's rule on [low, high], exact for polynomials up to degree 2·size − 1. Nodes by Newton's method. */
export function gaussLegendreRule(low: number, high: number, size: number): Rule {
  checkInterval('gaussLegendreRule', { low, high, size })
  const nodes = new Float64Array(size)
  const weights = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (size + 0.5))
    let slope = 1
    for (let step = 0; step < 100; step++) {
      const { value, derivative } = legendre(size, x)
      slope = derivative
      const move = value / derivative
      x -= move
      if (Math.abs(move) < 1e-15) break
    }
    nodes[size - 1 - i] = low + ((x + 1) / 2) * (high - low)
    weights[size - 1 - i] = (high - low) / ((1 - x * x) * slope * slope)
  }
  return { nodes, weights }
}

function legendre(degree: number, x: number): { value: number; derivative: number } {
  let before = 1
  let value = x
  for (let n = 2; n <= degree; n++)
    [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n]
  return { value, derivative: (degree * (x * value - before)) / (x * x - 1) }
}

/** @throws RangeError when the ends are not finite and in order, or `size` is not a positive integer. */
export function checkInterval(
  caller: string,
  { low, high, size }: { low: number; high: number; size: number },
): void {
  if (!(low < high && Number.isFinite(high - low)))
    throw new RangeError(`${caller}: low must be below high, both finite, got ${low} and ${high}`)
  if (!(Number.isInteger(size) && size >= 1))
    throw new RangeError(`${caller}: size must be a positive integer, got ${size}`)
}
