import { globSync, readFileSync, statSync } from 'node:fs'
import { extname, join, posix } from 'node:path'
import { documents, linkedPaths, root, routeOf, sourcePageOf } from './documents.ts'

const languages: Readonly<Record<string, string>> = {
  '.ts': 'ts',
  '.mjs': 'js',
  '.py': 'python',
  '.md': 'md',
}

const isFolder = (path: string): boolean => statSync(join(root, path)).isDirectory()
const isPicture = (path: string): boolean => /\.(png|svg)$/.test(path)
const isSource = (path: string): boolean => extname(path) in languages

/** The files of a folder, tests apart. */
const filesIn = (folder: string): string[] =>
  globSync(`${folder}/**/*.*`, { cwd: root, exclude: ['**/node_modules/**', '**/*.test.ts'] }).sort()

/** The sources that have a page: what documents link to, folders with the sources that they hold. */
export function shownSources(): ReadonlySet<string> {
  const linked = documents
    .flatMap(linkedPaths)
    .map((path) => path.replace(/\/$/, ''))
    .filter(
      (path) => !isPicture(path) && !documents.includes(path) && !documents.includes(`${path}/README.md`),
    )
  const folders = linked.filter(isFolder)
  return new Set([...linked, ...folders.flatMap(filesIn).filter(isSource)])
}

const listing = (folder: string): string =>
  filesIn(folder)
    .map((file) => [`\`${posix.relative(folder, file)}\``, file] as const)
    .map(([name, file]) => (isSource(file) ? `- [${name}](${routeOf(sourcePageOf(file))})` : `- ${name}`))
    .join('\n')

const program = (file: string): string =>
  '````' +
  (languages[extname(file)] ?? '') +
  '\n' +
  readFileSync(join(root, file), 'utf8').trimEnd() +
  '\n````'

/** A page with the text of a file, or with the list of the files of a folder. */
export const sourcePage = (path: string): string =>
  `---\nsearch: false\naside: false\n---\n\n# ${path}\n\n${isFolder(path) ? listing(path) : program(path)}\n`
