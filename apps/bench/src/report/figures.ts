import * as Plot from '@observablehq/plot'
import { JSDOM } from 'jsdom'
import type { CellResult } from '../run/cellResult.ts'
import type { CurvesPlot, HistogramPlot, ScatterPlot } from '../suites/suite.ts'
import { armCurve } from './armCurve.ts'
import { html, raw, type Markup } from './html.ts'
import { significant, thousands } from './numbers.ts'

const { document } = new JSDOM('').window

/** An arm of a figure with its finished cells. */
export interface FigureArm {
  readonly label: string
  readonly cells: readonly CellResult[]
}

const dashes = ['', '8 4', '2 3', '10 3 2 3', '5 2', '1 5']
const symbols = ['circle', 'square', 'triangle', 'diamond', 'cross', 'star'] as const

/** What tells one arm from another: dashes and symbols on paper, a hue besides on a screen. */
export function look(i: number): { dash: string; symbol: (typeof symbols)[number]; color: string } {
  // Beyond six arms the dashes go on with other symbols.
  const round = Math.floor(i / dashes.length)
  return {
    dash: dashes[i % dashes.length],
    symbol: symbols[(i + round) % symbols.length],
    color: `var(--arm${i % 6})`,
  }
}

export const frame: Plot.PlotOptions = {
  document,
  width: 520,
  height: 310,
  marginLeft: 60,
  marginRight: 24,
  marginTop: 28,
  marginBottom: 48,
  style: { fontSize: '13px', fontFamily: 'inherit', background: 'none', overflow: 'visible' },
}

const bands = {
  interval: 'Line: interquartile mean over seeds; band: bootstrap 95 % interval.',
  range: 'Line: mean over seeds; band: from the least seed to the largest.',
  deviation: 'Line: mean over seeds; band: one standard deviation over seeds either way.',
  seeds: 'A line per seed.',
} as const

/** Learning curves: a line and a band per arm, or per curve of an arm, or a line per seed. */
export function curvesFigure(
  { title, curve, curveOf = {}, over = 'interval', y, scale, levels = [] }: CurvesPlot,
  arms: readonly FigureArm[],
): Markup {
  const lines = arms.flatMap((arm) => linesOf(arm, curve, curveOf))
  const curves = lines.flatMap(({ cells, name }, line) =>
    over === 'seeds'
      ? cells.map((cell) => ({ line, ...armCurve([cell], name) }))
      : [{ line, ...armCurve(cells, name, over) }],
  )
  const isLog = scale === 'log'
  // A logarithmic axis has no place for zero and less.
  const drawn = curves.map((one) => ({
    ...one,
    points: one.points.filter(({ value, low }) => !isLog || (value > 0 && low > 0)),
  }))
  const shown = drawn.flatMap((one) => (one.points.length > 0 ? [{ ...one, ...look(one.line) }] : []))
  if (shown.length === 0) return missingFigure(title, 'no finished run recorded this curve')
  const last = Math.max(...shown.flatMap(({ points }) => points.map(({ step }) => step)))
  const svg = Plot.plot({
    ...frame,
    ariaLabel: title,
    x: { label: 'environment steps', labelOffset: 40, domain: [0, last], ticks: 5, tickFormat: shortNumber },
    y: {
      label: y,
      type: isLog ? 'log' : 'linear',
      nice: true,
      ticks: 5,
      tickFormat: isLog ? significant : shortNumber,
      grid: true,
    },
    marks: [
      levels.map(({ value }) =>
        Plot.ruleY([value], { stroke: 'currentColor', strokeDasharray: '1 4', strokeWidth: 1.5 }),
      ),
      shown
        .filter(({ seeds, points }) => seeds > 1 && points.length > 1)
        .map(({ points, color }) =>
          Plot.areaY(points, { x: 'step', y1: 'low', y2: 'high', fill: color, fillOpacity: 0.15 }),
        ),
      shown.map(({ points, color, dash }) =>
        Plot.lineY(points, { x: 'step', y: 'value', stroke: color, strokeWidth: 2, strokeDasharray: dash }),
      ),
      shown.map(({ points, color, symbol, line }) =>
        Plot.dot(markers(points, line), {
          x: 'step',
          y: 'value',
          symbol,
          stroke: color,
          fill: 'var(--paper)',
          r: 4,
        }),
      ),
      levels.map(({ label, value }) =>
        Plot.text([label], {
          x: last,
          y: value,
          text: (text: string) => text,
          textAnchor: 'end',
          dy: -8,
          fill: 'currentColor',
          stroke: 'var(--paper)',
          strokeWidth: 4,
        }),
      ),
    ],
  })
  const missing = lines.filter((_, i) => !shown.some(({ line }) => line === i)).map(({ label }) => label)
  const thinned = Math.max(...shown.map(({ perPoint }) => perPoint))
  return html`<figure>
    <figcaption>${title}</figcaption>
    ${drawing(svg)}
    ${legend(
      lines.map(({ label }, i) => {
        const own = curves.filter(({ line }) => line === i)
        return `${label} (${seedCount(own.reduce((sum, { seeds }) => sum + seeds, 0))})`
      }),
      'line',
    )}
    <p class="description">
      ${bands[over]}${thinned > 1 ? ` Each point is the mean of ${thinned} successive values.` : ''}${missing.length > 0 ? ` No values: ${missing.join(', ')}.` : ''}
    </p>
  </figure>`
}

