import type { Observation } from '@maxent/core/contracts'

/** How four legs are moved by phase oscillators so that a body walks in any direction without turning. */
export interface Legs {
  /** Direction of each leg from the middle, rad. Legs with an even and an odd number take turns. */
  readonly angles: readonly number[]
  /** Steps per cycle. */
  readonly period: number
  /** Largest turn of a hip, rad. */
  readonly swing: number
  /** How far the feet are lifted ahead of the hips' way back, rad. */
  readonly lead: number
  /**
   * Writes the motors of a leg: its hip is to be turned by `hip` rad, its foot put outwards by `reach` from −1 to 1 and lifted by `lift`
   * from 0 to 1.
   */
  move(
    leg: number,
    want: { hip: number; reach: number; lift: number },
    io: { observation: Observation; action: Float32Array },
  ): void
}

/**
 * A walk towards a direction ψ of the body: on the ground the foot of a leg at the angle φ goes against ψ: its hip turns at a rate
 * in proportion to sin(φ − ψ), and a leg that can draws it in by cos(φ − ψ). On its way back it is lifted. To turn to the left all
 * hips turn to the right on the ground, by `turn` rad.
 */
export function createGait({ angles, period, swing, lead, move }: Legs) {
  let t = 0
  const want = { hip: 0, reach: 0, lift: 0 }
  return (
    { direction, turn = 0 }: { direction: number; turn?: number },
    io: { observation: Observation; action: Float32Array },
  ): void => {
    for (let leg = 0; leg < angles.length; leg++) {
      const phase = (2 * Math.PI * t) / period + (leg % 2) * Math.PI
      want.hip = (swing * Math.sin(angles[leg] - direction) - turn / 2) * Math.sin(phase)
      want.reach = -Math.cos(angles[leg] - direction) * Math.sin(phase)
      want.lift = Math.max(0, -Math.cos(phase + lead))
      move(leg, want, io)
    }
    t++
  }
}
