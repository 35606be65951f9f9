import { positiveSchema } from '@maxent/core'
import * as z from 'zod'

/** Rules that the schemas of several algorithms have in common. */
export const count: z.ZodNumber = z.int().min(1)
export const rate: z.ZodNumber = positiveSchema
export const share: z.ZodNumber = z.number().min(0).max(1)
export const layers: z.ZodArray<z.ZodNumber> = z.array(count)
export const groups: z.ZodOptional<z.ZodArray<z.ZodString>> = z.array(z.string()).min(1).optional()
