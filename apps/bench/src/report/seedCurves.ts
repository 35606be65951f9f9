import * as Plot from '@observablehq/plot'
import { JSDOM } from 'jsdom'
import { thousands } from './numbers.ts'

const { document } = new JSDOM('').window

/** The evaluations of one seed. */
export interface SeedCurve {
  readonly seed: number
  readonly points: readonly { readonly step: number; readonly mean: number }[]
}

const dashes = ['', '7 3', '2 3', '9 3 2 3', '1 4']

/** The curves of several seeds as an SVG file of its own: told apart by dashes and a label at the end, never by hue. */
export function seedCurves(title: string, curves: readonly SeedCurve[]): string {
  const marks = curves.flatMap(({ seed, points }, i) => {
    const last = points.at(-1)
    return [
      Plot.lineY(points, {
        x: 'step',
        y: 'mean',
        stroke: '#333',
        strokeWidth: 1.75,
        strokeDasharray: dashes[i % dashes.length],
      }),
      ...(last === undefined
        ? []
        : [Plot.text([last], { x: 'step', y: 'mean', text: () => `${seed}`, dx: 10, fill: '#333' })]),
    ]
  })
  const svg = Plot.plot({
    document,
    ariaLabel: title,
    width: 640,
    height: 320,
    marginLeft: 56,
    marginRight: 28,
    marginBottom: 44,
    style: { fontSize: '13px', fontFamily: 'sans-serif', background: 'white' },
    x: { label: 'environment steps', labelOffset: 38, ticks: 5, tickFormat: thousands },
    y: { label: title, nice: true, ticks: 6, tickFormat: thousands, grid: true },
    marks,
  })
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  return `${svg.outerHTML}\n`
}
