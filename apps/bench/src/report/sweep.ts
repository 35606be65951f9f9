import * as Plot from '@observablehq/plot'
import type { CellResult } from '../run/cellResult.ts'
import { lateMean } from '../run/curves.ts'
import { flatSettings } from '../run/flatSettings.ts'
import { meanOf } from '../statistics/samples.ts'
import type { SweepPlot } from '../suites/suite.ts'
import { drawing, frame, legend, look, missingFigure, shortNumber, type FigureArm } from './figures.ts'
import { html, type Markup } from './html.ts'
import { significant } from './numbers.ts'

/** What one value of the setting came to in one environment. */
interface Point {
  readonly env: string
  readonly x: number
  readonly value: number
  readonly low: number
  readonly high: number
}

/**
 * A line per environment over the values of a setting: the mean over seeds of the last fifth of the runs, from the least to the largest, as
 * a share of the best mean.
 */
export function sweepFigure(plot: SweepPlot, arms: readonly FigureArm[]): Markup {
  const { title, x, y } = plot
  const points = arms.flatMap(({ cells }) => pointOf(plot, cells)).sort((a, b) => a.x - b.x)
  if (points.length === 0) return missingFigure(title, 'no finished run recorded this curve')
  const lines = [...new Set(points.map(({ env }) => env))].map((env, i) => {
    const own = points.filter((point) => point.env === env)
    const best = Math.max(...own.map(({ value }) => value))
    return {
      env,
      ...look(i),
      own: own.map((one) => ({
        ...one,
        value: one.value / best,
        low: one.low / best,
        high: one.high / best,
      })),
    }
  })
  const svg = Plot.plot({
    ...frame,
    ariaLabel: title,
    x: { label: x, labelOffset: 40, type: 'log', ticks: 4, tickFormat: significant, grid: true },
    y: { label: y, nice: true, ticks: 5, tickFormat: shortNumber, grid: true },
    marks: lines.flatMap(({ own, color, dash, symbol }) => [
      Plot.lineY(own, { x: 'x', y: 'value', stroke: color, strokeWidth: 2, strokeDasharray: dash }),
      Plot.ruleX(own, { x: 'x', y1: 'low', y2: 'high', stroke: color }),
      Plot.dot(own, { x: 'x', y: 'value', symbol, stroke: color, fill: 'var(--paper)', r: 4 }),
    ]),
  })
  return html`<figure>
    <figcaption>${title}</figcaption>
    ${drawing(svg)}
    ${legend(
      lines.map(({ env }) => env),
      'line',
    )}
    <p class="description">
      Mean over seeds of the last fifth of each run, from the least seed to the largest, as a share of the
      best mean.
    </p>
  </figure>`
}

function pointOf({ setting, curve }: SweepPlot, cells: readonly CellResult[]): Point[] {
  const values = cells.map((cell) => lateMean(cell, curve)).filter((value) => value !== undefined)
  if (values.length === 0) return []
  const [{ settings }] = cells
  const at = flatSettings(settings).get(setting)
  if (typeof at !== 'number' || at === 0 || typeof settings.env !== 'string') return []
  return [
    {
      env: settings.env,
      x: Math.abs(at),
      value: meanOf(values),
      low: Math.min(...values),
      high: Math.max(...values),
    },
  ]
}
