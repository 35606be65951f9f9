import type { Algorithm, NoiseSpec, ObservationBatch, TensorSpec } from '@maxent/core/contracts'
import { key } from '@maxent/core/keys'
import { leaves, mapTree, type Tree } from '@maxent/core/tree'
import { createProgram, policyMetadata, type HostTensor } from '@maxent/jit'
import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'

/** What {@link exportPolicy} takes. */
export interface ExportPolicyOptions {
  /** The algorithm with the configuration that it was trained with. */
  readonly algorithm: Algorithm
  /** Its state, from a run or a checkpoint. */
  readonly state: Tree<HostTensor>
  /** Observations per call; 1 when absent. */
  readonly rows?: number
}

/**
 * A trained policy as one self-contained ONNX file, normalisation, squash and scale of actions inside. `loadPolicy` of `@maxent/jit` reads it;
 * plain ONNX Runtime runs it: inputs `arg0/<group>` [rows, n] and noise `arg1` (or `arg1/<path>`), outputs `action`, as evaluation acts, and
 * `sample`, as the learner explores. Algorithms whose noise is correlated in time export `action` alone.
 * @throws RangeError when the state is not one of the algorithm.
 */
export async function exportPolicy(options: ExportPolicyOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { algorithm, state, rows = 1 } = options
  if (!Number.isInteger(rows) || rows < 1) {
    throw new RangeError(`exportPolicy: rows must be an integer of at least 1, got ${rows}`)
  }
  const { id, spec } = algorithm
  const noise = algorithm.acting?.memory === undefined ? algorithm.noise.act(rows) : undefined
  const observation = Object.fromEntries(
    Object.entries(spec.observation).map(([name, length]): [string, TensorSpec] => [
      name,
      { shape: [rows, length] },
    ]),
  )
  const initial = tf.tidy(() => algorithm.init(key(0)) as tf.TensorContainer) as Tree<Tensor>
  try {
    const program = await createProgram({
      name: id,
      state: initial,
      functions: {
        policy: {
          run: (given: Tree<Tensor>, row: ObservationBatch, drawn?: Tree<Tensor>) => ({
            action: algorithm.actDeterministic(given, row).action,
            ...(drawn === undefined ? {} : { sample: algorithm.act(given, row, drawn).action }),
          }),
          args: [observation, ...(noise === undefined ? [] : [shapesOf(noise)])],
        },
      },
      mode: { kind: 'eager' },
    })
    try {
      program.setState(state)
      return await program.export('policy', {
        metadata: policyMetadata({
          version: 1,
          algorithm: id,
          observation: spec.observation,
          action: spec.action,
          rows,
          ...(noise === undefined ? {} : { noise }),
        }),
      })
    } finally {
      await program.dispose()
    }
  } finally {
    for (const tensor of leaves(initial)) tensor.dispose()
  }
}

function shapesOf(noise: Tree<NoiseSpec>): Tree<TensorSpec> {
  return mapTree<Tree<NoiseSpec>, NoiseSpec, TensorSpec>(noise, ({ shape }) => ({ shape }))
}
