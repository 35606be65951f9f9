import * as Plot from '@observablehq/plot'
import { JSDOM } from 'jsdom'
import type { CellResult, Curve } from '../run/cellResult.ts'
import type { BandRowsPlot } from '../suites/suite.ts'
import { missingFigure, type FigureArm } from './figures.ts'
import { html, raw, type Markup } from './html.ts'
import { significant, thousands } from './numbers.ts'

const { document } = new JSDOM('').window

interface BandPoint {
  readonly arm: string
  readonly seed: string
  readonly step: number
  readonly low: number
  readonly high: number
}

/** A column per arm and a row per seed: the band between two curves over environment steps. */
export function bandRowsFigure(plot: BandRowsPlot, arms: readonly FigureArm[]): Markup {
  const points = arms.flatMap(({ label, cells }) =>
    cells.flatMap((cell) => bandOf(cell, plot).map((point) => ({ arm: label, ...point }))),
  )
  if (points.length === 0) return missingFigure(plot.title, 'no finished run recorded these curves')
  const shown = arms.filter(({ label }) => points.some(({ arm }) => arm === label))
  const seeds = [...new Set(points.map(({ seed }) => seed))].sort((a, b) => Number(a) - Number(b))
  const svg = Plot.plot({
    document,
    ariaLabel: plot.title,
    width: 1040,
    height: 70 + 44 * seeds.length,
    marginLeft: 60,
    marginRight: 44,
    marginTop: 34,
    marginBottom: 44,
    style: { fontSize: '13px', fontFamily: 'inherit', background: 'none', overflow: 'visible' },
    x: { label: 'environment steps', labelOffset: 38, ticks: 4, tickFormat: thousands },
    y: { label: plot.y, ticks: 2, tickFormat: significant, nice: true },
    fx: { label: null, domain: shown.map(({ label }) => label), padding: 0.06 },
    fy: { label: 'seed', domain: seeds, padding: 0.12 },
    marks: [
      Plot.frame({ stroke: 'var(--line)' }),
      plot.levels.map(({ value }) =>
        Plot.ruleY([value], { stroke: 'var(--arm1)', strokeWidth: 1.5, strokeDasharray: '5 3' }),
      ),
      Plot.areaY(points, {
        fx: 'arm',
        fy: 'seed',
        x: 'step',
        y1: 'low',
        y2: 'high',
        fill: 'var(--arm0)',
        fillOpacity: 0.3,
      }),
      ...(['low', 'high'] as const).map((side) =>
        Plot.lineY(points, {
          fx: 'arm',
          fy: 'seed',
          x: 'step',
          y: side,
          stroke: 'var(--arm0)',
          strokeWidth: 1.25,
        }),
      ),
    ],
  })
  const levels = plot.levels.map(({ label, value }) => `${label}: ${significant(value)}`).join('; ')
  return html`<figure class="wide">
    <figcaption>${plot.title}</figcaption>
    ${raw(svg.outerHTML)}
    <p class="description">
      One row per seed: between the least and the most of an evaluation's episodes.
      ${levels === '' ? '' : `Dashed, ${levels}.`}
    </p>
  </figure>`
}

function bandOf({ seed, curves }: CellResult, { low, high }: BandRowsPlot): Omit<BandPoint, 'arm'>[] {
  const [least, most] = [curves[low] as Curve | undefined, curves[high] as Curve | undefined]
  if (least === undefined || most === undefined) return []
  return least.steps.map((step, i) => ({
    seed: `${seed}`,
    step,
    low: least.values[i],
    high: most.values[i],
  }))
}
