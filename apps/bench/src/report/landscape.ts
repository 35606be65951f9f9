import * as Plot from '@observablehq/plot'
import { JSDOM } from 'jsdom'
import type { CellResult } from '../run/cellResult.ts'
import type { LandscapePlot } from '../suites/suite.ts'
import { missingFigure, type FigureArm } from './figures.ts'
import { html, raw, type Markup } from './html.ts'

const { document } = new JSDOM('').window

interface Panel {
  readonly title: string
  readonly values: readonly number[]
  readonly places: readonly { readonly x: number; readonly y: number }[]
}

/** Panels side by side, each of the first cell of the first arm: level curves of a number over a square, and places in it. */
export function landscapeFigure(plot: LandscapePlot, [arm]: readonly FigureArm[]): Markup {
  const samples = arm.cells.at(0)?.samples as Partial<CellResult['samples']> | undefined
  const panels = plot.panels.flatMap(({ title, values, x, y }): Panel[] => {
    const [found, xs, ys] = [samples?.[values], samples?.[x], samples?.[y]]
    if (found === undefined || xs === undefined || ys === undefined) return []
    return [{ title, values: found, places: xs.map((place, i) => ({ x: place, y: ys[i] })) }]
  })
  if (panels.length === 0) return missingFigure(plot.title, 'no finished run recorded these numbers')
  return html`<figure class="wide">
    <figcaption>${plot.title}</figcaption>
    <div class="panels">
      ${panels.map((panel) => html`<div><span>${panel.title}</span>${draw(plot, panel)}</div>`)}
    </div>
    <p class="description">Level curves, darker where higher; dots: actions drawn. ${arm.label}, one seed.</p>
  </figure>`
}

function draw({ x, y }: LandscapePlot, { title, values, places }: Panel): Markup {
  const side = Math.sqrt(values.length)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  // From (first coordinate, second fastest) to the rows of pixels that the library takes: the second coordinate upwards.
  const pixels = Array.from(
    { length: side * side },
    (_, k) => values[(k % side) * side + Math.floor(k / side)],
  )
  const svg = Plot.plot({
    document,
    ariaLabel: `${title}: level curves and actions`,
    width: 250,
    height: 266,
    marginLeft: 42,
    marginBottom: 40,
    marginTop: 26,
    marginRight: 10,
    style: { background: 'none', overflow: 'visible' },
    x: { domain: [-1, 1], label: x, ticks: [-1, 0, 1] },
    y: { domain: [-1, 1], label: y, ticks: [-1, 0, 1] },
    // Light enough throughout for dots to be seen; larger numbers are darker in print too.
    color: { type: 'linear', domain: [low, high], range: ['#fffbe6', '#f2a541'], interpolate: 'rgb' },
    marks: [
      Plot.contour(pixels, {
        width: side,
        height: side,
        x1: -1,
        y1: -1,
        x2: 1,
        y2: 1,
        fill: (value: number) => value,
        thresholds: 12,
        stroke: '#8a5a12',
        strokeWidth: 0.5,
      }),
      Plot.dot(places, { x: 'x', y: 'y', r: 1.6, fill: '#16191d', fillOpacity: 0.7 }),
    ],
  })
  return raw(svg.outerHTML)
}
