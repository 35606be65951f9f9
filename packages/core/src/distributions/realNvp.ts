import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { checkInteger, checkShapes } from '../check.ts'
import { foldIn } from '../keys/index.ts'
import { mlp, type Activation, type MlpParams } from '../networks/index.ts'
import { tidy } from '../tidy.ts'
import type { ConditionalFlow, Transformed } from './stackFlows.ts'

/** Sizes of a real NVP. */
export interface RealNvpOptions {
  /** D >= 2, of the latent and of the result. */
  readonly size: number
  /** Size of what the transformation is conditioned on. */
  readonly condition: number
  /** Coupling layers; 2 when absent, as in thesis table C.3. */
  readonly layers?: number
  /** Widths of the hidden layers of scale and translation; one of `size` when absent, as in thesis appendix C.4. */
  readonly hidden?: readonly number[]
  /** `relu` when absent, as in thesis appendix C.4; the published code has `tanh`. */
  readonly activation?: Activation
}

/** Per coupling layer the networks of log scale and translation. */
export type RealNvpParams = readonly { readonly scale: MlpParams; readonly translation: MlpParams }[]

/** A real NVP with its parameters, which are those of the coupling layers in turn. */
export type RealNvp = ConditionalFlow<RealNvpParams>

type Step = (state: Transformed, condition: Tensor) => Transformed

/**
 * A conditional real NVP: a bijection of R^D for every condition. Dinh et al. 2016; Haarnoja 2018 (thesis), section 7.3 and appendix C.4:
 *
 *     log π(a|s) = log p(h) − log |det ∂f(h; s)/∂h|,   a = f(h; s)                (7.5)
 *     odd layers:   x₁ ← x₁ exp(σ(x₂, s)) + τ(x₂, s)        even layers: x₂ ← x₂ exp(σ(x₁, s)) + τ(x₁, s)
 *
 * with x₁ the first ⌊D/2⌋ numbers and x₂ the rest. Nothing bounds σ. {@link flowLevel} puts an embedding of observations before it, {@link stackFlows} stacks it.
 * @throws RangeError when size is below 2, or another size is not a positive integer.
 */
export function realNvp(options: RealNvpOptions): RealNvp {
  const { size, condition: C, layers = 2, hidden = [size], activation = 'relu' } = options
  checkInteger({ caller: 'realNvp', name: 'size', value: size, min: 2 })
  checkInteger({ caller: 'realNvp', name: 'condition', value: C, min: 1 })
  checkInteger({ caller: 'realNvp', name: 'layers', value: layers, min: 1 })
  const first = Math.floor(size / 2)
  const couplings = Array.from({ length: layers }, (_, i) => {
    const changesFirst = i % 2 === 0
    const outputs = changesFirst ? first : size - first
    return { changesFirst, network: mlp({ inputs: size - outputs + C, hidden, outputs, activation }) }
  })

  const check = (caller: string, x: Tensor, condition: Tensor): void => {
    checkShapes(caller, { x: ['B', size], condition: ['B', C] }, { x, condition })
  }
  /** One coupling layer, forwards or backwards. */
  const couple = (i: number, params: RealNvpParams, direction: 1 | -1): Step => {
    const { changesFirst, network } = couplings[i]
    return ({ result, logDet }: Transformed, condition: Tensor): Transformed => {
      const halves = tf.split<Tensor2D>(result, [first, size - first], 1)
      const [changed, kept] = changesFirst ? halves : [halves[1], halves[0]]
      const input = tf.concat([kept, condition], 1)
      const logScale = network.apply(params[i].scale, input)
      const shift = network.apply(params[i].translation, input)
      const moved =
        direction === 1
          ? tf.add<Tensor2D>(tf.mul(changed, tf.exp(logScale)), shift)
          : tf.mul<Tensor2D>(tf.sub(changed, shift), tf.exp(tf.neg(logScale)))
      return {
        result: tf.concat<Tensor2D>(changesFirst ? [moved, kept] : [kept, moved], 1),
        logDet: tf.add(logDet, tf.mul(direction, tf.sum(logScale, 1))),
      }
    }
  }
  return {
    size,
    condition: C,
    init: (key) =>
      couplings.map(({ network }, i) => ({
        scale: network.init(foldIn(foldIn(key, i), 'scale')),
        translation: network.init(foldIn(foldIn(key, i), 'translation')),
      })),
    forward: (params, h, condition) => {
      check('forward', h, condition)
      return tidy(() => {
        let state: Transformed = { result: h as Tensor2D, logDet: tf.zeros([h.shape[0]]) }
        for (let i = 0; i < layers; i++) state = couple(i, params, 1)(state, condition)
        return state
      })
    },
    inverse: (params, x, condition) => {
      check('inverse', x, condition)
      return tidy(() => {
        let state: Transformed = { result: x as Tensor2D, logDet: tf.zeros([x.shape[0]]) }
        for (let i = layers - 1; i >= 0; i--) state = couple(i, params, -1)(state, condition)
        return state
      })
    },
  }
}
