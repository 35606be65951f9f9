import * as Plot from '@observablehq/plot'
import type { ReturnAt } from './messages.ts'
import { allSteps } from './pendulum.ts'

export interface Returns {
  readonly episodes: readonly ReturnAt[]
  readonly evaluations: readonly ReturnAt[]
}

/** No episode of the pendulum gets less than about this. */
const worst = -1900

/** Returns over steps: of exploring episodes as dots, of episodes without exploring as a line. */
export function drawChart({ episodes, evaluations }: Returns, width: number): SVGSVGElement | HTMLElement {
  const last = evaluations.at(-1)
  return Plot.plot({
    ariaLabel: 'Return of each episode over steps of training',
    width,
    height: Math.round(Math.min(340, Math.max(220, 0.6 * width))),
    marginLeft: 56,
    marginRight: 28,
    marginTop: 28,
    marginBottom: 44,
    style: { fontSize: '13px', fontFamily: 'inherit', background: 'none' },
    x: { label: 'steps of training', domain: [0, allSteps], ticks: width < 480 ? 3 : 6, labelOffset: 38 },
    y: { label: 'return of an episode', domain: [worst, 0], ticks: 5, grid: true, clamp: true },
    marks: [
      Plot.dot(episodes, { x: 'step', y: 'value', r: 3, stroke: 'var(--explore)', strokeWidth: 1.5 }),
      Plot.lineY(evaluations, { x: 'step', y: 'value', stroke: 'var(--best)', strokeWidth: 2.25 }),
      Plot.dot(evaluations, { x: 'step', y: 'value', r: 4, fill: 'var(--best)' }),
      last === undefined
        ? []
        : Plot.text([last], {
            x: 'step',
            y: 'value',
            text: ({ value }: ReturnAt) => value.toFixed(0).replace('-', '−'),
            dy: 16,
            fontWeight: 600,
            fill: 'var(--best)',
            stroke: 'var(--paper)',
            strokeWidth: 4,
          }),
    ],
  })
}
