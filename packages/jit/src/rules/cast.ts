import { ELEMENT_CODE } from '../graph/element.ts'
import type { Builder } from '../graph/builder.ts'
import { fill, fillOf, type ElementType, type Value } from '../graph/graph.ts'

/** A value in another element type; the value itself where it has that type already. */
export function cast(b: Builder, x: Value, dtype: ElementType): Value {
  if (x.dtype === dtype) return x
  const number = fillOf(x)
  if (number !== undefined) return fill(x.shape, dtype, convert(number, dtype))
  return b.op(['Cast', { to: ELEMENT_CODE[dtype] }], [x], { shape: x.shape, dtype })
}

function convert(number: number, dtype: ElementType): number {
  if (dtype === 'float32') return Math.fround(number)
  return dtype === 'bool' ? Number(number !== 0) : Math.trunc(number)
}
