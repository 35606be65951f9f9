/** Writes the generated parts of the README: `node --conditions=@maxent/source scripts/readme.ts` in packages/envs. */
import { readFileSync, writeFileSync } from 'node:fs'
import { format } from 'prettier'
import { chosenTable, markdown } from './chosenTable.ts'

const file = new URL('../README.md', import.meta.url)

/** Text between the comments that name a part. */
function replacePart(text: string, name: string, part: string): string {
  const pattern = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- end of ${name} -->)`)
  if (!pattern.test(text)) throw new Error(`readme: README.md must have a part "${name}", got none`)
  return text.replace(pattern, (_, head: string, tail: string) => `${head}\n${part}\n\n${tail}`)
}

const text = replacePart(readFileSync(file, 'utf8'), 'chosen', markdown(chosenTable()))
writeFileSync(file, await format(text, { parser: 'markdown', printWidth: 110 }))
