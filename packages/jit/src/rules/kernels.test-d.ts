import { expectTypeOf, it } from 'vitest'
import type { KernelName, Rules } from './kernels.ts'
import { rules } from './rules.ts'
import type { unsupported } from './unsupported.ts'
import { type TfjsKernel } from './unsupported.ts'

it('takes a table of rules only where every kernel has one', () => {
  expectTypeOf(rules).toExtend<Rules<KernelName>>()
  const { Abs: _, ...incomplete } = rules
  // @ts-expect-error there is no rule for Abs
  const table: Rules<KernelName> = incomplete
  expectTypeOf(table).toEqualTypeOf<Rules<KernelName>>()
})

it('knows every kernel of tfjs, in one table or the other', () => {
  expectTypeOf<TfjsKernel>().toEqualTypeOf<KernelName | keyof typeof unsupported>()
  expectTypeOf<keyof typeof unsupported & KernelName>().toEqualTypeOf<never>()
})
