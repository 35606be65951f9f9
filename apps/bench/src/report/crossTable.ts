import { meanOf } from '../statistics/samples.ts'
import { recordedScalars } from '../run/cellResult.ts'
import type { CrossTablePlot } from '../suites/suite.ts'
import { missingFigure, type FigureArm } from './figures.ts'
import { html, type Markup } from './html.ts'
import { significant } from './numbers.ts'
import { tableFigure } from './tableFigure.ts'

/** A row per task and a column per arm, as papers set learners beside each other; tasks that no arm has are left out. */
export function crossTable({ title, rows, of }: CrossTablePlot, arms: readonly FigureArm[]): Markup {
  const shown = rows.filter(({ mean }) => arms.some(({ cells }) => recordedScalars(cells, mean).length > 0))
  if (shown.length === 0) return missingFigure(title, 'no finished run recorded these numbers')
  const entry = (cells: FigureArm['cells'], { mean, deviation }: (typeof rows)[number]): string => {
    const [means, deviations] = [recordedScalars(cells, mean), recordedScalars(cells, deviation)]
    if (means.length === 0) return ''
    const spread = deviations.length === 0 ? '' : ` ± ${significant(meanOf(deviations))}`
    return `${significant(meanOf(means))}${spread}`
  }
  return tableFigure({
    title,
    head: [html`<th>task</th>`, ...arms.map(({ label, cells }) => html`<th>${label} (${cells.length})</th>`)],
    rows: shown.map(
      (row) =>
        html`<tr>
          <td>${row.title}</td>
          ${arms.map(({ cells }) => html`<td>${entry(cells, row)}</td>`)}
        </tr>`,
    ),
    description: html`${of}: mean ± standard deviation over episodes, both means over seeds, whose number is
    in brackets.`,
  })
}
