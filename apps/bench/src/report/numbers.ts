const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const oneDigit = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })

/** `12,345`. */
export function thousands(value: number): string {
  return minus(grouped.format(value))
}

/** `12,345` from a hundred up, `12.3` below. */
export function rounded(value: number): string {
  return Math.abs(value) >= 100 ? thousands(value) : minus(oneDigit.format(value))
}

/** A true minus sign, and none before zero. */
function minus(text: string): string {
  return text.replace(/^-0$/, '0').replace(/^-/, '\u2212')
}

/** `48 s`, `4 min 10 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Expected minutes of one core: `0.5 min`, `54 min`, and `1,667 h` beyond two hours. */
export function coreTime(minutes: number): string {
  return minutes <= 120 ? `${rounded(minutes)} min` : `${thousands(minutes / 60)} h`
}

/** Three significant digits where `rounded` would lose them: `0.0123`, `1.23`, and `12,345` from a hundred up. */
export function significant(value: number): string {
  if (value === 0 || Math.abs(value) >= 100) return rounded(value)
  const digits = Number(value.toPrecision(3))
  return minus(Math.abs(value) < 1e-4 ? withPower(digits) : `${digits}`)
}

/** `1.23 × 10⁻⁵`, with spaces that no line breaks at. */
function withPower(value: number): string {
  const [digits, power] = value.toExponential().split('e')
  const raised = [...power].map((character) => (character === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(character)]))
  return `${digits}\u00a0×\u00a010${raised.join('')}`
}
