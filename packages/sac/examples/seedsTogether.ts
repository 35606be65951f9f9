/**
 * Milliseconds per update of one seed, of four seeds in four programs one after another, and of the same four in one program: what a core does
 * per second in either way. Blocks of both alternate; medians.
 *
 *     node --conditions=@maxent/source packages/sac/examples/seedsTogether.ts [blocks]
 */
import { createNoise, foldIn, key, leaves, mapTree, unflatten, type NoiseSpec, type Tree } from '@maxent/core'
import { createProgram, type HostData, type Program, type ProgramOptions } from '@maxent/jit'
import { sac } from '@maxent/sac'
import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'

tf.env().set('PROD', true)
const blocks = Number(process.argv[2] ?? 11)
const members = 4
const spec = { observation: { proprio: 17 }, action: { low: Array(6).fill(-1), high: Array(6).fill(1) } }
const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]

/** Normal numbers in the place of batches and noise. */
function numbers(specs: Tree<{ readonly shape: readonly number[] }>, rows: number): Tree<HostData> {
  const noise = createNoise(
    mapTree<Tree<{ readonly shape: readonly number[] }>, { readonly shape: readonly number[] }, NoiseSpec>(
      specs,
      ({ shape }) => ({ shape: [rows, ...shape], law: 'normal' }),
    ),
  )
  noise.fill(key(rows))
  return noise.arrays
}

for (const [units, batchSize, calls] of [
  [16, 32, 60],
  [64, 64, 30],
  [256, 256, 4],
]) {
  const algorithm = sac(spec, { hidden: [units, units], batchSize })
  const functions = {
    update: { run: algorithm.update, args: [algorithm.batch, algorithm.noise.update] },
  } as unknown as ProgramOptions<Tree<Tensor>>['functions']
  const states = Array.from({ length: members }, (_, i): Tree<Tensor> =>
    algorithm.init(foldIn(key(i), 'init')),
  )
  const parts = states.map((state) => leaves<Tensor>(state))
  const together = await createProgram({
    name: 'together',
    state: unflatten(
      states[0],
      parts[0].map((_, i) => tf.stack(parts.map((own) => own[i]))),
    ),
    functions,
    members,
  })
  const alone: Program[] = []
  for (const state of states) alone.push(await createProgram({ name: 'alone', state, functions }))
  const strip = (tree: Tree<HostData>): Tree<HostData> =>
    mapTree<Tree<HostData>, HostData, HostData>(tree, (all) => all.slice(0, all.length / members))
  const all = [numbers(algorithm.batch, members), numbers(algorithm.noise.update, members)]
  const one = all.map(strip)
  const times: Record<'alone' | 'together', number[]> = { alone: [], together: [] }
  for (let block = 0; block < blocks; block++) {
    let since = performance.now()
    for (let i = 0; i < calls; i++)
      for (const program of alone) await program.call('update', one, { fetch: 'none' })
    times.alone.push((performance.now() - since) / calls / members)
    since = performance.now()
    for (let i = 0; i < calls; i++) await together.call('update', all, { fetch: 'none' })
    times.together.push((performance.now() - since) / calls / members)
  }
  const [apart, joined] = [median(times.alone), median(times.together)]
  console.log(
    `${units}x${units}, batch ${batchSize}: ${apart.toFixed(3)} ms apart, ${joined.toFixed(3)} ms together, ${(apart / joined).toFixed(2)} x`,
  )
  await together.dispose()
  for (const program of alone) await program.dispose()
}
