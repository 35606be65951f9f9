import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { build, type Plugin } from 'vite'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const modulesOfNode = new Set([...builtinModules, 'onnxruntime-node'])

interface NodeImport {
  readonly from: string
  readonly module: string
}

/** Every import of a module of Node in a bundle, for browsers, of all that some entry points export. */
async function nodeImportsOf(entryPoints: readonly string[]): Promise<readonly NodeImport[]> {
  const found: NodeImport[] = []
  const entry = join(root, 'entry.ts')
  const watch: Plugin = {
    name: 'watch',
    enforce: 'pre',
    resolveId(id, importer) {
      if (id === entry) return id
      const module = id.replace(/^node:/, '')
      if (modulesOfNode.has(module) || id.startsWith('node:')) found.push({ from: importer ?? '', module })
      return undefined
    },
    load: (id) =>
      id === entry ? entryPoints.map((name) => `export * from '${name}'`).join('\n') : undefined,
  }
  await build({
    root,
    logLevel: 'silent',
    plugins: [watch],
    build: { write: false, minify: false, lib: { entry, formats: ['es'] } },
  })
  return found
}

/** What others import behind a look at the platform; bundlers for browsers put nothing in its place. */
const guarded = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-data', 'seedrandom', '@mujoco/mujoco']

it('no module of jit, core, train, sac or envs that a browser gets imports a module of Node', async () => {
  const imports = await nodeImportsOf(
    ['core', 'jit', 'train', 'sac', 'envs'].map((name) => `@maxent/${name}`),
  )
  const ours = imports.filter(({ from }) => !guarded.some((name) => from.includes(`/node_modules/${name}/`)))
  expect(ours).toEqual([])
})

it('finds such imports where there are some', async () => {
  const modules = (await nodeImportsOf(['@maxent/train/node'])).map(({ module }) => module)
  expect(modules).toEqual(expect.arrayContaining(['fs/promises', 'path', 'os']))
})
