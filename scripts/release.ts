/**
 * `pnpm release`: packs every public package into `release/`, looks into the tarballs, and reports their sizes and the versions that the
 * changesets ask for. Nothing leaves the machine. `pnpm release --publish` then publishes what the registry does not have yet, with provenance.
 *
 * The command has built the packages and run publint and are-the-types-wrong over them before (turbo keeps what is done).
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { publicPackages, root, type Manifest, type PublicPackage } from './packages.ts'
import { readTarball } from './tarball.ts'

/** Above this something was packed that is not code: fixtures, results, models. */
const maxPackedBytes = 1_000_000

const installScripts = ['preinstall', 'install', 'postinstall', 'prepare']

interface Packed {
  readonly tarball: string
  readonly manifest: Manifest
  readonly packedBytes: number
  readonly unpackedBytes: number
  readonly codeBytes: number
  readonly files: number
}

function pack({ folder }: PublicPackage, to: string): Packed {
  const printed = execFileSync('pnpm', ['pack', '--json', '--pack-destination', to], {
    cwd: folder,
    encoding: 'utf8',
  })
  const { filename, size } = JSON.parse(printed.slice(printed.indexOf('{'))) as {
    readonly filename: string
    readonly size: number
  }
  const files = readTarball(filename)
  const bytes = (isCounted: (name: string) => boolean): number =>
    [...files].reduce((sum, [name, content]) => sum + (isCounted(name) ? content.length : 0), 0)
  const manifest = JSON.parse(files.get('package.json')?.toString() ?? '{}') as Manifest
  checkTarball(manifest, [...files.keys()])
  if (size > maxPackedBytes) {
    throw new RangeError(
      `release: ${manifest.name} must pack into ${maxPackedBytes} bytes, got ${size}; see its "files" for what is no code`,
    )
  }
  return {
    tarball: filename,
    manifest,
    packedBytes: size,
    unpackedBytes: bytes(() => true),
    codeBytes: bytes((name) => name.startsWith('dist/') && name.endsWith('.js')),
    files: files.size,
  }
}

/** What publint and are-the-types-wrong do not look at. @throws TypeError that names the package and the rule. */
function checkTarball(manifest: Manifest, files: readonly string[]): void {
  const { name, description, license, publishConfig, scripts = {} } = manifest
  const refuse = (rule: string, got: unknown): never => {
    throw new TypeError(`release: ${name} must ${rule}, got ${String(got)}`)
  }
  const script = installScripts.find((key) => key in scripts)
  if (script !== undefined) refuse('run nothing when it is installed', `the script "${script}"`)
  if (description === undefined) refuse('have a description', 'none in package.json')
  if (license !== 'MIT') refuse("have the license 'MIT'", license)
  if (publishConfig?.access !== 'public' || publishConfig.provenance !== true) {
    refuse(
      'have publishConfig { "access": "public", "provenance": true }',
      JSON.stringify(publishConfig ?? 'none'),
    )
  }
  for (const file of ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts']) {
    if (!files.includes(file)) refuse(`hold ${file}`, 'a tarball without it')
  }
  const test = files.find((file) => /\.test(-d)?\.ts$/.test(file))
  if (test !== undefined) refuse('hold no tests', test)
  for (const [other, range] of Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    if (range.startsWith('workspace:')) refuse(`name a version of ${other}`, range)
  }
}

function sizeReport(packed: readonly Packed[]): string {
  const kB = (bytes: number): string => (bytes / 1000).toFixed(1)
  const rows = packed.map(({ manifest, packedBytes, unpackedBytes, codeBytes, files }) => [
    `${manifest.name}@${manifest.version}`,
    kB(packedBytes),
    kB(unpackedBytes),
    kB(codeBytes),
    `${files}`,
  ])
  const table = [['package', 'packed kB', 'unpacked kB', 'code kB', 'files'], ...rows]
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)))
  return table
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '),
    )
    .join('\n')
}

/** The changesets that wait for `pnpm changeset version`, as texts. */
function pendingChangesets(): readonly string[] {
  const folder = join(root, '.changeset')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => readFileSync(join(folder, name), 'utf8'))
}

/** What the changesets ask for, package by package. @throws RangeError where one names a package that is not published. */
function plannedReleases(packages: readonly PublicPackage[]): string {
  const bumps = ['patch', 'minor', 'major']
  const pending = pendingChangesets()
  const largest = new Map(packages.map(({ manifest }) => [manifest.name, -1]))
  for (const text of pending) {
    const header = text.split('---')[1] ?? ''
    for (const [, name, bump] of header.matchAll(/^['"]?([^'":]+)['"]?: *(\w+)$/gm)) {
      const before = largest.get(name)
      if (before === undefined || !bumps.includes(bump)) {
        throw new RangeError(
          `release: a changeset must name public packages as patch, minor or major, got ${name}: ${bump}`,
        )
      }
      largest.set(name, Math.max(before, bumps.indexOf(bump)))
    }
  }
  const asked = [...largest].filter(([, bump]) => bump >= 0).map(([name, bump]) => `${bumps[bump]} ${name}`)
  return `${pending.length} changesets wait for \`pnpm changeset version\`: ${asked.join(', ') || 'none'}`
}

/** @throws Error that says what stands in the way of publishing. */
function checkMayPublish(packages: readonly PublicPackage[]): void {
  const refuse = (rule: string, got: string): never => {
    throw new Error(`release --publish: ${rule}, got ${got}`)
  }
  const pending = pendingChangesets()
  if (pending.length > 0) {
    refuse(
      'changesets must have become versions and changelogs, run `pnpm changeset version` and commit',
      `${pending.length} waiting`,
    )
  }
  const changes = execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }).trim()
  if (changes !== '') refuse('the working tree must be what is committed', `changes\n${changes}`)
  for (const { manifest } of packages) {
    if (manifest.repository !== undefined) continue
    refuse(
      `${manifest.name} must name its "repository", which provenance is checked against`,
      'none in package.json',
    )
  }
  if (
    process.env['ACTIONS_ID_TOKEN_REQUEST_URL'] === undefined &&
    process.env['SIGSTORE_ID_TOKEN'] === undefined
  ) {
    refuse(
      'it must run where an identity token can be had, which provenance is signed with',
      'neither ACTIONS_ID_TOKEN_REQUEST_URL nor SIGSTORE_ID_TOKEN',
    )
  }
}

function isPublished({ name, version }: Manifest): boolean {
  try {
    return execFileSync('npm', ['view', `${name}@${version}`, 'version'], { encoding: 'utf8' }).trim() !== ''
  } catch (error) {
    if (String((error as { readonly stderr?: unknown }).stderr).includes('E404')) return false
    throw error
  }
}

function release(publish: boolean): void {
  const packages = publicPackages()
  if (publish) checkMayPublish(packages)
  const folder = join(root, 'release')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  const packed = packages.map((entry) => pack(entry, folder))
  console.log(`${sizeReport(packed)}\n\n${plannedReleases(packages)}`)
  if (!publish) console.log('The tarballs are in release/. Nothing was published.')
  for (const { tarball, manifest } of publish ? packed : []) {
    if (isPublished(manifest)) console.log(`${manifest.name}@${manifest.version} is there already`)
    else execFileSync('npm', ['publish', tarball, '--provenance', '--access', 'public'], { stdio: 'inherit' })
  }
}

try {
  const { values } = parseArgs({ options: { publish: { type: 'boolean', default: false } } })
  release(values.publish)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
