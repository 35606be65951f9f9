import type { z } from 'zod'
import { describeValue, didYouMean } from '../check.ts'
import { ruleOf } from './rule.ts'
import { childOf, fieldsOf, isRecord, pathName, taggedUnionOf, type Schema } from './schema.ts'

/** What a configuration must look like. */
export interface ConfigRules<C extends object> {
  /** The function that messages name. */
  readonly caller: string
  /**
   * One field schema per setting. Say each rule with zod's own checks (`z.number().min(0).lt(1)`), relations as refinements whose message is
   * the formula (`.refine(([low, high]) => low < high, 'low < high')`), and alternatives as `z.discriminatedUnion`.
   */
  readonly schema: z.ZodType
  /** The value of every field that is not given. */
  readonly defaults?: C
}

/**
 * Completes a partial configuration with the defaults and checks every field.
 *
 * Nested records are completed field by field. Alternatives (tagged unions) are completed when their tag equals the default's or is absent,
 * and stand as given otherwise. A field given as `undefined` counts as not given; 0, false and empty lists are values.
 *
 * @returns a copy, frozen to the bottom.
 * @throws RangeError (TypeError for a value of the wrong type) that names field, rule, value and, for unknown names, the nearest known one.
 */
export function resolveConfig<C extends object>(rules: ConfigRules<C>, partial: NoInfer<Partial<C>>): C {
  const { caller, schema } = rules
  if (!isRecord(partial))
    throw new TypeError(`${caller}: config must be a record, got ${describeValue(partial)}`)
  const value = complete(schema, rules.defaults, partial)
  refuseUnknown(schema, value, { caller, path: [] })
  const result = schema.safeParse(value)
  if (!result.success) throw violation(caller, { schema, value, issue: result.error.issues[0] })
  return freeze(result.data) as C
}

/** A copy of `given` with the absent fields taken from `fallback`. */
export function complete(schema: Schema | undefined, fallback: unknown, given: unknown): unknown {
  if (given === undefined) return copy(fallback)
  if (!isRecord(given) || !isRecord(fallback) || schema === undefined || !completes(schema, fallback, given))
    return copy(given)
  const completed: Record<string, unknown> = {}
  for (const name of new Set([...Object.keys(fallback), ...Object.keys(given)])) {
    const value = complete(childOf(schema, name, fallback), fallback[name], given[name])
    if (value !== undefined) completed[name] = value
  }
  return completed
}

/** Whether the fields that `given` lacks are those of `fallback`: not so for another alternative. */
function completes(
  schema: Schema,
  fallback: Record<string, unknown>,
  given: Record<string, unknown>,
): boolean {
  const tag = taggedUnionOf(schema)?.tag
  if (tag === undefined) return fieldsOf(schema) !== undefined
  return given[tag] === undefined || given[tag] === fallback[tag]
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy)
  if (!isRecord(value)) return value
  const entries = Object.entries(value).filter(([, child]) => child !== undefined)
  return Object.fromEntries(entries.map(([name, child]) => [name, copy(child)]))
}

interface Place {
  readonly caller: string
  readonly path: readonly PropertyKey[]
}

/** Zod's strict records say which key is unknown, but not which was meant, nor in every alternative. */
function refuseUnknown(schema: Schema, value: unknown, { caller, path }: Place): void {
  const fields = isRecord(value) ? knownFields(schema, value) : undefined
  for (const [key, child] of entriesOf(value)) {
    if (fields !== undefined && !fields.includes(String(key))) {
      throw unknownField(caller, fields, {
        path: [...path, key],
        value: child,
        ...ownerOf(schema, String(key)),
      })
    }
    const childSchema = childOf(schema, key, value)
    if (childSchema !== undefined) refuseUnknown(childSchema, child, { caller, path: [...path, key] })
  }
}

/** The alternative, other than the one chosen, that has the field. */
function ownerOf(schema: Schema, name: string): { readonly owner?: string } {
  const union = taggedUnionOf(schema)
  const [owner] = [...(union?.options ?? [])].find(([, fields]) => Object.hasOwn(fields, name)) ?? []
  return owner === undefined ? {} : { owner: `${union?.tag} '${owner}'` }
}

function entriesOf(value: unknown): (readonly [PropertyKey, unknown])[] {
  if (Array.isArray(value)) return value.map((entry, i) => [i, entry as unknown])
  return isRecord(value) ? Object.entries(value) : []
}

/** The names that a record may have; undefined where any name will do, or where its tag is wrong (which the schema reports). */
function knownFields(schema: Schema, value: Record<string, unknown>): readonly string[] | undefined {
  const union = taggedUnionOf(schema)
  const fields = union === undefined ? fieldsOf(schema) : union.options.get(String(value[union.tag]))
  return fields === undefined ? undefined : Object.keys(fields)
}

interface UnknownField {
  readonly path: readonly PropertyKey[]
  readonly value: unknown
  /** The alternative that has a field of this name. */
  readonly owner?: string
}

/** The error for a name that is no field, with the one that may have been meant. */
export function unknownField(caller: string, known: readonly string[], field: UnknownField): RangeError {
  const near = didYouMean(String(field.path.at(-1)), known) || `, known are ${known.join(', ')}`
  const remedy = field.owner === undefined ? near : `, which belongs to ${field.owner}`
  return new RangeError(
    `${caller}: ${pathName(field.path)} must be a known field, got ${describeValue(field.value)}${remedy}`,
  )
}

interface Violation {
  readonly schema: Schema
  readonly value: unknown
  readonly issue: z.core.$ZodIssue
}

function violation(caller: string, { schema, value, issue }: Violation): Error {
  let found = value
  let rules: Schema | undefined = schema
  for (const key of issue.path) {
    rules = rules === undefined ? undefined : childOf(rules, key, found)
    found = isRecord(found) || Array.isArray(found) ? (found as Record<PropertyKey, unknown>)[key] : undefined
  }
  const rule =
    issue.code === 'custom' || rules === undefined
      ? `satisfy ${issue.message}`
      : `be ${ruleFor(rules, found)}`
  const got = found === undefined ? 'nothing' : describeValue(found)
  const message = `${caller}: ${pathName(issue.path)} must ${rule}, got ${got}`
  return isTypeIssue(issue, found) ? new TypeError(message) : new RangeError(message)
}

/** The rule, with what one bound leaves unsaid of an infinity. */
function ruleFor(schema: Schema, found: unknown): string {
  const rule = ruleOf(schema)
  const isInfinite = found === Infinity || found === -Infinity
  return isInfinite && /^(above|at least|at most|below) /.test(rule) ? `finite and ${rule}` : rule
}

/** Zod counts NaN, infinities and fractions as types of their own; here they are numbers out of range. */
function isTypeIssue(issue: z.core.$ZodIssue, found: unknown): boolean {
  if (issue.code !== 'invalid_type') return found === undefined
  return typeof found !== 'number' || (issue.expected !== 'number' && issue.expected !== 'int')
}

function freeze(value: unknown): unknown {
  if (Array.isArray(value)) value.forEach(freeze)
  else if (isRecord(value)) Object.values(value).forEach(freeze)
  else return value
  return Object.freeze(value)
}
