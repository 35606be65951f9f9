import { foldIn, key } from '@maxent/core/keys'
import { cameras } from '../film/index.ts'
import { recordedScalars, type CellResult } from '../run/cellResult.ts'
import { flatSettings, sameValue } from '../run/flatSettings.ts'
import { armsOf } from '../run/grid.ts'
import { interquartileMean } from '../statistics/aggregates.ts'
import { bootstrapAggregate, type Interval } from '../statistics/bootstrap.ts'
import { meanInterval } from '../statistics/tests.ts'
import type { Arm, FilmPlot, GridPlot, JsonValue, Metric, Plot, TablePlot } from '../suites/suite.ts'
import { bandRowsFigure } from './bandRows.ts'
import { crossTable } from './crossTable.ts'
import { curvesFigure, histogramFigure, missingFigure, scatterFigure, type FigureArm } from './figures.ts'
import { filmStrip } from './filmStrip.ts'
import { gridWorlds } from './gridWorld.ts'
import { commandLines, html, raw, type Markup } from './html.ts'
import { landscapeFigure } from './landscape.ts'
import { duration, significant } from './numbers.ts'
import { pathsFigure } from './paths.ts'
import { publishedTable } from './publishedTable.ts'
import type { SuiteResults } from './resultsFolder.ts'
import { sweepFigure } from './sweep.ts'
import { tableFigure } from './tableFigure.ts'
import { verdictBadge } from './verdictBadge.ts'

const nothing = raw('')

/** Where the page has a suite's section. */
export function anchorOf({ suite, profile }: Pick<SuiteResults, 'suite' | 'profile'>): string {
  return `${suite.id}-${profile}`
}

/** All about one suite in one profile: claim, verdict, figures, tables, settings, differences, and how to repeat it. */
export function suiteSection(results: SuiteResults, command: string): Markup {
  const { suite, profile, summary, cells } = results
  const { verdict: rule, control } = suite
  return html`<section id="${anchorOf(results)}">
    <h2>${suite.id}, ${profile}</h2>
    <p class="claim">${summary.claim} <span class="soft">(${suite.paper}, ${suite.figure})</span></p>
    <p>${verdictBadge(summary.verdict)}${summary.reason}.</p>
    <p class="soft">
      The rule: ${rule.statistic}; ${rule.threshold}. It fails where ${rule.fails}. It needs
      ${rule.leastSeeds} seeds. The same rule says “${summary.control}” of the negative control:
      ${control.meaning}.
    </p>
    <div class="grid">${suite.plots.map((plot) => drawPlot(plot, results))}</div>
    ${metricsTable(summary.metrics)} ${differences(summary.differences)} ${settings(results)}
    ${provenance(results)}
    <p>The same cells again:</p>
    ${commandLines(command)}
    ${cells.length === 0 ? html`<p>No cell of the present learning revision is finished.</p>` : nothing}
  </section>`
}

function drawPlot(plot: Plot, { suite, cells, profile }: SuiteResults): Markup {
  const grid = armsOf(suite, suite.profiles[profile] ?? {})
  const shown = plot.arms.filter((id) => grid.some((arm) => arm.id === id))
  if (shown.length === 0) return nothing
  const arms = shown.map((id): FigureArm => ({
    label: grid.find((arm) => arm.id === id)?.label ?? id,
    cells: cells.filter(({ arm }) => arm === id),
  }))
  switch (plot.kind) {
    case 'curves':
      return curvesFigure(plot, arms)
    case 'sweep':
      return sweepFigure(plot, arms, cells)
    case 'histogram':
      return histogramFigure(plot, arms)
    case 'scatter':
      return scatterFigure(plot, arms)
    case 'landscape':
      return landscapeFigure(plot, arms)
    case 'table':
      return armTable(plot, arms)
    case 'crossTable':
      return crossTable(plot, arms)
    case 'published':
      return publishedTable(
        plot,
        shown.map((id, i) => ({ ...arms[i], env: environmentOf(grid, id) })),
      )
    case 'grid':
      return grids({ ...plot, colors: shown.map((id) => plot.colors[plot.arms.indexOf(id)]) }, arms)
    case 'bandRows':
      return bandRowsFigure(plot, arms)
    case 'paths':
      return pathsFigure(plot, arms)
    case 'film':
      return film(plot, arms)
  }
}

