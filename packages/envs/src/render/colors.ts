import type { Color } from './image.ts'
import type { Shape } from './plane.ts'

/** Colours of worlds in a plane. */
export const PAPER: Color = [0.96, 0.96, 0.94]
export const INK: Color = [0.2, 0.22, 0.25]
export const FAINT: Color = [0.82, 0.83, 0.82]
export const AGENT: Color = [0.25, 0.5, 0.77]
export const GOAL: Color = [0.38, 0.68, 0.38]

/** A point that moves in a world of the given size. */
export const dot = (at: readonly [number, number], size: number): Shape => ({
  kind: 'disc',
  at,
  radius: 0.05 * size,
  color: AGENT,
})
