import { dirname, posix } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'
import { documents, generated, pageOf, root, routeOf, sourcePageOf } from './documents.ts'

const elsewhere = /^(?:[a-z]+:|#|\/)/

/**
 * The site's address for a link as it stands in a document, where it is relative to the file: other documents become their pages, everything
 * else of the repository the page of its source.
 */
export function siteLink(file: string, href: string): string {
  if (elsewhere.test(href) || file.startsWith(`${generated}/`)) return href
  const [path = '', anchor] = href.split('#')
  const target = posix.join(dirname(file), decodeURI(path)).replace(/\/$/, '')
  const page = [target, `${target}/README.md`].find((name) => documents.includes(name))
  return (
    routeOf(page === undefined ? sourcePageOf(target) : pageOf(page)) +
    (anchor === undefined ? '' : `#${anchor}`)
  )
}

/** A markdown-it plugin: links between files of the repository become links between pages of the site. */
export function repositoryLinks(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('repository-links', ({ tokens, env }) => {
    const { realPath, path } = env as { readonly realPath?: string; readonly path: string }
    const file = posix.relative(root, realPath ?? path)
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null
      if (href !== null) token.attrSet('href', siteLink(file, href))
    }
  })
}
