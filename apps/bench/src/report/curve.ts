import * as Plot from '@observablehq/plot'
import { JSDOM } from 'jsdom'
import { raw, type Markup } from './html.ts'
import { thousands } from './numbers.ts'
import type { ReportRun } from './contents.ts'

const { document } = new JSDOM('').window

/**
 * The learning curve as inline SVG in the colour of the text: the line with its points, the spread over episodes, and the two levels
 * to compare with. Told apart by dashes and labels, never by hue.
 */
export function learningCurve({ title, steps, curve, random, claim }: ReportRun): Markup {
  const levels = [
    {
      value: claim.threshold,
      label: `claim ${thousands(claim.threshold)}`,
      dashes: '6 4',
      anchor: 'start' as const,
    },
    {
      value: random.mean,
      label: `random actions ${thousands(random.mean)}`,
      dashes: '1 4',
      anchor: 'end' as const,
    },
  ]
  const svg = Plot.plot({
    document,
    ariaLabel: `Learning curve of ${title}`,
    width: 520,
    height: 310,
    marginLeft: 56,
    marginRight: 16,
    marginTop: 28,
    marginBottom: 48,
    style: { fontSize: '13px', fontFamily: 'inherit', background: 'none', overflow: 'visible' },
    x: { label: 'environment steps', labelOffset: 40, domain: [0, steps], ticks: 5, tickFormat: thousands },
    y: { label: 'return', nice: true, insetTop: 16, ticks: 5, tickFormat: thousands, grid: true },
    marks: [
      Plot.areaY(curve, {
        x: 'step',
        y1: ({ mean, std }: ReportRun['curve'][number]) => mean - std,
        y2: ({ mean, std }: ReportRun['curve'][number]) => mean + std,
        fill: 'currentColor',
        fillOpacity: 0.12,
      }),
      levels.map(({ value, dashes }) =>
        Plot.ruleY([value], { stroke: 'currentColor', strokeDasharray: dashes, strokeWidth: 1.5 }),
      ),
      Plot.lineY(curve, { x: 'step', y: 'mean', stroke: 'currentColor', strokeWidth: 2.25 }),
      Plot.dot(curve, { x: 'step', y: 'mean', fill: 'currentColor', r: 3 }),
      // The claim is labelled where learning starts and the random level where it ends: there the curve is elsewhere.
      levels.map(({ value, label, anchor }) =>
        Plot.text([label], {
          x: anchor === 'start' ? 0 : steps,
          y: value,
          text: (text: string) => text,
          textAnchor: anchor,
          dx: anchor === 'start' ? 4 : 0,
          dy: -8,
          fill: 'currentColor',
          stroke: 'var(--paper)',
          strokeWidth: 4,
        }),
      ),
    ],
  })
  return raw(svg.outerHTML)
}
