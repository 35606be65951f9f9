/**
 * √(x² + y²) without overflow: the larger side m is taken out, m √((x/m)² + (y/m)²). To the bit what V8 makes of `Math.hypot(x, y)`,
 * which takes any number of arguments and costs a call and a number on the heap for it; other engines round that one otherwise.
 */
export function planeLength(x: number, y: number): number {
  const a = Math.abs(x)
  const b = Math.abs(y)
  const most = Math.max(a, b)
  if (most === 0 || most === Infinity) return most
  const p = a / most
  const q = b / most
  return Math.sqrt(p * p + q * q) * most
}
