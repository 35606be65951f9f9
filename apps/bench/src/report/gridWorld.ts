import * as Plot from '@observablehq/plot'
import { JSDOM } from 'jsdom'
import { html, raw, type Markup } from './html.ts'

const { document } = new JSDOM('').window

/** A square grid world with a number in every place, and a policy over moves. */
export interface GridWorld {
  /** What the panel shows, as in `left and up, GPI`. */
  readonly label: string
  /** What the colours are, as in `soft value`. */
  readonly colorTitle: string
  /** One per place, row by row from below. */
  readonly colors: readonly number[]
  /** Probability of every move, place by place. */
  readonly policy: readonly number[]
  /** Where the moves lead, right and up. */
  readonly moves: readonly (readonly [number, number])[]
}

/** Worlds side by side, lettered. Colours of one title share a scale; an arrow is the policy's mean move, short where it is undecided. */
export function gridWorlds(title: string, worlds: readonly GridWorld[]): Markup {
  return html`<figure class="worlds">
    <figcaption>${title}</figcaption>
    <div class="panels">
      ${worlds.map(
        (world, i) =>
          html`<div>
            <span>(${'abcdefghijklmnopqrstuvwxyz'[i]}) ${world.label}</span>
            ${panel(world, domainOf(worlds, world.colorTitle))}
          </div>`,
      )}
    </div>
  </figure>`
}

function domainOf(worlds: readonly GridWorld[], title: string): [number, number] {
  const all = worlds.filter(({ colorTitle }) => colorTitle === title).flatMap(({ colors }) => colors)
  return [Math.min(...all), Math.max(...all)]
}

interface Place {
  readonly x: number
  readonly y: number
  readonly color: number
}

interface Arrow extends Place {
  /** Of the mean move, 1 where one move is certain. */
  readonly size: number
  /** Degrees from up, clockwise. */
  readonly rotate: number
}

function panel({ label, colorTitle, colors, policy, moves }: GridWorld, domain: [number, number]): Markup {
  const side = Math.sqrt(colors.length)
  const places = colors.map((color, i): Place => ({ x: i % side, y: Math.floor(i / side), color }))
  const arrows = places.map((place, i): Arrow => {
    let [right, up] = [0, 0]
    for (const [move, [x, y]] of moves.entries()) {
      right += policy[i * moves.length + move] * x
      up += policy[i * moves.length + move] * y
    }
    return { ...place, size: Math.hypot(right, up) / longest(moves), rotate: degrees(right, up) }
  })
  const svg = Plot.plot({
    document,
    ariaLabel: `${label}: ${colorTitle} and policy of every place`,
    width: 220,
    height: 220,
    margin: 2,
    style: { background: 'none', overflow: 'visible' },
    x: { axis: null, type: 'band', padding: 0 },
    y: { axis: null, type: 'band', reverse: true, padding: 0 },
    // The light half of the scale, on which black arrows are seen; larger numbers are darker in print too.
    color: { type: 'linear', domain, range: ['#fffbe6', '#f2a541'], interpolate: 'rgb' },
    length: { type: 'identity' },
    marks: [
      Plot.cell(places, { x: 'x', y: 'y', fill: 'color', stroke: '#fff', strokeWidth: 0.5 }),
      Plot.vector(arrows, {
        x: 'x',
        y: 'y',
        rotate: 'rotate',
        length: ({ size }: Arrow) => 21 * size,
        anchor: 'middle',
        stroke: '#16191d',
        strokeWidth: 1.5,
        r: 3,
      }),
    ],
  })
  const [low, high] = domain.map((x) => x.toPrecision(3))
  return html`${raw(svg.outerHTML)}<span class="scale">${colorTitle} ${low} (light) to ${high} (dark)</span>`
}

const longest = (moves: GridWorld['moves']): number => Math.max(...moves.map(([x, y]) => Math.hypot(x, y)))
const degrees = (right: number, up: number): number => (Math.atan2(right, up) * 180) / Math.PI