/** The environment of an arm, none where it has none. */
function environmentOf(grid: readonly Arm[], id: string): string {
  const arm = grid.find((one) => one.id === id)
  return arm !== undefined && 'env' in arm ? arm.env : ''
}

/** The recorded episodes, where the environment has a camera and some were recorded. */
function film({ env, title, recording: name = 'final' }: FilmPlot, arms: readonly FigureArm[]): Markup {
  const takes = arms.flatMap(({ label, cells }) => {
    const recording = cells.map(
      ({ recordings }) => recordings[name] as CellResult['recordings'][string] | undefined,
    )
    const first = recording.find((found) => found !== undefined)
    return first === undefined ? [] : [{ label, recording: first }]
  })
  if (!Object.hasOwn(cameras, env) || takes.length === 0) return nothing
  const { title: moments, ...rest } = cameras[env].film(takes)
  return html`<div class="wide">${filmStrip({ title: `${title}: ${moments}`, ...rest })}</div>`
}

/** The grid worlds of the arms that recorded one, of their first seeds. */
function grids({ title, colors, policy, moves }: GridPlot, arms: readonly FigureArm[]): Markup {
  const worlds = arms.flatMap(({ label, cells }, i) => {
    const samples = cells[0]?.samples as Partial<CellResult['samples']> | undefined
    const [values, chances] = [samples?.[colors[i].samples], samples?.[policy]]
    if (values === undefined || chances === undefined) return []
    return [{ label, colorTitle: colors[i].title, colors: values, policy: chances, moves }]
  })
  if (worlds.length === 0) return missingFigure(title, 'no finished run recorded these numbers')
  return html`<div class="wide">${gridWorlds(title, worlds)}</div>`
}

/** A row per arm: interquartile mean and mean over seeds, each with its interval. */
function armTable({ title, columns }: TablePlot, arms: readonly FigureArm[]): Markup {
  return tableFigure({
    title,
    head: [
      html`<th>arm</th>`,
      html`<th>seeds</th>`,
      ...columns.map(({ title: name }) => html`<th>${name}</th>`),
    ],
    rows: arms.map(
      ({ label, cells }) =>
        html`<tr>
          <td>${label}</td>
          <td>${cells.length}</td>
          ${columns.map(({ scalar }) => html`<td>${scalarCell(cells, scalar)}</td>`)}
        </tr>`,
    ),
    description: html`Above, the interquartile mean with its bootstrap 95 % interval; below, the mean with
    Student's.`,
  })
}

function scalarCell(cells: readonly CellResult[], scalar: string): Markup {
  const values = recordedScalars(cells, scalar)
  if (values.length === 0) return html`none`
  if (values.length === 1) return html`${significant(values[0])}`
  const middle = bootstrapAggregate([values], interquartileMean, { key: foldIn(key(1), scalar) })
  const mean = meanInterval(values)
  return html`${withInterval(middle.value, middle)}<br /><span class="soft"
      >${withInterval(mean.value, mean)}</span
    >`
}

function withInterval(value: number, { low, high }: Interval): string {
  return `${significant(value)} [${significant(low)}, ${significant(high)}]`
}

function metricsTable(metrics: Readonly<Record<string, Metric>>): Markup {
  const entries = Object.entries(metrics)
  if (entries.length === 0) return nothing
  const hasIntervals = entries.some(([, { low }]) => low !== undefined)
  return html`<h3>Figures behind the verdict</h3>
    <div class="scroll">
      <table>
        <tr>
          <th>name</th>
          <th>value</th>
          ${hasIntervals ? raw('<th>95 % interval</th>') : nothing}
        </tr>
        ${entries.map(([name, { value, low, high }]) => {
          const interval =
            low === undefined || high === undefined ? '' : `${significant(low)} to ${significant(high)}`
          return html`<tr>
            <td>${name}</td>
            <td>${significant(value)}</td>
            ${hasIntervals ? html`<td>${interval}</td>` : nothing}
          </tr>`
        })}
      </table>
    </div>`
}

