/** Walking zod schemas: the few kinds of schema that configurations are made of. */
import * as z from 'zod'

export type Schema = z.core.$ZodType

export type Fields = Readonly<Record<string, Schema>>

/** Alternatives that a field of theirs, the tag, tells apart. */
export interface TaggedUnion {
  readonly tag: string
  /** The fields of each alternative, by the value of the tag. */
  readonly options: ReadonlyMap<string, Fields>
}

/** The schema within defaults, optionals and other wrappers. */
export function unwrap(schema: Schema): Schema {
  const inner = innerOf(schema)
  return inner === undefined ? schema : unwrap(inner)
}

function innerOf(schema: Schema): Schema | undefined {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  ) {
    return schema.def.innerType
  }
  return schema instanceof z.ZodPipe ? schema.def.in : undefined
}

/** What `.describe()` said of a schema, or of what it wraps. */
export function descriptionOf(schema: Schema): string | undefined {
  const own = schema instanceof z.ZodType ? schema.description : undefined
  const inner = innerOf(schema)
  return own ?? (inner === undefined ? undefined : descriptionOf(inner))
}

/** The fields of a record schema. */
export function fieldsOf(schema: Schema): Fields | undefined {
  const inner = unwrap(schema)
  return inner instanceof z.ZodObject ? inner.shape : undefined
}

export function taggedUnionOf(schema: Schema): TaggedUnion | undefined {
  const inner = unwrap(schema)
  if (!(inner instanceof z.ZodDiscriminatedUnion)) return undefined
  const tag = inner.def.discriminator
  const options = new Map<string, Fields>()
  for (const option of inner.def.options) {
    const fields = fieldsOf(option) ?? {}
    for (const value of literalsOf(fields[tag])) options.set(String(value), fields)
  }
  return { tag, options }
}

/** The values that a literal or an enumeration allows. */
export function literalsOf(schema: Schema | undefined): readonly unknown[] {
  const inner = schema === undefined ? undefined : unwrap(schema)
  if (inner instanceof z.ZodLiteral) return [...inner.values]
  return inner instanceof z.ZodEnum ? inner.options : []
}

/** The schema one step down, where there is one. `value` decides between alternatives. */
export function childOf(schema: Schema, key: PropertyKey, value: unknown): Schema | undefined {
  const inner = unwrap(schema)
  const name = String(key)
  if (inner instanceof z.ZodObject) return own(inner.shape, name)
  if (inner instanceof z.ZodArray) return inner.element
  if (inner instanceof z.ZodTuple) return inner.def.items[Number(key)]
  if (inner instanceof z.ZodRecord) return inner.valueType
  const union = taggedUnionOf(inner)
  if (union === undefined) return undefined
  if (name === union.tag) return z.enum([...union.options.keys()])
  const chosen = own(union.options.get(String(isRecord(value) ? value[union.tag] : undefined)) ?? {}, name)
  return (
    chosen ??
    [...union.options.values()].map((fields) => own(fields, name)).find((field) => field !== undefined)
  )
}

function own(fields: Fields, name: string): Schema | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

/** A plain record, as opposed to an array, a class instance or a primitive. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** A path as one writes it: `temperature.alpha`, `hidden[0]`; `config` for the whole. */
export function pathName(path: readonly PropertyKey[]): string {
  const name = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
  return name === '' ? 'config' : name.replace(/^\./, '')
}
