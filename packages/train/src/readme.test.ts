import { describeConfig } from '@maxent/core'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { trainDefaults, trainSchema } from './config.ts'

test('the README lists the fields, defaults, rules and meanings of the config', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const [, listed] = /<!-- config -->([\s\S]*)<!-- \/config -->/.exec(readme) ?? []
  const rows = describeConfig(trainSchema, trainDefaults).map(
    ({ name, rule, doc, ...field }) =>
      `| \`${name}\` | ${field.default === undefined ? '' : `\`${JSON.stringify(field.default)}\``} | ${rule} | ${doc} |`,
  )
  const table = ['| field | default | must be | meaning |', '|---|---|---|---|', ...rows].join('\n')
  const plain = (text: string): string =>
    text
      .trim()
      .replace(/ *\| */g, '|')
      .replace(/-+/g, '-')
  expect(plain(listed)).toBe(plain(table))
})
