import type { SummaryEntry } from './summary.ts'

const words = { holds: 'holds', fails: '**fails**', inconclusive: 'inconclusive' } as const

const [begin, end] = ['<!-- results -->', '<!-- /results -->']

/** The results as a table in Markdown, for a README. */
export function resultsTable(summary: readonly SummaryEntry[]): string {
  const rows = summary.map(({ id, paper, figure, profile, claim, verdict, reason, control, seeds }) => [
    `\`${id}\``,
    `${paper}, ${figure}`,
    claim,
    profile,
    `${words[verdict]}: ${reason}`,
    words[control],
    `${seeds}`,
  ])
  return [
    ['suite', 'source', 'claim', 'profile', 'verdict', 'negative control', 'seeds'],
    Array.from({ length: 7 }, () => '---'),
    ...rows,
  ]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')
}

/** What stands between the marks of a README. */
export function resultsSection(readme: string): string {
  const [from, to] = bounds(readme)
  return readme.slice(from, to).trim()
}

/** A README with another table between its marks. */
export function withResults(readme: string, table: string): string {
  const [from, to] = bounds(readme)
  return `${readme.slice(0, from)}\n\n${table}\n\n${readme.slice(to)}`
}

function bounds(readme: string): readonly [number, number] {
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)]
  if (from === -1 || to < from) {
    throw new RangeError(`resultsTable: readme must hold ${begin} and then ${end}, got neither, add them`)
  }
  return [from + begin.length, to]
}
