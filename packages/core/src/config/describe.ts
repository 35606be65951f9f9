import * as z from 'zod'
import { ruleOf } from './rule.ts'
import { descriptionOf, fieldsOf, isRecord, taggedUnionOf, type Fields, type Schema } from './schema.ts'

/** One line of a configuration's table. */
export interface ConfigField {
  /** The path, as in `temperature.alpha`. */
  readonly name: string
  /** What the value must be. */
  readonly rule: string
  /** What the field means. */
  readonly doc: string
  /** Absent where the field has no default. */
  readonly default?: unknown
  /** Whether the field may stay without a value. */
  readonly optional: boolean
  /** The alternative that the field belongs to, as in `temperature.kind = 'fixed'`. */
  readonly when?: string
}

/** Lists the fields of a configuration in the schema's order, the alternatives of tagged unions one after another. */
export function describeConfig(schema: z.ZodType, defaults?: object): ConfigField[] {
  return describeFields(fieldsOf(schema) ?? {}, { prefix: '', defaults })
}

interface Place {
  readonly prefix: string
  readonly defaults: unknown
  readonly when?: string
}

function describeFields(fields: Fields, place: Place): ConfigField[] {
  return Object.entries(fields).flatMap(([key, schema]) => {
    const name = place.prefix + key
    const value = isRecord(place.defaults) ? place.defaults[key] : undefined
    const inner = { ...place, prefix: `${name}.`, defaults: value }
    const nested = fieldsOf(schema)
    if (nested !== undefined) return describeFields(nested, inner)
    const union = taggedUnionOf(schema)
    if (union === undefined) return [describeField(schema, { name, value, place })]
    const tag = z.enum([...union.options.keys()])
    const tagValue = isRecord(value) ? value[union.tag] : undefined
    const tagField = describeField(tag, { name: `${name}.${union.tag}`, value: tagValue, place })
    return [
      { ...tagField, doc: descriptionOf(schema) ?? '' },
      ...[...union.options].flatMap(([option, optionFields]) => {
        const { [union.tag]: _, ...rest } = optionFields
        const optionDefaults = tagValue === option ? value : undefined
        return describeFields(rest, {
          ...inner,
          defaults: optionDefaults,
          when: `${name}.${union.tag} = '${option}'`,
        })
      }),
    ]
  })
}

function describeField(schema: Schema, field: { name: string; value: unknown; place: Place }): ConfigField {
  const { name, place } = field
  const value = field.value ?? (schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined)
  return {
    name,
    rule: ruleOf(schema),
    doc: descriptionOf(schema) ?? '',
    ...(value === undefined ? {} : { default: value }),
    optional: schema instanceof z.ZodOptional,
    ...(place.when === undefined ? {} : { when: place.when }),
  }
}