/** The lines of an arm: one, or one for each of several curves. */
function linesOf(
  { label, cells }: FigureArm,
  curve: CurvesPlot['curve'],
  curveOf: Readonly<Record<string, string>>,
): readonly (FigureArm & { readonly name: string })[] {
  if (typeof curve !== 'string')
    return curve.map(({ name, title }) => ({ label: `${label}, ${title}`, cells, name }))
  const arm = cells.length > 0 ? cells[0].arm : ''
  return [{ label, cells, name: Object.hasOwn(curveOf, arm) ? curveOf[arm] : curve }]
}

/** Some eight points of a line, at other places for every line. */
function markers<T>(points: readonly T[], line: number): readonly T[] {
  const every = Math.max(1, Math.ceil(points.length / 8))
  return points.filter((_, i) => i % every === (line * Math.ceil(every / 3)) % every)
}

/** How samples are spread: a panel per arm, on one axis. */
export function histogramFigure(
  { title, samples, x, bins = 30 }: HistogramPlot,
  arms: readonly FigureArm[],
): Markup {
  const all = arms.flatMap(({ label, cells }) =>
    cells.flatMap((cell) =>
      ((cell.samples[samples] as number[] | undefined) ?? []).map((value) => ({ label, value })),
    ),
  )
  if (all.length === 0) return missingFigure(title, 'no finished run recorded these samples')
  const svg = Plot.plot({
    ...frame,
    ariaLabel: title,
    height: 60 + 115 * arms.length,
    x: { label: x, labelOffset: 40, ticks: 6, tickFormat: shortNumber, nice: true },
    y: { label: null, ticks: 3, tickFormat: shortNumber, grid: true },
    fy: { label: null, axis: null, padding: 0.35, domain: arms.map(({ label }) => label) },
    marks: [
      Plot.rectY(all, {
        ...Plot.binX({ y: 'count' }, { x: 'value', thresholds: bins }),
        fy: 'label',
        fill: 'currentColor',
        fillOpacity: 0.35,
        stroke: 'currentColor',
        strokeWidth: 0.5,
      }),
      Plot.ruleY([0], { stroke: 'currentColor' }),
      Plot.text(
        arms.map(({ label }) => label),
        {
          fy: (label: string) => label,
          text: (label: string) => label,
          frameAnchor: 'top-right',
          lineAnchor: 'bottom',
          dx: -4,
          dy: -3,
          fill: 'currentColor',
          stroke: 'var(--paper)',
          strokeWidth: 4,
        },
      ),
    ],
  })
  return html`<figure>
    <figcaption>${title}</figcaption>
    ${drawing(svg)}
    <p class="description">Number of samples, all seeds of an arm together.</p>
  </figure>`
}

