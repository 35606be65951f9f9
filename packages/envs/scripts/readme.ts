/** Writes the generated parts of the README: `node --conditions=@maxent/source scripts/readme.ts` in packages/envs. */
import { readFileSync, writeFileSync } from 'node:fs'
import { listEnvs } from '@maxent/envs'
import { format, resolveConfig } from 'prettier'
import { chosenTable, markdown } from './chosenTable.ts'

const file = new URL('../README.md', import.meta.url)
const PICTURES_PER_ROW = 4

/** Replaces the text between the comments that name a part. */
function replacePart(text: string, name: string, part: string): string {
  const pattern = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- end of ${name} -->)`)
  if (!pattern.test(text)) throw new Error(`readme: README.md must have a part "${name}", got none`)
  return text.replace(pattern, (_, head: string, tail: string) => `${head}\n${part}\n\n${tail}`)
}

/** A table of the pictures that `gallery.ts` takes. */
function gallery(): string {
  const cells = listEnvs().map(({ id }) => `![${id}](pictures/${id}.png)<br>\`${id}\``)
  const rows = Array.from({ length: Math.ceil(cells.length / PICTURES_PER_ROW) }, (_, row) =>
    Array.from({ length: PICTURES_PER_ROW }, (_, i) => cells[row * PICTURES_PER_ROW + i] ?? ''),
  )
  return markdown([Array.from({ length: PICTURES_PER_ROW }, () => ''), ...rows])
}

let text = readFileSync(file, 'utf8')
text = replacePart(text, 'gallery', gallery())
text = replacePart(text, 'chosen', markdown(chosenTable()))
writeFileSync(file, await format(text, { ...(await resolveConfig(file)), parser: 'markdown' }))
