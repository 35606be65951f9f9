import { AGENT, FAINT, INK, PAPER } from './colors.ts'
import type { Color, Image } from './image.ts'
import type { RenderOptions } from './options.ts'
import type { Shape } from './plane.ts'
import { drawPlane } from './plane.ts'

/** A cell with a colour; column from the left and row from below. */
export interface GridCell {
  readonly at: readonly [number, number]
  readonly color: Color
}

/** A square grid with an agent, which may stand between the middles of cells. */
export interface Grid {
  readonly side: number
  readonly cells: readonly GridCell[]
  readonly agent: readonly [number, number]
}

const LINE = 0.03
const AGENT_RADIUS = 0.3

/** A picture of a grid. */
export function drawGrid({ side, cells, agent }: Grid, options: RenderOptions): Image {
  const lines = Array.from({ length: side + 1 }, (_, i): Shape[] => [
    { kind: 'line', from: [i, 0], to: [i, side], width: LINE, color: i % side === 0 ? INK : FAINT },
    { kind: 'line', from: [0, i], to: [side, i], width: LINE, color: i % side === 0 ? INK : FAINT },
  ])
  return drawPlane(
    {
      low: [-0.2, -0.2],
      high: [side + 0.2, side + 0.2],
      background: PAPER,
      shapes: [
        ...cells.map(({ at: [x, y], color }): Shape => ({
          kind: 'box',
          low: [x, y],
          high: [x + 1, y + 1],
          color,
        })),
        ...lines.flat().sort((a, b) => Number(a.color === INK) - Number(b.color === INK)),
        { kind: 'disc', at: [agent[0] + 0.5, agent[1] + 0.5], radius: AGENT_RADIUS, color: AGENT },
      ],
    },
    options,
  )
}
