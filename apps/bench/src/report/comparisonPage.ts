import type { ComparedSuite, Comparison } from './comparison.ts'
import { comparisonHeader, comparisonRow, testSentence } from './comparisonText.ts'
import { curvesFigure } from './figures.ts'
import { html, raw, type Markup } from './html.ts'
import { page } from './resultsPage.ts'
import { verdictBadge } from './verdictBadge.ts'

/** Two folders beside each other, as one HTML file that needs nothing beside it. */
export function renderComparison(comparison: Comparison): string {
  const { folders, suites, notes } = comparison
  return page(
    'Two folders of results',
    html`<p>A: ${folders[0]}<br />B: ${folders[1]}</p>
      <p class="soft">${suites.length === 0 ? 'They have no suite in common.' : testSentence(comparison)}</p>
      ${
        notes.length === 0
          ? raw('')
          : html`<ul class="soft">
              ${notes.map((note) => html`<li>${note}</li>`)}
            </ul>`
      }
      ${suites.map(suiteSection)}`,
  )
}

function suiteSection({ suite, profile, verdicts, scalars, cells }: ComparedSuite): Markup {
  return html`<section>
    <h2>${suite.id}, ${profile}</h2>
    <p class="claim">${suite.claim}</p>
    <p>A: ${verdictBadge(verdicts[0])} B: ${verdictBadge(verdicts[1])}</p>
    <div class="scroll">
      <table>
        <tr>
          ${comparisonHeader.map((title) => html`<th>${title}</th>`)}
        </tr>
        ${scalars.map(
          (scalar) =>
            html`<tr>
              ${comparisonRow(scalar).map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </table>
    </div>
    <div class="grid">
      ${suite.plots
        .filter((plot) => plot.kind === 'curves')
        .map((plot) => {
          const arms = plot.arms.flatMap((id) => {
            const label = suite.grid.find((arm) => arm.id === id)?.label ?? id
            return cells.map((side, i) => ({
              label: `${'AB'[i]}: ${label}`,
              cells: side.filter(({ arm }) => arm === id),
            }))
          })
          return curvesFigure(plot, arms)
        })}
    </div>
  </section>`
}
