import { globSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the repository, which is the source folder of the site: documents are read where they lie. */
export const root: string = fileURLToPath(new URL('../../..', import.meta.url))

/** What `generate.ts` writes, relative to `root`. */
export const generated = 'apps/docs/generated'

/** The written documents that become pages, relative to `root`. */
export const documents: readonly string[] = globSync(
  [
    '*.md',
    'docs/**/*.md',
    'packages/*/README.md',
    'packages/*/docs/*.md',
    'packages/*/src/**/README.md',
    'apps/*/README.md',
  ],
  { cwd: root, exclude: ['**/node_modules/**'] },
).sort()

/** Markdown files that are no pages, in VitePress's form of patterns. */
export const excluded: readonly string[] = globSync('**/*.md', {
  cwd: root,
  exclude: ['**/node_modules', '**/dist', generated],
}).filter((file) => !documents.includes(file))

/**
 * Where a Markdown file stands on the site, in relative paths: `packages/sac/README.md` is `packages/sac/index.md`, and folders that say
 * nothing to a reader (`docs`, `src`, `generated`) are left out. VitePress takes this function as its `rewrites`.
 */
export function pageOf(file: string): string {
  return file
    .replace(`${generated}/`, '')
    .replace(/^docs\//, '')
    .replace(/^(packages\/[^/]+)\/(?:src|docs)\//, '$1/')
    .replace(/(^|\/)README\.md$/, '$1index.md')
}

/** The page that shows a source file or lists a folder of sources. (The ending `.ts` would pass for a film.) */
export const sourcePageOf = (path: string): string => `source/${path.replace(/\.(\w+)$/, '-$1')}.md`

/** The route of a page: what links hold. */
export const routeOf = (page: string): string =>
  `/${page.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '')}`

/** The first heading of a document. */
export const titleOf = (file: string): string =>
  /^# (.+)$/m.exec(readFileSync(join(root, file), 'utf8'))?.[1] ?? posix.basename(file, '.md')

/** The targets of a document's links and images, relative to `root` and without anchors; links that leave the repository apart. */
export function linkedPaths(file: string): string[] {
  const markdown = readFileSync(join(root, file), 'utf8')
  return [...markdown.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)].map((match) =>
    posix.join(dirname(file), match[1] ?? ''),
  )
}
