/** A number, a list of numbers, or a name. */
type AttributeValue = number | string | readonly number[]

/** The attributes of one element; `undefined` leaves one out. */
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>

/**
 * One element of a MuJoCo model. Numbers are written with the digits that give the same double back.
 *
 * @throws RangeError when a number is not finite.
 */
export function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${format(`${name}.${key}`, value as AttributeValue)}"`)
    .join('')
  return children.length === 0
    ? `<${name}${written}/>`
    : `<${name}${written}>\n${children.join('\n')}\n</${name}>`
}

function format(place: string, value: AttributeValue): string {
  if (typeof value === 'string') return value
  const numbers = typeof value === 'number' ? [value] : value
  for (const number of numbers) {
    if (!Number.isFinite(number))
      throw new RangeError(`element: ${place} must be finite, got [${numbers.join(', ')}]`)
  }
  return numbers.join(' ')
}
