/** What a schema asks for, in words that follow "must be". */
import * as z from 'zod'
import { describeValue } from '../check.ts'
import { fieldsOf, literalsOf, taggedUnionOf, unwrap, type Schema } from './schema.ts'

/** `in [0, 1)`, `an integer of at least 1`, `one of 'relu', 'tanh'`: the rule of a field. */
export function ruleOf(schema: Schema): string {
  const inner = unwrap(schema)
  const formulas = checksOf(inner).flatMap((check) => (check.check === 'custom' ? formulaOf(check) : []))
  return formulas.length === 0 ? shapeRule(inner) : `${shapeRule(inner)} with ${formulas.join(' and ')}`
}

function shapeRule(schema: Schema): string {
  const literals = literalsOf(schema)
  if (literals.length > 0) return oneOf(literals)
  if (schema instanceof z.ZodNumber) return numberRule(schema)
  if (schema instanceof z.ZodString) return atLeast(schema, 1) ? 'a non-empty string' : 'a string'
  if (schema instanceof z.ZodBoolean) return 'true or false'
  if (schema instanceof z.ZodArray) return arrayRule(schema)
  if (schema instanceof z.ZodTuple) return `a list [${schema.def.items.map(ruleOf).join(', ')}]`
  const union = taggedUnionOf(schema)
  if (union !== undefined) return `a record whose ${union.tag} is ${oneOf([...union.options.keys()])}`
  if (schema instanceof z.ZodUnion) return schema.def.options.map((option) => ruleOf(option)).join(' or ')
  const fields = fieldsOf(schema)
  if (fields !== undefined) return `a record of ${Object.keys(fields).join(', ')}`
  return schema instanceof z.ZodRecord ? `a record with every value ${ruleOf(schema.valueType)}` : 'a value'
}

function oneOf(values: readonly unknown[]): string {
  const names = values.map(describeValue)
  return names.length === 1 ? names[0] : `one of ${names.join(', ')}`
}

function arrayRule(schema: z.ZodArray): string {
  const list = atLeast(schema, 1) ? 'a non-empty list' : 'a list'
  return `${list}, each entry ${ruleOf(schema.element)}`
}

function numberRule(schema: z.ZodNumber): string {
  const checks = checksOf(schema)
  const low = checks.find((check) => check.check === 'greater_than') as
    z.core.$ZodCheckGreaterThanDef | undefined
  const high = checks.find((check) => check.check === 'less_than') as z.core.$ZodCheckLessThanDef | undefined
  const interval = intervalRule(low, high)
  const integer = schema.isInt
  if (interval === '') return integer ? 'an integer' : 'a finite number'
  if (integer) return `an integer ${interval.replace(/^at/, 'of at')}`
  return interval
}

function intervalRule(low?: z.core.$ZodCheckGreaterThanDef, high?: z.core.$ZodCheckLessThanDef): string {
  if (low !== undefined && high !== undefined) {
    return `in ${low.inclusive ? '[' : '('}${inWords(low.value)}, ${inWords(high.value)}${high.inclusive ? ']' : ')'}`
  }
  if (low !== undefined) return `${low.inclusive ? 'at least' : 'above'} ${inWords(low.value)}`
  if (high !== undefined) return `${high.inclusive ? 'at most' : 'below'} ${inWords(high.value)}`
  return ''
}

/** A bound; without a row of zeros where it is large. */
function inWords(bound: z.core.util.Numeric): string {
  return typeof bound === 'number' && Math.abs(bound) >= 1e12 ? bound.toExponential() : String(bound)
}

function atLeast(schema: Schema, length: number): boolean {
  return checksOf(schema).some(
    (check) => check.check === 'min_length' && (check as z.core.$ZodCheckMinLengthDef).minimum >= length,
  )
}

function checksOf(schema: Schema): z.core.$ZodCheckDef[] {
  return (schema._zod.def.checks ?? []).map((check) => check._zod.def)
}

/** The message of a refinement, which states it as a formula: `low < high`. */
function formulaOf(check: z.core.$ZodCheckDef): string[] {
  const message: unknown = check.error?.({ code: 'custom', input: undefined, path: [] } as never)
  return typeof message === 'string' ? [message] : []
}
