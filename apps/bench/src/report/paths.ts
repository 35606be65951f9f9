import * as Plot from '@observablehq/plot'
import { JSDOM } from 'jsdom'
import type { CellResult } from '../run/cellResult.ts'
import type { PathsPlot } from '../suites/suite.ts'
import { missingFigure, type FigureArm } from './figures.ts'
import { html, raw, type Markup } from './html.ts'
import { significant } from './numbers.ts'

const { document } = new JSDOM('').window

/** Of the drawing, and of its margin on the left: letters are as large as in other figures, however few panels there are. */
const [width, left] = [1040, 48]

interface Point {
  readonly column: string
  readonly seed: string
  readonly path: number
  readonly x: number
  readonly y: number
}

/** A column per arm and kind of path, and a row per seed: paths in the plane, all to one scale. */
export function pathsFigure(plot: PathsPlot, arms: readonly FigureArm[]): Markup {
  const columns = columnsOf(plot, arms)
  const points = columns.flatMap(({ title, name, cells }) =>
    cells.flatMap((cell) => pointsOf(cell, name).map((point): Point => ({ column: title, ...point }))),
  )
  if (points.length === 0) return missingFigure(plot.title, 'no finished run recorded paths')
  const labels = columns
    .map(({ title }) => title)
    .filter((title) => points.some(({ column }) => column === title))
  const seeds = [...new Set(points.map(({ seed }) => seed))].sort((a, b) => Number(a) - Number(b))
  const { lines = [] } = plot
  const reach = (name: 'x' | 'y'): readonly [number, number] => {
    const ends = lines.flatMap(({ from, to }) => [from, to])
    const values = [...points.map((point) => point[name]), ...ends.map(([x, y]) => (name === 'x' ? x : y))]
    return [Math.min(...values), Math.max(...values)]
  }
  const [[west, east], [south, north]] = [reach('x'), reach('y')]
  const side = Math.max(east - west, north - south, 1e-3)
  const around = (low: number, high: number): [number, number] => [
    (low + high) / 2 - 0.55 * side,
    (low + high) / 2 + 0.55 * side,
  ]
  const panel = Math.min(230, (width - left - 40) / labels.length)
  const svg = Plot.plot({
    document,
    ariaLabel: plot.title,
    width,
    height: 70 + panel * seeds.length,
    marginLeft: left,
    marginRight: width - left - panel * labels.length,
    marginTop: 30,
    marginBottom: 40,
    style: { fontSize: '13px', fontFamily: 'inherit', background: 'none', overflow: 'visible' },
    x: { domain: around(west, east), label: plot.x, ticks: 3, tickFormat: significant },
    y: { domain: around(south, north), label: plot.y, ticks: 3, tickFormat: significant },
    fx: { label: null, domain: labels, padding: 0 },
    fy: { label: 'seed', labelOffset: 36, domain: seeds, padding: 0 },
    marks: [
      Plot.frame({ stroke: 'var(--line)' }),
      // In every panel.
      lines.map(({ from, to }) =>
        Plot.line([from, to], { stroke: 'currentColor', strokeOpacity: 0.25, strokeWidth: 6 }),
      ),
      Plot.line(points, {
        fx: 'column',
        fy: 'seed',
        x: 'x',
        y: 'y',
        z: (point: Point) => `${point.column} ${point.seed} ${point.path}`,
        stroke: 'currentColor',
        strokeOpacity: 0.55,
        strokeWidth: 1,
      }),
    ],
  })
  return html`<figure class="wide">
    <figcaption>${plot.title}</figcaption>
    ${raw(svg.outerHTML)}
    <p class="description">
      One row per seed; a line per
      episode.${lines.length > 0 ? ` Broad: ${[...new Set(lines.map(({ title }) => title))].join(', ')}.` : ''}
    </p>
  </figure>`
}

interface Column extends Pick<FigureArm, 'cells'> {
  readonly title: string
  /** Begins the names of its samples. */
  readonly name: string
}

function columnsOf({ samples }: PathsPlot, arms: readonly FigureArm[]): readonly Column[] {
  if (typeof samples === 'string')
    return arms.map(({ label, cells }) => ({ title: label, name: samples, cells }))
  return arms.flatMap(({ label, cells }) =>
    samples.map(({ name, title }) => ({
      title: arms.length > 1 ? `${label}, ${title}` : title,
      name,
      cells,
    })),
  )
}

/** Cells keep the places of all paths one after the other, and how many places each path has. */
function pointsOf({ seed, samples }: CellResult, name: string): Omit<Point, 'column'>[] {
  const part = (suffix: string): readonly number[] => samples[`${name}.${suffix}`] ?? []
  const [xs, ys] = [part('x'), part('y')]
  const numbers = part('lengths').flatMap((length, path) => Array<number>(length).fill(path))
  return xs.map((x, i) => ({ seed: `${seed}`, path: numbers[i], x, y: ys[i] }))
}
