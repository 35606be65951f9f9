import type { NoiseSpec } from '../contracts.ts'
import { mapTree, type MapTree, type Tree } from '../tree.ts'
import { fillNormal, fillUniform } from './draw.ts'
import { hashPurpose } from './key.ts'
import { threefry2x32, type Key } from './threefry.ts'

/** Noise arrays that are filled anew for every call, without allocation. */
export interface Noise<S extends Tree<NoiseSpec>> {
  /** In the structure of the specification, row-major. */
  readonly arrays: MapTree<S, NoiseSpec, Float32Array>
  /** Overwrites the arrays with the noise of `key`. */
  readonly fill: (key: Key) => void
}

/**
 * Arrays for a tree of noise. Every leaf has its own key, `foldIn(key, path)`, so its numbers do not depend on which other leaves there
 * are, nor on their order.
 */
export function createNoise<S extends Tree<NoiseSpec>>(spec: S): Noise<S> {
  const parts: { readonly purpose: Key; readonly fill: typeof fillNormal; readonly array: Float32Array }[] =
    []
  const arrays = mapTree<S, NoiseSpec, Float32Array>(spec, ({ shape, law }, path) => {
    const array = new Float32Array(shape.reduce((size, n) => size * n, 1))
    parts.push({ purpose: hashPurpose(path), fill: law === 'normal' ? fillNormal : fillUniform, array })
    return array
  })
  return {
    arrays,
    fill: (key) => {
      for (const { purpose, fill, array } of parts) fill(threefry2x32(key, purpose), array)
    },
  }
}

/** Fresh arrays with the noise of `key`, in the structure of the specification. */
export function drawNoise<S extends Tree<NoiseSpec>>(key: Key, spec: S): MapTree<S, NoiseSpec, Float32Array> {
  const { arrays, fill } = createNoise(spec)
  fill(key)
  return arrays
}
