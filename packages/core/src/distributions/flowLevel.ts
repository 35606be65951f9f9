import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes } from '../check.ts'
import { foldIn } from '../keys/index.ts'
import { mlp, type MlpParams } from '../networks/index.ts'
import { tidy } from '../tidy.ts'
import { realNvp, type RealNvpOptions, type RealNvpParams } from './realNvp.ts'
import type { ConditionalFlow, Transformed } from './stackFlows.ts'

/** Sizes of one level: those of {@link realNvp}, and of the embedding that it is conditioned on. */
export interface FlowLevelOptions extends Omit<RealNvpOptions, 'condition'> {
  /** O, the size of an observation. */
  readonly observation: number
  /** The network that embeds the observation. */
  readonly embedding?: {
    /** Widths of the hidden layers; two of 128 when absent, as in thesis table C.3. */
    readonly hidden?: readonly number[]
    /** Of the embedding; 2 · `size` when absent, as in thesis appendix C.4. */
    readonly size?: number
  }
}

/** Parameters of the embedding and of the bijection above it. */
export type FlowLevelParams = { readonly embedding: MlpParams; readonly flow: RealNvpParams }

/**
 * One level of a latent space policy: a {@link realNvp} conditioned on an embedding e(s) of the observation. Haarnoja 2018 (thesis), section 7.4 and appendix
 * C.4:
 *
 *     h' = f(h; e(s))
 *
 * Bijective in h only: the embedding is any network, here one with relu units.
 * @throws RangeError when `size` is below 2, or another size is not a positive integer.
 */
export function flowLevel({
  observation: O,
  embedding: { hidden = [128, 128], size: embedded } = {},
  ...options
}: FlowLevelOptions): ConditionalFlow<FlowLevelParams> {
  const C = embedded ?? 2 * options.size
  const flow = realNvp({ ...options, condition: C })
  const embedding = mlp({ inputs: O, hidden, outputs: C })
  const through =
    (direction: 'forward' | 'inverse') =>
    (params: FlowLevelParams, x: Tensor, observation: Tensor): Transformed => {
      checkShapes(direction, { observation: ['B', O] }, { observation })
      return tidy(() => flow[direction](params.flow, x, embedding.apply(params.embedding, observation)))
    }
  return {
    size: options.size,
    condition: O,
    init: (key) => ({
      embedding: embedding.init(foldIn(key, 'embedding')),
      flow: flow.init(foldIn(key, 'flow')),
    }),
    forward: through('forward'),
    inverse: through('inverse'),
  }
}