function differences(lines: readonly string[]): Markup {
  if (lines.length === 0)
    return html`<h3>Differences from the paper</h3>
      <p>None is declared.</p>`
  return html`<h3>Differences from the paper</h3>
    <ul>
      ${lines.map((line) => html`<li>${line}</li>`)}
    </ul>`
}

/** The settings of the cells as they were recorded: once what all arms have, then what each has of its own. */
function settings({ suite, cells, stale }: SuiteResults): Markup {
  const arms = suite.grid.flatMap(({ id, label }) => {
    const cell = [...cells, ...stale].find(({ arm }) => arm === id)
    return cell === undefined ? [] : [{ label, leaves: flatSettings(cell.settings) }]
  })
  if (arms.length === 0) return nothing
  const [first, ...others] = arms
  const common = [...first.leaves].filter(([path, value]) =>
    others.every(({ leaves }) => leaves.has(path) && sameValue(leaves.get(path), value)),
  )
  const shared = new Set(common.map(([path]) => path))
  const own = arms.map(({ label, leaves }) => ({
    label,
    lines: [...leaves].filter(([path]) => !shared.has(path)),
  }))
  return html`<details>
    <summary>Settings</summary>
    ${
      common.length > 0
        ? html`<p>All arms</p>
            <pre>${settingLines(common)}</pre>`
        : nothing
    }
    ${own
      .filter(({ lines }) => lines.length > 0)
      .map(
        ({ label, lines }) =>
          html`<p>${label}</p>
            <pre>${settingLines(lines)}</pre>`,
      )}
  </details>`
}

function settingLines(lines: readonly (readonly [string, JsonValue])[]): string {
  return lines.map(([path, value]) => `${path} = ${JSON.stringify(value)}`).join('\n')
}

/** Where and when: machines, commits, revision; and what is missing, stale or damaged. */
function provenance({ suite, summary, cells, stale }: SuiteResults): Markup {
  const { machine, commit, runtime, revision, startedAt, wallSeconds, seeds } = summary
  const skipped = cells.filter(({ damagedLines }) => damagedLines > 0)
  const lines = [
    `${summary.cells.current} cells finished, ${summary.cells.missing} missing; ${seeds} seeds that all judged arms have`,
    `${duration(wallSeconds)} of work${startedAt === null ? '' : `, begun ${startedAt.slice(0, 16).replace('T', ' ')} UTC`}`,
    ...machine.map((name) => `Machine: ${name}`),
    ...runtime.map((name) => `Runtime: ${name}`),
    `Commit ${commit.join(', ')}${commit.some((name) => name.endsWith('+')) ? ' (+: with changes that were not committed)' : ''}`,
    `Learning revision ${revisionText(revision)}`,
    ...(stale.length > 0
      ? [
          `${stale.length} finished cells are of another learning revision (${distinct(stale.map((cell) => revisionText(cell.revision))).join('; ')}): ` +
            `${suite.packages.join(', ')} learn otherwise since then. They are kept and enter no verdict`,
        ]
      : []),
    ...skipped.map(
      ({ arm, seed, damagedLines }) =>
        `${arm}, seed ${seed}: ${damagedLines} damaged lines of its record were skipped`,
    ),
  ]
  return html`<h3>Where it was run</h3>
    <ul>
      ${lines.map((line) => html`<li>${line}</li>`)}
    </ul>`
}

function revisionText(revision: Readonly<Record<string, number>>): string {
  const entries = Object.entries(revision)
  return entries.length === 0 ? 'none' : entries.map(([name, number]) => `${name} ${number}`).join(', ')
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)]
}
