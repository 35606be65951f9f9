import { meanOf } from '../statistics/samples.ts'
import type { CrossTablePlot } from '../suites/suite.ts'
import { missingFigure, type FigureArm } from './figures.ts'
import { html, type Markup } from './html.ts'
import { significant } from './numbers.ts'

/** A row per task and a column per arm, as papers set learners beside each other; tasks that no arm has are left out. */
export function crossTable({ title, rows, of }: CrossTablePlot, arms: readonly FigureArm[]): Markup {
  const found = (cells: FigureArm['cells'], scalar: string): readonly number[] =>
    cells.map(({ scalars }) => scalars[scalar] as number | undefined).filter((value) => value !== undefined)
  const shown = rows.filter(({ mean }) => arms.some(({ cells }) => found(cells, mean).length > 0))
  if (shown.length === 0) return missingFigure(title, 'no finished run recorded these numbers')
  const entry = (cells: FigureArm['cells'], { mean, deviation }: (typeof rows)[number]): string => {
    const [means, deviations] = [found(cells, mean), found(cells, deviation)]
    if (means.length === 0) return ''
    const spread = deviations.length === 0 ? '' : ` ± ${significant(meanOf(deviations))}`
    return `${significant(meanOf(means))}${spread}`
  }
  return html`<figure class="wide">
    <figcaption>${title}</figcaption>
    <div class="scroll">
      <table>
        <tr>
          <th>task</th>
          ${arms.map(({ label, cells }) => html`<th>${label} (${cells.length})</th>`)}
        </tr>
        ${shown.map(
          (row) =>
            html`<tr>
              <td>${row.title}</td>
              ${arms.map(({ cells }) => html`<td>${entry(cells, row)}</td>`)}
            </tr>`,
        )}
      </table>
    </div>
    <p class="description">
      ${of}: mean ± standard deviation over episodes, both means over seeds, whose number is in brackets.
    </p>
  </figure>`
}
