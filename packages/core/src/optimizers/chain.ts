import type { Tensor } from '@tensorflow/tfjs'
import type { Tree } from '../tree.ts'
import type { Optimizer } from './optimizer.ts'
import { tidy } from '../tidy.ts'

/**
 * Transformations one after another: each reads the updates of the one before, the first reads the gradients.
 *
 *     const optimizer = chain(clipByGlobalNorm(1), adam({ learningRate: 3e-4 }))
 */
export function chain(...optimizers: readonly Optimizer[]): Optimizer<readonly Tree<Tensor>[]> {
  return {
    init: (params) => optimizers.map((optimizer) => optimizer.init(params)),
    update: <P extends Tree<Tensor>>(grads: P, states: readonly Tree<Tensor>[], params: P) =>
      tidy(() => {
        let updates = grads
        const next: Tree<Tensor>[] = []
        for (const [i, optimizer] of optimizers.entries()) {
          const result = optimizer.update(updates, states[i], params)
          updates = result.updates
          next.push(result.state)
        }
        return { updates, state: next }
      }),
  }
}
