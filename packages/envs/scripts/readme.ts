/** Writes the generated parts of the README: `node --conditions=@maxent/source scripts/readme.ts` in packages/envs. */
import { readFileSync, writeFileSync } from 'node:fs'
import { listEnvs } from '@maxent/envs'
import { format, resolveConfig } from 'prettier'
import { placedStates, witnesses } from '../witnesses/index.ts'
import type { Rates } from '../witnesses/measure.ts'
import { chosenTable, markdown } from './chosenTable.ts'
import { taskTable } from './taskTable.ts'

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

/** Success rates of witnesses and of uniform actions, and what placed states show. */
function witnessTable(): string {
  const file = new URL('../witnesses/rates.json', import.meta.url)
  const rates = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Rates>>
  const rows = witnesses.flatMap(({ ids, claim, rarely }) =>
    ids.map((id) => [
      `\`${id}\``,
      rarely === undefined ? claim : `${claim} (${rarely})`,
      rates[id].witness.toFixed(2),
      rates[id].random.toFixed(2),
    ]),
  )
  const placed = placedStates.flatMap(({ ids, claim, reason }) =>
    ids.map((id) => [`\`${id}\``, claim, 'placed state', reason]),
  )
  return markdown([['id', 'done when', 'witness', 'uniform actions'], ...rows, ...placed])
}

let text = readFileSync(file, 'utf8')
text = replacePart(text, 'gallery', gallery())
text = replacePart(text, 'witnesses', witnessTable())
text = replacePart(text, 'tasks', markdown(taskTable()))
text = replacePart(text, 'chosen', markdown(chosenTable()))
writeFileSync(file, await format(text, { ...(await resolveConfig(file)), parser: 'markdown' }))
