import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import type { Algorithm, AlgorithmSpec, ObservationBatch, TensorSpec } from '../../contracts.ts'
import { drawNoise, fillNormal, fillUniform, foldIn, type Key } from '../../keys/index.ts'
import { mapTree, type Tree } from '../../tree.ts'

/** The data of a tensor on the host. */
export type HostData = Float32Array | Int32Array | Uint8Array

/** What is unusual about a batch. */
export type BatchKind =
  'ordinary' | 'huge rewards' | 'saturated actions' | 'zero discount' | 'huge observations' | 'all zero'

export const extremeKinds: readonly BatchKind[] = [
  'huge rewards',
  'saturated actions',
  'zero discount',
  'huge observations',
  'all zero',
]

/** The arguments of one update on the host. */
export interface UpdateArgs {
  readonly batch: Tree<HostData>
  readonly noise: Tree<HostData>
}

/**
 * The batch and the noise of one update, drawn from a key: actions uniform within the bounds, discounts 1 in nine of ten rows, all else
 * normal. Leaves are known by the first part of their path.
 */
export function drawUpdateArgs(
  algorithm: Pick<Algorithm, 'spec' | 'batch' | 'noise'>,
  key: Key,
  kind: BatchKind = 'ordinary',
): UpdateArgs {
  const batch = mapTree<Tree<TensorSpec>, TensorSpec, HostData>(algorithm.batch, (leaf, path) =>
    kind === 'all zero'
      ? zeros(leaf)
      : drawLeaf({ spec: algorithm.spec, leaf, path, kind }, foldIn(key, path)),
  )
  return { batch, noise: drawNoise(foldIn(key, 'noise'), algorithm.noise.update) }
}

/** Observation groups [rows, length] and noise to act by, with memory where acting carries it, each drawn from a key. */
export function drawActArgs(
  algorithm: Pick<Algorithm, 'spec' | 'noise' | 'acting'>,
  keys: { readonly observation: Key; readonly noise: Key },
  options: { readonly rows: number; readonly scale: number },
): { readonly observation: Tree<HostData>; readonly noise: Tree<HostData> } {
  const draw = (lengths: Readonly<Record<string, number>>, scale: number): Record<string, HostData> =>
    Object.fromEntries(
      Object.entries(lengths).map(([name, length]) => {
        const values = new Float32Array(options.rows * length)
        fillNormal(foldIn(keys.observation, name), values)
        return [name, values.map((x) => x * scale)]
      }),
    )
  const fresh: Tree<HostData> = drawNoise(foldIn(keys.noise, 'noise'), algorithm.noise.act(options.rows))
  const { acting } = algorithm
  return {
    observation: draw(algorithm.spec.observation, options.scale),
    noise: acting?.memory === undefined ? fresh : { fresh, memory: draw(acting.memory, 1) },
  }
}

/** The specifications of the noise that `act` takes for a number of rows, with memory where acting carries it. */
export function actNoiseSpecs(
  { noise, acting }: Pick<Algorithm, 'noise' | 'acting'>,
  rows: number,
): Tree<TensorSpec> {
  const fresh: Tree<TensorSpec> = noise.act(rows)
  if (acting?.memory === undefined) return fresh
  const memory = Object.entries(acting.memory).map(([name, length]) => [name, { shape: [rows, length] }])
  return { fresh, memory: Object.fromEntries(memory) as Record<string, TensorSpec> }
}

/** The specifications of observation groups for a number of rows. */
export function observationSpecs(
  spec: AlgorithmSpec,
  rows: number,
): { readonly [group: string]: TensorSpec } {
  return Object.fromEntries(
    Object.entries(spec.observation).map(([name, length]) => [name, { shape: [rows, length] }]),
  )
}

/** Host data as tensors of the given shapes. */
export function toTensors(data: Tree<HostData>, specs: Tree<TensorSpec>): Tree<Tensor> {
  const arrays: HostData[] = []
  mapTree<Tree<HostData>, HostData, void>(data, (array) => void arrays.push(array))
  let next = 0
  return mapTree<Tree<TensorSpec>, TensorSpec, Tensor>(specs, ({ shape, dtype = 'float32' }) =>
    tf.tensor(arrays[next++], [...shape], dtype),
  )
}

/** Observation groups as tensors. */
export function toObservation(data: Tree<HostData>, specs: Tree<TensorSpec>): ObservationBatch {
  return toTensors(data, specs) as ObservationBatch
}

interface LeafDraw {
  readonly spec: AlgorithmSpec
  readonly leaf: TensorSpec
  readonly path: string
  readonly kind: BatchKind
}

function drawLeaf({ spec, leaf, path, kind }: LeafDraw, key: Key): HostData {
  const values = zeros(leaf)
  if (!(values instanceof Float32Array)) return values
  const name = path.split('/')[0]
  const uniforms = new Float32Array(values.length)
  fillUniform(key, uniforms)
  if (name === 'weight' || name === 'valid' || name === 'continues')
    return uniforms.map((u) => (u < 0.1 ? 0 : 1))
  if (name === 'discount') return uniforms.map((u) => (kind === 'zero discount' || u < 0.1 ? 0 : 1))
  if (name === 'action') {
    const { low, high, choices } = spec.action
    if (choices !== undefined) return uniforms.map((u) => Math.floor(u * choices))
    const share = (u: number): number => (kind === 'saturated actions' ? Math.round(u) : u)
    return uniforms.map(
      (u, i) => low[i % low.length] + share(u) * (high[i % low.length] - low[i % low.length]),
    )
  }
  fillNormal(key, values)
  if (name === 'reward' && kind === 'huge rewards') return values.map((x) => x * 1e6)
  if (/observation/i.test(name) && kind === 'huge observations') return values.map((x) => x * 1e4)
  return values
}

function zeros({ shape, dtype = 'float32' }: TensorSpec): HostData {
  const size = shape.reduce((product, n) => product * n, 1)
  return dtype === 'float32'
    ? new Float32Array(size)
    : dtype === 'int32'
      ? new Int32Array(size)
      : new Uint8Array(size)
}
