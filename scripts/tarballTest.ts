/**
 * `pnpm test:tarballs`: the tarballs of `pnpm release` as their users meet them. Plain npm installs them in empty folders, on Node 22 and on
 * Node 24; programs in `consumer/` train, act with an exported policy, and run every algorithm package beside `@maxent/core` alone. Then
 * what an installation adds and what an import costs are measured. Needs the npm registry and nothing else; exits with 1 when anything fails.
 */
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { algorithmPackages, root } from './packages.ts'

/** Most that `npm install @maxent/sac` may add beside {@link excepted}, in MB. */
const maxAddedMb = 60
/** Most processor time that importing `@maxent/sac` may take, as a multiple of importing tfjs and the runtime. */
const maxImportRatio = 1.3
const importRounds = 9

const excepted = ['onnxruntime-node', '@tensorflow', '@mujoco']

/** The function of a package that makes an algorithm, where it has another name than the package. */
const factories: Readonly<Record<string, string>> = { '@maxent/baselines': 'td3' }

const folder = mkdtempSync(join(tmpdir(), 'maxent-tarballs-'))
const environment = userEnvironment()

/** The environment of a user's shell: what pnpm set for this script's sake is left out, and the download of CUDA is off. */
function userEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_|pnpm_|NODE_OPTIONS|NODE_PATH|INIT_CWD)/i.test(name) ||
      /^npm_config_(registry|cache)$/i.test(name),
  )
  return { ...Object.fromEntries(kept), ONNXRUNTIME_NODE_INSTALL: 'skip' }
}

interface Command {
  readonly cwd: string
  /** The folder of the `node` to run with; that of this process when absent. */
  readonly node?: string
}

/** What a program prints. @throws Error with all that it printed when it fails. */
function run(
  program: string,
  args: readonly string[],
  { cwd, node = dirname(process.execPath) }: Command,
): string {
  const env = { ...environment, PATH: `${node}:${process.env['PATH'] ?? ''}` }
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, encoding: 'utf8' })
  if (status === 0) return stdout.trim()
  throw new Error(
    `${program} ${args.join(' ')} must succeed, got ${error?.message ?? `exit status ${status}`}\n${stdout}${stderr}`,
  )
}

function timed<T>(what: string, work: () => T): T {
  const start = performance.now()
  const result = work()
  console.log(`${what} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
  return result
}

function emptyFolder(name: string): string {
  const path = join(folder, name)
  mkdirSync(path)
  writeFileSync(join(path, 'package.json'), '{ "private": true, "type": "module" }\n')
  return path
}

/** The folder of a Node of that major version: this one, or the one that the npm package `node` brings. */
function nodeFolder(major: number): string {
  if (process.versions.node.startsWith(`${major}.`)) return dirname(process.execPath)
  const cwd = emptyFolder(`node-${major}`)
  run('npm', ['install', `node@${major}`, '--no-audit', '--no-fund', '--loglevel=error'], { cwd })
  const bin = join(cwd, 'node_modules', 'node', 'bin')
  // An npm that runs no scripts of packages leaves the binary to be fetched.
  if (!existsSync(bin)) run('node', ['installArchSpecificPackage'], { cwd: dirname(bin) })
  return bin
}

const tarballs = new Map(
  readdirSync(join(root, 'release')).map((file) => [
    file.replace(/^maxent-(.*?)-\d.*$/, '@maxent/$1'),
    join(root, 'release', file),
  ]),
)

/** Installs packages of ours in an empty folder, as files: their versions are not on the registry yet. */
function install(name: string, packages: readonly string[], node: string): string {
  const cwd = emptyFolder(name)
  const files = packages.map((each) => {
    const file = tarballs.get(each)
    if (file === undefined) throw new Error(`tarballTest: release/ must hold ${each}, run pnpm release`)
    return file
  })
  timed(`npm install ${packages.join(' ')}`, () =>
    run('npm', ['install', ...files, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, node }),
  )
  cpSync(join(import.meta.dirname, 'consumer'), cwd, { recursive: true })
  return cwd
}

function bytesOf(path: string): number {
  const stats = lstatSync(path)
  if (!stats.isDirectory()) return stats.size
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0)
}

/** What an installation weighs: the large parts by name, and all that is not {@link excepted}. */
function reportSize(what: string, cwd: string): number {
  const modules = join(cwd, 'node_modules')
  const sizes = readdirSync(modules).map((name) => ({ name, mb: bytesOf(join(modules, name)) / 1e6 }))
  const largest = sizes.filter(({ mb }) => mb >= 1).sort((a, b) => b.mb - a.mb)
  const added = sizes.filter(({ name }) => !excepted.includes(name)).reduce((sum, { mb }) => sum + mb, 0)
  const list = largest.map(({ name, mb }) => `${name} ${mb.toFixed(1)}`).join(', ')
  console.log(`${what}: ${added.toFixed(1)} MB beside ${excepted.join(', ')}; parts above 1 MB: ${list}`)
  return added
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

/** The time of importing `packages` over that of importing `base`: the median of rounds in which each is imported once. */
function importRatio(cwd: string, packages: readonly string[], base: readonly string[]): number {
  const time = (names: readonly string[]): number =>
    Number(
      run('node', ['importTime.mjs', ...names], { cwd })
        .split('\n')
        .at(-1),
    )
  time(packages)
  const ratios = Array.from({ length: importRounds }, () => time(packages) / time(base))
  const ratio = median(ratios)
  const range = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`
  console.log(
    `importing ${packages.join(', ')} takes ${ratio.toFixed(2)} x importing ${base.join(', ')} (${range})`,
  )
  return ratio
}

function main(): readonly string[] {
  const failures: string[] = []
  let whole = ''
  for (const major of [22, 24]) {
    const node = nodeFolder(major)
    console.log(`\nNode ${run('node', ['--version'], { cwd: folder, node })}`)
    const packages = ['core', 'jit', 'train', 'envs', 'sac'].map((name) => `@maxent/${name}`)
    whole = install(`whole-${major}`, packages, node)
    const trained = timed('2,000 steps of Pendulum', () =>
      run('node', ['pendulum.mjs'], { cwd: whole, node }),
    )
    console.log(trained)
    console.log(run('node', ['policy.mjs'], { cwd: whole, node }))
    for (const name of algorithmPackages()) {
      const short = name.replace('@maxent/', '')
      const camel = short.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
      const cwd = install(`${short}-${major}`, ['@maxent/core', name], node)
      console.log(run('node', ['alone.mjs', name, factories[name] ?? camel], { cwd, node }))
    }
  }
  console.log()
  const added = reportSize('npm install @maxent/sac', join(folder, 'sac-24'))
  if (added > maxAddedMb)
    failures.push(`@maxent/sac adds ${added.toFixed(1)} MB, wanted at most ${maxAddedMb}`)
  reportSize('npm install @maxent/sac @maxent/envs @maxent/train', whole)
  const base = ['@tensorflow/tfjs', 'onnxruntime-node']
  const ratio = importRatio(whole, ['@maxent/sac'], base)
  if (ratio > maxImportRatio) {
    failures.push(`importing @maxent/sac takes ${ratio.toFixed(2)} x, wanted at most ${maxImportRatio}`)
  }
  importRatio(whole, ['@maxent/sac', '@maxent/envs', '@maxent/train'], base)
  return failures
}

try {
  const failures = main()
  for (const failure of failures) console.error(failure)
  process.exitCode = failures.length === 0 ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
