/**
 * exp, log and square root from additions, multiplications and divisions alone, accurate to 1e-15 relative. `Math.exp` and its like may
 * differ in the last bit from engine to engine, and a random stream must not. They run when the tables are made and on refused values
 * (1.3 % of all), so they are written for plainness.
 */

const LN2_HIGH = 0.69314718036912381649
const LN2_LOW = 1.90821492927058770002e-10
const SQRT2 = 1.4142135623730951
/** 1 / i. */
const INVERSE = /* @__PURE__ */ Float64Array.from({ length: 28 }, (_, i) => 1 / i)

/** e^x for |x| <= 40. */
export function exp(x: number): number {
  const halvings = Math.floor(x / (LN2_HIGH + LN2_LOW) + 0.5)
  const r = x - halvings * LN2_HIGH - halvings * LN2_LOW
  let sum = 1
  for (let i = 13; i >= 1; i--) sum = 1 + r * INVERSE[i] * sum
  for (let i = 0; i < halvings; i++) sum *= 2
  for (let i = 0; i > halvings; i--) sum *= 0.5
  return sum
}

/** ln x for 2^-40 <= x <= 2^40. */
export function log(x: number): number {
  let doublings = 0
  let m = x
  for (; m > SQRT2; m *= 0.5) doublings++
  for (; m < SQRT2 / 2; m *= 2) doublings--
  const s = (m - 1) / (m + 1)
  let sum = 0
  for (let i = 27; i >= 1; i -= 2) sum = sum * s * s + INVERSE[i]
  return doublings * LN2_HIGH + (doublings * LN2_LOW + 2 * s * sum)
}

/** The square root of x for 0 <= x <= 2^20, by Newton's iteration from above. */
export function sqrt(x: number): number {
  if (x === 0) return 0
  let root = x > 1 ? x : 1
  for (;;) {
    const next = 0.5 * (root + x / root)
    if (next >= root) return root
    root = next
  }
}
