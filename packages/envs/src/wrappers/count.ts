/** @throws RangeError when the number is no positive integer. */
export function checkCount(caller: string, name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return
  throw new RangeError(`${caller}: ${name} must be a positive integer, got ${value}`)
}
