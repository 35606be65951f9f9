import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { cases } from './testing/cases.ts'
import { rules } from './rules/rules.ts'
import { unsupported } from './rules/unsupported.ts'

const names = (record: object): string =>
  Object.keys(record)
    .sort()
    .map((name) => `\`${name}\``)
    .join(', ')

it('lists in the README every kernel with a rule, whether its gradient is checked, and every kernel without', () => {
  const entries = Object.entries(cases)
  const checked = Object.fromEntries(entries.filter(([, list]) => list.some(({ gradient }) => gradient)))
  const other = Object.fromEntries(entries.filter(([name]) => !(name in checked)))
  expect(Object.keys(cases).sort()).toEqual(Object.keys(rules).sort())

  const reasons = [...new Set(Object.values(unsupported))].map((entry) => {
    const kernels = Object.fromEntries(Object.entries(unsupported).filter(([, other]) => other === entry))
    return `- ${names(kernels)}: ${entry.reason}; ${entry.remedy}.`
  })
  const text = [
    `With a rule, gradients checked (${Object.keys(checked).length}): ${names(checked)}.`,
    `With a rule, where tfjs has no gradient, or a zero one (${Object.keys(other).length}): ${names(other)}.`,
    'Without a rule:',
    reasons.sort().join('\n'),
  ].join('\n\n')

  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const written = /<!-- kernels:.*?-->\n([\s\S]*?)<!-- \/kernels -->/.exec(readme)?.[1] ?? ''
  const flat = (s: string): string => s.replaceAll(/\s+/g, ' ').trim()
  expect(flat(written)).toBe(flat(text))
})
