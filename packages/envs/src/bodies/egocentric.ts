import type { Body } from '../mujoco/model.ts'
import type { Derived, Simulation } from '../mujoco/simulation.ts'

type Group = Body['proprioception'][string]

/** Several groups as one, one after the other. */
export function joinGroups(...parts: readonly Group[]): Group {
  const rooms = parts.map(({ size }) => new Float32Array(size))
  return {
    size: rooms.reduce((sum, { length }) => sum + length, 0),
    write: (simulation, out) => {
      let offset = 0
      for (let p = 0; p < parts.length; p++) {
        parts[p].write(simulation, rooms[p])
        for (let i = 0; i < rooms[p].length; i++) out[offset++] = rooms[p][i]
      }
    },
  }
}

/** Some numbers of the state, in their order. */
export function stateGroup(which: 'qpos' | 'qvel', from: number, size: number): Group {
  return {
    size,
    write: (simulation, out) => {
      const values = simulation[which]
      for (let i = 0; i < size; i++) out[i] = values[from + i]
    },
  }
}

/** Some numbers that MuJoCo derives, each mapped. */
export function mappedGroup(
  { name, from, size }: { readonly name: Derived; readonly from: number; readonly size: number },
  map: (value: number) => number,
): Group {
  return {
    size,
    write: (simulation, out) => {
      const values = simulation.derived(name)
      for (let i = 0; i < size; i++) out[i] = map(values[from + i])
    },
  }
}

/** Room for the rotation from the frame of a free root to the world, row by row; filled anew before each use. */
const rotation = new Float64Array(9)

/** Reads {@link rotation}. */
function turn({ qpos }: Simulation): void {
  const w = qpos[3]
  const x = qpos[4]
  const y = qpos[5]
  const z = qpos[6]
  rotation[0] = 1 - 2 * (y * y + z * z)
  rotation[1] = 2 * (x * y - w * z)
  rotation[2] = 2 * (x * z + w * y)
  rotation[3] = 2 * (x * y + w * z)
  rotation[4] = 1 - 2 * (x * x + z * z)
  rotation[5] = 2 * (y * z - w * x)
  rotation[6] = 2 * (x * z - w * y)
  rotation[7] = 2 * (y * z + w * x)
  rotation[8] = 1 - 2 * (x * x + y * y)
}

/** The world's z axis in the frame of a free root. */
export const worldUp: Group = {
  size: 3,
  write: (simulation, out) => {
    turn(simulation)
    const row = 2
    for (let column = 0; column < 3; column++) out[column] = rotation[3 * row + column]
  },
}

/** Linear velocity of a free root in its own frame: what a velocimeter measures there. */
export const ownVelocity: Group = {
  size: 3,
  write: (simulation, out) => {
    const { qvel } = simulation
    turn(simulation)
    for (let column = 0; column < 3; column++) {
      let sum = 0
      for (let row = 0; row < 3; row++) sum += rotation[3 * row + column] * qvel[row]
      out[column] = sum
    }
  },
}

/** A vector of the world that MuJoCo derives, in the frame of a free root. */
export function inOwnFrame(name: Derived, from: number): Group {
  return {
    size: 3,
    write: (simulation, out) => {
      const values = simulation.derived(name)
      turn(simulation)
      for (let column = 0; column < 3; column++) {
        let sum = 0
        for (let row = 0; row < 3; row++) sum += rotation[3 * row + column] * values[from + row]
        out[column] = sum
      }
    },
  }
}

/** Angular velocity of a free root in its own frame: what a gyroscope measures there. */
export const ownRotation: Group = stateGroup('qvel', 3, 3)

/** Places of parts in the frame of a free root, which is the first body of the model. Parts are numbered as MuJoCo numbers bodies. */
export function partPlaces(parts: readonly number[]): Group {
  return {
    size: 3 * parts.length,
    write: (simulation, out) => {
      const places = simulation.derived('xpos')
      turn(simulation)
      for (let p = 0; p < parts.length; p++) {
        for (let column = 0; column < 3; column++) {
          let sum = 0
          for (let row = 0; row < 3; row++) {
            sum += rotation[3 * row + column] * (places[3 * parts[p] + row] - places[3 + row])
          }
          out[3 * p + column] = sum
        }
      }
    },
  }
}
