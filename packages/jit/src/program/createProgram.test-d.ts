import type * as tf from '@tensorflow/tfjs'
import { expectTypeOf, it } from 'vitest'
import type { HostData, Program, ProgramOptions, Tree } from '../types.ts'
import { createProgram } from './createProgram.ts'

it('types the state that functions take by the state that the options give', () => {
  type State = { readonly w: tf.Tensor }
  expectTypeOf(createProgram<State>)
    .parameter(0)
    .toEqualTypeOf<ProgramOptions<State>>()
  expectTypeOf(createProgram<State>).returns.toEqualTypeOf<Promise<Program>>()
  type Run = ProgramOptions<State>['functions'][string]['run']
  expectTypeOf<Parameters<Run>[0]>().toEqualTypeOf<State>()
})

it('gives host arrays in trees', () => {
  type Result = Awaited<ReturnType<Program['call']>>
  expectTypeOf<Result[string]>().toEqualTypeOf<Tree<HostData>>()
})
