/** Checks of arguments. Each throws with `caller: argument must be rule, got value`; messages are built only when a check fails. */

/** A dimension: a number is that size, a letter is any size that is the same wherever the letter stands. */
export type Dimension = string | number

/** What a shape check needs of a tensor, a tensor specification or a host tensor. */
export interface Shaped {
  /** Sizes of the axes; none for a scalar. */
  readonly shape: readonly number[]
}

/**
 * Checks the shapes of several arguments against each other, and gives the size of every letter.
 *
 *     checkShapes('softTarget', { reward: ['B'], nextQ: ['K', 'B'] }, { reward, nextQ })   // { B: 256, K: 2 }
 *
 * @throws RangeError that names the argument, the shape expected and the letters already bound; TypeError for what has no shape.
 */
export function checkShapes<Name extends string>(
  caller: string,
  shapes: Readonly<Record<Name, readonly Dimension[]>>,
  args: Readonly<Record<Name, Shaped>>,
): Record<string, number> {
  const sizes: Record<string, number> = {}
  for (const name of Object.keys(shapes) as Name[]) {
    const shape = (args as Partial<typeof args>)[name]?.shape
    if (shape !== undefined && matches(shapes[name], shape, sizes)) continue
    const bound = Object.entries(sizes).map(([letter, size]) => `${letter}=${size}`)
    const where = bound.length === 0 ? '' : ` with ${bound.join(', ')}`
    const rule = `${caller}: ${name} must have shape [${shapes[name].join(', ')}]${where}`
    if (shape === undefined) throw new TypeError(`${rule}, got ${describeValue(args[name])}`)
    throw new RangeError(`${rule}, got [${shape.join(', ')}]`)
  }
  return sizes
}

function matches(
  expected: readonly Dimension[],
  shape: readonly number[],
  sizes: Record<string, number>,
): boolean {
  if (expected.length !== shape.length) return false
  const bound: Record<string, number> = {}
  for (const [i, dimension] of expected.entries()) {
    const size =
      typeof dimension === 'number' ? dimension : (sizes[dimension] ?? bound[dimension] ?? shape[i])
    if (size !== shape[i]) return false
    if (typeof dimension === 'string') bound[dimension] = size
  }
  Object.assign(sizes, bound)
  return true
}

/** What {@link checkInteger} looks at, and what its error names. */
export interface IntegerCheck {
  /** The function whose argument it is. */
  readonly caller: string
  /** The argument. */
  readonly name: string
  /** What was given. */
  readonly value: number
  /** The least that is allowed. */
  readonly min: number
  /** 2^53 - 1 when absent. */
  readonly max?: number
}

/**
 * Checks that a number is an integer in a closed range.
 * @throws TypeError when it is not a number, RangeError when it is outside.
 */
export function checkInteger(check: IntegerCheck): void {
  const { caller, name, value, min, max = Number.MAX_SAFE_INTEGER } = check
  if (Number.isInteger(value) && value >= min && value <= max) return
  const message = `${caller}: ${name} must be an integer in [${min}, ${max}], got ${describeValue(value)}`
  throw typeof value === 'number' ? new RangeError(message) : new TypeError(message)
}

/**
 * Checks that every number of an array is finite.
 * @throws RangeError that names the first index that is not.
 */
export function checkFinite(caller: string, name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new RangeError(`${caller}: ${name} must be finite, got ${values[i]} at index ${i}`)
  }
}

/** A value as it stands in messages: short, and told apart from other types. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'function') return 'a function'
  if (typeof value !== 'object' || value === null) return String(value)
  const { name } = value.constructor ?? Object
  if (name !== 'Object' && name !== 'Array') return `a ${name}`
  const text = toJson(value) ?? Object.prototype.toString.call(value)
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`
}

/** JSON, in which NaN and infinities stand as they are; undefined for what has none: cycles, big integers. */
function toJson(value: object): string | undefined {
  const mark = '\uE000'
  const marked = (_: string, one: unknown): unknown =>
    typeof one === 'number' && !Number.isFinite(one) ? `${mark}${one}` : one
  try {
    return JSON.stringify(value, marked)?.replace(new RegExp(`"${mark}([^"]*)"`, 'g'), '$1')
  } catch {
    return undefined
  }
}

/** `, did you mean 'x'?` for the known name nearest to a mistyped one, or nothing when none is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  return nearest === undefined ? '' : `, did you mean '${nearest}'?`
}

/** The known name with the least edit distance to `name`, if it is near enough to be a slip of the fingers. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  let least = Math.max(2, Math.floor(name.length / 2))
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < least || (distance === least && best === undefined)) {
      best = candidate
      least = distance
    }
  }
  return best
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]
}
