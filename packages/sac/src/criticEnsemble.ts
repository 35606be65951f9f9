import type { Tensor, Tensor1D } from '@tensorflow/tfjs'
import { mlp, ravelAll } from '@maxent/core'
import type { Key } from '@maxent/core'
import type { SacConfig } from './config.ts'
import { layers } from './layers.ts'

/** K networks of one kind behind one flat parameter vector. */
export interface CriticEnsemble {
  readonly init: (key: Key) => Tensor1D
  /** The outputs of every member, K of [B, outputs]. */
  readonly apply: (parameters: Tensor1D, input: Tensor) => readonly Tensor[]
}

/** The critics of a config, for inputs and outputs of these sizes. */
export function criticEnsemble(
  config: Pick<SacConfig, 'critics' | 'hidden' | 'activation' | 'initializer'>,
  sizes: { readonly inputs: number; readonly outputs: number },
): CriticEnsemble {
  const member = mlp({ ...sizes, ...layers(config) })
  const names = Array.from({ length: config.critics }, (_, k) => `q${k + 1}`)
  const all = ravelAll(Object.fromEntries(names.map((name) => [name, member])))
  return {
    init: (key) => all.init(key),
    apply: (parameters, input) => {
      const outputs = all.apply(parameters, input)
      return names.map((name) => outputs[name])
    },
  }
}
