import { convolutions } from './conv.ts'
import { creations } from './create.ts'
import { elementwise } from './elementwise.ts'
import { indexing } from './indexOps.ts'
import type { KernelName, Rules } from './kernels.ts'
import { products } from './matmul.ts'
import { reductions } from './reduce.ts'
import { shapes } from './shape.ts'

/** The rule of every kernel in {@link KernelName}: leave one out and this does not compile. */
export const rules: Rules<KernelName> = {
  ...convolutions,
  ...creations,
  ...elementwise,
  ...indexing,
  ...products,
  ...reductions,
  ...shapes,
}
