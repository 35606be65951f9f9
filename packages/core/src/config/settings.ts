import * as z from 'zod'
import { describeValue } from '../check.ts'
import { complete, unknownField, type ConfigRules } from './resolve.ts'
import { ruleOf } from './rule.ts'
import { childOf, fieldsOf, isRecord, taggedUnionOf, unwrap, type Schema } from './schema.ts'

/**
 * Reads settings as a command line gives them, `gamma=0.95`, `target.tau=0.01`, `hidden=64,64`, into the partial configuration that
 * {@link resolveConfig} takes. Later settings win. The schema decides how a value is read: numbers, `true` and `false`, names, lists with commas
 * or as JSON, records as JSON.
 *
 * @throws RangeError for an unknown field, TypeError for a value that cannot be read as the field's type.
 */
export function parseSettings<C extends object>(
  rules: ConfigRules<C>,
  settings: readonly string[],
): Partial<C> {
  return settings.reduce<Record<string, unknown>>((partial, setting) => {
    const [, name, text] = /^([^=]+)=([^]*)$/.exec(setting) ?? []
    if (name === undefined) {
      throw new RangeError(`${rules.caller}: a setting must be field=value, got ${describeValue(setting)}`)
    }
    const path = name.trim().split('.')
    const schema = fieldAt(rules, path, { partial, text })
    return assign(partial, path, parseValue(rules.caller, schema, { name, text: text.trim() }))
  }, {}) as Partial<C>
}

/** The schema at a path. Where alternatives have the field, the one that the settings so far and the defaults choose comes first. */
function fieldAt<C extends object>(
  rules: ConfigRules<C>,
  path: readonly string[],
  context: { readonly partial: unknown; readonly text: string },
): Schema {
  let schema: Schema = rules.schema
  let value = complete(schema, rules.defaults, context.partial)
  path.forEach((key, depth) => {
    const child = childOf(schema, key, value)
    if (child === undefined) {
      throw unknownField(rules.caller, namesIn(schema), {
        path: path.slice(0, depth + 1),
        value: context.text,
      })
    }
    schema = child
    value = isRecord(value) ? value[key] : undefined
  })
  return schema
}

function namesIn(schema: Schema): string[] {
  const options = taggedUnionOf(schema)?.options.values() ?? [fieldsOf(schema) ?? {}]
  return [...new Set([...options].flatMap((fields) => Object.keys(fields)))]
}

function assign(
  record: Record<string, unknown>,
  [key, ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  if (rest.length === 0) return { ...record, [key]: value }
  const inner = record[key]
  return { ...record, [key]: assign(isRecord(inner) ? inner : {}, rest, value) }
}

function parseValue(
  caller: string,
  schema: Schema,
  given: { readonly name: string; readonly text: string },
): unknown {
  const value = readAs(unwrap(schema), given.text)
  if (value !== undefined) return value
  throw new TypeError(`${caller}: ${given.name} must be ${ruleOf(schema)}, got ${describeValue(given.text)}`)
}

/** The text as the schema's type, or undefined where it cannot be read so. Whether the value is legal is for the schema to say. */
function readAs(schema: Schema, text: string): unknown {
  if (schema instanceof z.ZodNumber)
    return text === '' || Number.isNaN(Number(text)) ? undefined : Number(text)
  if (schema instanceof z.ZodBoolean) return { true: true, false: false }[text]
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) return text
  if (schema instanceof z.ZodLiteral)
    return [...schema.values].find((value) => String(value) === text) ?? text
  if (schema instanceof z.ZodArray && !text.startsWith('[')) return readList(text, () => schema.element)
  if (schema instanceof z.ZodTuple && !text.startsWith('[')) return readList(text, (i) => schema.def.items[i])
  if (schema instanceof z.ZodUnion && !(schema instanceof z.ZodDiscriminatedUnion)) {
    const options = schema.def.options as readonly Schema[]
    return options.map((option) => readAs(unwrap(option), text)).find((value) => value !== undefined)
  }
  return parseJson(text)
}

function readList(text: string, schemaAt: (i: number) => Schema | undefined): unknown {
  if (text === '') return []
  const entries = text.split(',').map((entry, i) => {
    const schema = schemaAt(i)
    return schema === undefined ? entry : readAs(unwrap(schema), entry.trim())
  })
  return entries.includes(undefined) ? undefined : entries
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
