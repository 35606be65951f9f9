import type { Body } from '../mujoco/model.ts'
import type { Derived, Simulation } from '../mujoco/simulation.ts'

type Group = Body['proprioception'][string]

/** Which coordinates a body feels. */
interface Joints {
  readonly positions: number
  readonly velocities: number
  /** So many positions are left out at the front: where it is in the world. */
  readonly skip: number
  /** Velocities are clipped to this. Default: not at all. */
  readonly clip?: number
}

/** Every position but the first ones, then every velocity. */
export function jointGroup({ positions, velocities, skip, clip = Infinity }: Joints): Group {
  const felt = positions - skip
  return {
    size: felt + velocities,
    write: ({ qpos, qvel }, out) => {
      for (let i = 0; i < felt; i++) out[i] = qpos[skip + i]
      for (let i = 0; i < velocities; i++) out[felt + i] = Math.min(Math.max(qvel[i], -clip), clip)
    },
  }
}

/** Which part of a derived array a body feels. */
interface Part {
  readonly name: Derived
  readonly from: number
  readonly size: number
  /** Values are clipped to this. Default: not at all. */
  readonly clip?: number
}

/** Numbers that MuJoCo derives from the state. */
export function derivedGroup({ name, from, size, clip = Infinity }: Part): Group {
  return {
    size,
    write: (simulation: Simulation, out: Float32Array) => {
      const values = simulation.derived(name)
      for (let i = 0; i < size; i++) out[i] = Math.min(Math.max(values[from + i], -clip), clip)
    },
  }
}

/** A number within ±most. */
export const clamp = (value: number, most: number): number =>
  value > most ? most : value < -most ? -most : value
