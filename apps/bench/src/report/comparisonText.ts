import { textTable } from '../terminal/table.ts'
import { familyLevel, type ComparedScalar, type Comparison } from './comparison.ts'
import { significant } from './numbers.ts'

/** With what test differences are marked, in a sentence. */
export function testSentence({ tested }: Comparison): string {
  if (tested === 0) return 'No difference was tested: that takes two seeds on either side.'
  return (
    `${tested === 1 ? 'One difference was' : `${tested} differences were`} tested by Welch's test and corrected together by Holm's method: ` +
    `where nothing differs, any mark (*) at all has a chance of ${100 * familyLevel} %.`
  )
}

/** The cells of a row: arm, number, A, B, difference with interval, P(B > A), p-value. */
export function comparisonRow({ label, scalar, a, b, difference }: ComparedScalar): string[] {
  const side = ({ mean, seeds }: ComparedScalar['a']): string => `${significant(mean)} (${seeds})`
  if (difference === undefined) return [label, scalar, side(a), side(b), 'not tested', '', '']
  const { value, low, high, probability, pValue } = difference
  return [
    label,
    scalar,
    side(a),
    side(b),
    `${significant(value)} [${significant(low)}, ${significant(high)}]`,
    probability.toFixed(2),
    `${pValue < 1e-4 ? '< 0.0001' : pValue.toFixed(4)}${difference.significant ? ' *' : ''}`,
  ]
}

export const comparisonHeader = [
  'arm',
  'number',
  'A: mean (seeds)',
  'B: mean (seeds)',
  'B − A [95 %]',
  'P(B > A)',
  'p, corrected',
] as const

/** The comparison for a terminal. */
export function comparisonText(comparison: Comparison): string {
  const { folders, suites, notes } = comparison
  return [
    `A: ${folders[0]}\nB: ${folders[1]}`,
    ...suites.map(
      ({ suite, profile, verdicts, scalars }) =>
        `${suite.id}, ${profile}: A ${verdicts[0]}, B ${verdicts[1]}\n` +
        textTable(
          [comparisonHeader, ...scalars.map(comparisonRow)].map((row) =>
            row.map((cell, i) => (i === 0 ? `  ${cell}` : cell)),
          ),
        ),
    ),
    suites.length === 0 ? 'They have no suite in common.' : testSentence(comparison),
    ...(notes.length > 0 ? [notes.join('\n')] : []),
  ].join('\n\n')
}
