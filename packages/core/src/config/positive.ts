import * as z from 'zod'

/**
 * The rule of a positive number that tensors are multiplied or divided by. Below 1.2e-38 and above 3.4e38 float32 loses it: it would be 0 or
 * infinite there.
 */
export const positiveSchema: z.ZodNumber = z.number().min(1e-37).max(1e38)
