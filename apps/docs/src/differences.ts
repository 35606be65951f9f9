import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { documents, pageOf, root, routeOf, titleOf } from './documents.ts'

/** A page that tells where the implementations differ from the papers: the sections of that name, each under the title of its document. */
export function differencesPage(): string {
  const sections = documents.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    const [, heading, body] = /^## (Differences [^\n]+)\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(text) ?? []
    if (heading === undefined || body === undefined) return []
    return `## ${titleOf(file)}\n\n_${heading}_, from [its page](${routeOf(pageOf(file))}).\n\n${body.trim()}\n`
  })
  const lead =
    'Where an implementation departs from its paper or from the released code, and why, collected from the pages of the algorithms.'
  return ['# Differences from the papers', '', lead, '', ...sections].join('\n')
}