/** A mark per sample, or per run where the names are those of scalars. */
export function scatterFigure(plot: ScatterPlot, arms: readonly FigureArm[]): Markup {
  const { title, x, y, lines = [] } = plot
  const shown = seriesOf(plot, arms)
  const marks = shown.map(({ points }) => points)
  if (marks.flat().length === 0) return missingFigure(title, 'no finished run recorded these values')
  const svg = Plot.plot({
    ...frame,
    ariaLabel: title,
    x: { label: x.title, labelOffset: 40, nice: true, ticks: 6, tickFormat: shortNumber, grid: true },
    y: { label: y.title, nice: true, ticks: 6, tickFormat: shortNumber, grid: true },
    marks: [
      lines.map(({ from, to }) =>
        Plot.line([from, to], { stroke: 'currentColor', strokeOpacity: 0.4, strokeDasharray: '6 4' }),
      ),
      marks.map((points, i) =>
        Plot.dot(thin(points), {
          x: 'x',
          y: 'y',
          symbol: look(i).symbol,
          stroke: look(i).color,
          r: 3.5,
          strokeWidth: 1.25,
        }),
      ),
    ],
  })
  return html`<figure>
    <figcaption>${title}</figcaption>
    ${drawing(svg)}
    ${legend(
      shown.map(({ label }) => label),
      'mark',
    )}
    ${lines.length > 0 ? html`<p class="description">Dashed: ${[...new Set(lines.map((line) => line.title))].join(', ')}.</p>` : html``}
  </figure>`
}

interface Series {
  readonly label: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

/** What has a mark of its own: arms, or parts of arms that have finished cells. */
function seriesOf({ x, y, series }: ScatterPlot, arms: readonly FigureArm[]): readonly Series[] {
  const pointsOf = (cells: readonly CellResult[], names: readonly [string, string]): Series['points'] =>
    cells.flatMap((cell) => pairs(cell, ...names))
  if (series === undefined)
    return arms.map(({ label, cells }) => ({ label, points: pointsOf(cells, [x.name, y.name]) }))
  return series.flatMap((one) => {
    const cells = arms.flatMap((arm) => arm.cells.filter((cell) => cell.arm === one.arm))
    const points = pointsOf(cells, [one.x, one.y])
    return points.length === 0 ? [] : [{ label: one.title, points }]
  })
}

function pairs(
  { samples, scalars }: CellResult,
  x: string,
  y: string,
): { readonly x: number; readonly y: number }[] {
  const [xs, ys] = [x, y].map((name) => (samples[name] as number[] | undefined) ?? scalarOf(scalars, name))
  return xs.slice(0, ys.length).map((value, i) => ({ x: value, y: ys[i] }))
}

function scalarOf(scalars: CellResult['scalars'], name: string): number[] {
  return Object.hasOwn(scalars, name) ? [scalars[name]] : []
}

/** At most 2,000 marks of an arm, evenly taken. */
function thin<T>(points: readonly T[]): readonly T[] {
  const every = Math.ceil(points.length / 2_000)
  return every > 1 ? points.filter((_, i) => i % every === 0) : points
}

export function legend(labels: readonly string[], kind: 'line' | 'mark'): Markup {
  const swatch = (i: number): Markup => {
    const { dash, symbol, color } = look(i)
    const marks = [
      ...(kind === 'line'
        ? [
            Plot.line(
              [
                [0, 0],
                [1, 0],
              ],
              { stroke: color, strokeWidth: 2, strokeDasharray: dash },
            ),
          ]
        : []),
      Plot.dot([[0.5, 0]], { symbol, stroke: color, fill: 'var(--paper)', r: 4 }),
    ]
    const axis = { axis: null } as const
    return drawing(
      Plot.plot({
        document,
        width: 44,
        height: 14,
        margin: 5,
        style: { background: 'none' },
        x: axis,
        y: axis,
        marks,
      }),
    )
  }
  return html`<ul class="legend">
    ${labels.map((label, i) => html`<li>${swatch(i)}<span>${label}</span></li>`)}
  </ul>`
}

/** SVG with coordinates to a tenth of a pixel, which no eye tells apart, and without the styles that the library repeats in every figure. */
export function drawing(svg: { readonly outerHTML: string }): Markup {
  return raw(
    svg.outerHTML
      .replace(/<style>[\s\S]*?<\/style>/g, '')
      .replace(/ (?:d|x|y|x1|x2|y1|y2|width|height|transform)="[^"]*"/g, (coordinates) =>
        coordinates.replace(/-?\d+\.\d{2,}/g, (number) => `${Math.round(Number(number) * 10) / 10}`),
      ),
  )
}

export function missingFigure(title: string, reason: string): Markup {
  return html`<figure>
    <figcaption>${title}</figcaption>
    <p class="description">Not drawn: ${reason}.</p>
  </figure>`
}

function seedCount(seeds: number): string {
  return seeds === 1 ? '1 seed' : `${seeds} seeds`
}

/** Whole numbers with separators; what is smaller with three digits. */
export function shortNumber(value: number): string {
  return Math.abs(value) >= 10 || Number.isInteger(value) ? thousands(value) : significant(value)
}
