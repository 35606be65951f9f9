/** The batches that algorithms ask for, as arrays. */
import { stepsSpecs, transitionSpecs } from '@maxent/core'
import type { AnyAlgorithm, TensorSpec } from '@maxent/core/contracts'
import { eachLeaf, mapTree, type Tree } from '@maxent/core/tree'
import type { BatchArrays, StepsArrays } from './replay.ts'

/** Shapes by path. */
type Shapes = ReadonlyMap<string, readonly number[]>

/**
 * Arrays for the batch that an algorithm's `update` takes, in the algorithm's own order: of transitions, or of stretches of steps where it
 * learns from sequences.
 * @throws RangeError when that batch is not one of its own observations, actions and records.
 */
export function batchOf(algorithm: AnyAlgorithm): BatchArrays | StepsArrays {
  const { id, spec, batch, experience, acting } = algorithm
  const shapes = shapesOf(batch)
  const [first = NaN, second = NaN] = shapes.get('reward') ?? []
  if (experience?.kind === 'sequences') {
    const steps = stepsSpecs(spec, {
      length: experience.length,
      rows: second,
      record: acting?.record ?? {},
      ...(experience.episodes !== undefined && { episodes: experience.episodes }),
    })
    checkShapes(id, shapes, { expected: shapesOf(steps), what: 'stretches of steps' })
  } else {
    checkShapes(id, shapes, { expected: shapesOf(transitionSpecs(spec, first)), what: 'transitions' })
  }
  return arraysOf(batch) as unknown as BatchArrays
}

/** An array for every leaf of specifications. */
export function arraysOf(specs: Tree<TensorSpec>): Tree<Float32Array> {
  return mapTree<Tree<TensorSpec>, TensorSpec, Float32Array>(
    specs,
    ({ shape }) => new Float32Array(shape.reduce((size, n) => size * n, 1)),
  )
}

function shapesOf(specs: Tree<TensorSpec>): Shapes {
  const shapes = new Map<string, readonly number[]>()
  eachLeaf(specs, ({ shape }, path) => shapes.set(path, shape))
  return shapes
}

function checkShapes(
  id: string,
  shapes: Shapes,
  { expected, what }: { readonly expected: Shapes; readonly what: string },
): void {
  const describe = (shape: readonly number[] | undefined): string =>
    shape === undefined ? 'none' : `[${shape.join(', ')}]`
  for (const path of new Set([...expected.keys(), ...shapes.keys()])) {
    const [rule, got] = [describe(expected.get(path)), describe(shapes.get(path))]
    if (rule === got) continue
    throw new RangeError(
      `batchOf: algorithm '${id}' must take batches of ${what}, ${path} of shape ${rule}, got ${got}; ` +
        `what feeds it is a uniform replay`,
    )
  }
}
