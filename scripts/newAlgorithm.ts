/**
 * `pnpm new-algorithm NAME`: a package `packages/NAME` that passes the gate and the conformance suite as it is, made from
 * `templates/algorithm`, and its changeset. `--out DIR` makes the package alone, in another folder.
 */
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import * as prettier from 'prettier'
import { root } from './packages.ts'

const template = join(root, 'templates', 'algorithm')
const longestName = 40

const camelCase = (name: string): string => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
const capitalised = (name: string): string => `${name[0].toUpperCase()}${name.slice(1)}`

/** Words that cannot name a function. */
const reserved = (
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function ' +
  'if implements import in instanceof interface let new null package private protected public return static super switch this throw true try ' +
  'typeof var void while with yield'
).split(' ')

const files: readonly string[] = globSync('**/*', { cwd: template })
  .filter((file) => statSync(join(template, file)).isFile())
  .sort()
const templateText = (file: string): string => readFileSync(join(template, file), 'utf8')

/** Whether the template has an identifier or a file of that name for something else. */
function isTaken(name: string): boolean {
  const code = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => templateText(file).replace(/\/\*[^]*?\*\/|\/\/.*|'[^']*'/g, ''))
  const word = new RegExp(`\\b${camelCase(name)}\\b`)
  return code.some((text) => word.test(text)) || files.some((file) => basename(file).split('.')[0] === name)
}

/** @throws RangeError that says why there cannot be a package of that name. */
function checkName(name: string | undefined): asserts name is string {
  const rule = 'new-algorithm: NAME must be'
  if (name === undefined) throw new RangeError(`${rule} given, got none, as in pnpm new-algorithm soft-td3`)
  if (!/^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(name) || name.length > longestName) {
    throw new RangeError(
      `${rule} lower-case words joined by hyphens, each with a letter first, ${longestName} characters at most, got '${name}'`,
    )
  }
  if (reserved.includes(name) || isTaken(name)) {
    throw new RangeError(`${rule} a name that the code has free, got '${name}', which has a meaning there`)
  }
}

/** The template's text with the name in place of its own, in every spelling. */
function named(text: string, name: string): string {
  const camel = camelCase(name)
  return text
    .replaceAll('new-algorithm', name)
    .replaceAll('newAlgorithm', camel)
    .replaceAll('NewAlgorithm', capitalised(camel))
}

/** Writes the package, and gives the paths of its files. @throws RangeError when the folder exists. */
async function writePackage(name: string, folder: string): Promise<readonly string[]> {
  if (existsSync(folder)) {
    throw new RangeError(`new-algorithm: ${folder} must not exist yet, got a folder, choose another name`)
  }
  // Longer and shorter names break lines elsewhere.
  const config = (await prettier.resolveConfig(join(root, 'package.json'))) ?? {}
  const paths: string[] = []
  for (const file of files) {
    const path = join(folder, named(file, name))
    mkdirSync(dirname(path), { recursive: true })
    const text = named(templateText(file), name)
    writeFileSync(path, await prettier.format(text, { ...config, filepath: path }))
    paths.push(path)
  }
  return paths
}

function writeChangeset(name: string): string {
  const file = join(root, '.changeset', `new-${name}.md`)
  const title = capitalised(camelCase(name))
  writeFileSync(file, `---\n'@maxent/${name}': minor\n---\n\nFirst release of ${title}.\n`)
  return file
}

try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { out: { type: 'string' } },
  })
  if (positionals.length > 1) {
    throw new RangeError(`new-algorithm: there must be one NAME, got ${positionals.join(' ')}`)
  }
  const [name] = positionals
  checkName(name)
  const paths = await writePackage(name, values.out ?? join(root, 'packages', name))
  const written = values.out === undefined ? [...paths, writeChangeset(name)] : paths
  console.log(written.join('\n'))
  console.log('\nNow: pnpm install, pnpm check. CONTRIBUTING.md says what to replace, in which order.')
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
