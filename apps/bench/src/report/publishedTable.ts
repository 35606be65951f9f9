import { foldIn, key } from '@maxent/core/keys'
import type { PublishedReturn, PublishedReturns } from '../published/returns.ts'
import { valueAt } from '../run/curves.ts'
import { interquartileMean } from '../statistics/aggregates.ts'
import { bootstrapAggregate } from '../statistics/bootstrap.ts'
import type { PublishedPlot } from '../suites/suite.ts'
import type { FigureArm } from './figures.ts'
import { html, raw, type Markup } from './html.ts'
import { rounded, thousands } from './numbers.ts'
import { tableFigure } from './tableFigure.ts'

/** An arm by id, with its cells. */
export interface PublishedArm extends FigureArm {
  readonly env: string
}

/** A row per task and source: returns at some steps, here and elsewhere, with the protocols below. */
export function publishedTable(plot: PublishedPlot, arms: readonly PublishedArm[]): Markup {
  const { title, steps, published, protocol } = plot
  return tableFigure({
    title,
    head: [
      html`<th>task</th>`,
      html`<th>source</th>`,
      html`<th>seeds</th>`,
      ...steps.map((step) => html`<th>${thousands(step)} steps</th>`),
    ],
    rows: arms.flatMap((arm) => [
      ours(plot, arm),
      ...published
        .filter(({ returns }) => Object.hasOwn(returns, arm.env))
        .map((source) => theirs(plot, arm, source)),
    ]),
    description: html`Here: interquartile mean over seeds with its bootstrap 95 % interval; ${protocol}.
    ${published.map(
      ({ label, source, seeds, environments, protocol: how }) =>
        html`${label}: mean ± standard deviation of ${seeds} ${seeds === 1 ? 'run' : 'seeds'}; ${how};
        ${environments} (${source}). `,
    )}`,
  })
}

function ours({ curve, steps }: PublishedPlot, { label, cells }: PublishedArm): Markup {
  return html`<tr>
    <td>${label}</td>
    <td>here</td>
    <td>${cells.length}</td>
    ${steps.map((step) => {
      const values = cells.map((cell) => valueAt(cell, { curve, step })).filter((x) => x !== undefined)
      return html`<td>${aggregated(values, label)}</td>`
    })}
  </tr>`
}

function theirs({ steps }: PublishedPlot, { label, env }: PublishedArm, source: PublishedReturns): Markup {
  const returns: Readonly<Record<number, PublishedReturn | undefined>> = source.returns[env]
  return html`<tr>
    <td>${label}</td>
    <td>${source.label}</td>
    <td>${source.seeds}</td>
    ${steps.map((step) => {
      const found = returns[step]
      if (found === undefined) return raw('<td></td>')
      const { mean, std } = found
      return html`<td>${rounded(mean)}${std === undefined ? '' : ` ± ${rounded(std)}`}</td>`
    })}
  </tr>`
}

function aggregated(values: readonly number[], label: string): string {
  if (values.length === 0) return ''
  if (values.length === 1) return rounded(values[0])
  const { value, low, high } = bootstrapAggregate([values], interquartileMean, {
    key: foldIn(key(1), label),
  })
  return `${rounded(value)} [${rounded(low)}, ${rounded(high)}]`
}
