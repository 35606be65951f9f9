import * as Plot from '@observablehq/plot'
import type { CellResult } from '../run/cellResult.ts'
import { floorOf, lateMean, lateShare } from '../run/curves.ts'
import { flatSettings } from '../run/flatSettings.ts'
import { meanOf } from '../statistics/samples.ts'
import type { SweepPlot } from '../suites/suite.ts'
import { drawing, frame, legend, look, missingFigure, shortNumber, type FigureArm } from './figures.ts'
import { html, type Markup } from './html.ts'
import { significant, thousands } from './numbers.ts'

/** What one value of the setting came to in one environment. */
interface Point {
  readonly env: string
  readonly x: number
  readonly value: number
  readonly low: number
  readonly high: number
}

/**
 * A line per environment over the values of a setting: what the last part of the runs gained, in the mean over seeds and from the least to the
 * largest, as a share of the best mean. Gains are measured as rules do, from the best that is returned without learning.
 * @param all The suite's cells, among which are those of uniform actions.
 */
export function sweepFigure(plot: SweepPlot, arms: readonly FigureArm[], all: readonly CellResult[]): Markup {
  const { title, x, y, lastSteps } = plot
  const points = arms.flatMap(({ cells }) => pointOf(plot, cells)).sort((a, b) => a.x - b.x)
  if (points.length === 0) return missingFigure(title, 'no finished run recorded this curve')
  const envs = [...new Set(points.map(({ env }) => env))].map((env) => {
    const idle = all.filter(({ settings }) => settings.kind === 'uniform' && settings.env === env)
    const own = points.filter((point) => point.env === env)
    const floor = floorOf(idle)
    return { env, own, idle, floor, best: Math.max(...own.map(({ value }) => value)) - floor }
  })
  const lines = envs
    .filter(({ best }) => best > 0 && best < Infinity)
    .map(({ env, own, floor, best }, i) => {
      const share = (value: number): number => (value - floor) / best
      return {
        env,
        ...look(i),
        own: own.map((one) => ({
          ...one,
          value: share(one.value),
          low: share(one.low),
          high: share(one.high),
        })),
      }
    })
  const left = [
    ...envs
      .filter(({ idle }) => idle.length === 0)
      .map(({ env }) => `${env}, without runs of random actions`),
    ...envs
      .filter(({ idle, best }) => idle.length > 0 && !(best > 0))
      .map(({ env }) => `${env}, where nothing is gained`),
  ].join('; ')
  if (lines.length === 0) return missingFigure(title, left)
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
      Mean over seeds of what is gained in the last fifth of each
      run${lastSteps === undefined ? '' : `, its last ${thousands(lastSteps)} steps where they are less`},
      from the least seed to the largest, as a share of the best mean. Gains are above the better of random
      actions and actions of zero.${left === '' ? '' : ` Left out: ${left}.`}
    </p>
  </figure>`
}

function pointOf({ setting, curve, lastSteps }: SweepPlot, cells: readonly CellResult[]): Point[] {
  const values = cells
    .map((cell) => lateMean(cell, curve, lateShare(cell, lastSteps)))
    .filter((value) => value !== undefined)
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
