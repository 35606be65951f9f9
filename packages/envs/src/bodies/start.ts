import type { Key } from '@maxent/core/keys'
import { normal, foldIn, uniform } from '@maxent/core/keys'
import type { Body } from '../mujoco/model.ts'

/** How far from rest a body starts. */
interface StartNoise {
  /** Positions are uniform within this, or normal with this deviation. */
  readonly positions: number
  /** Law of the positions. Default: uniform. */
  readonly positionLaw?: 'uniform' | 'normal'
  /** Velocities are uniform within this, or normal with this deviation. */
  readonly velocities: number
  readonly law: 'uniform' | 'normal'
}

/** A start near the model's rest: noise on every position and every velocity. */
export function startNearRest(noise: StartNoise): Body['start'] {
  const { positions, positionLaw = 'uniform', velocities, law } = noise
  return ({ qpos, qvel }, key) => {
    disturb(qpos, foldIn(key, 'positions'), { size: positions, law: positionLaw })
    disturb(qvel, foldIn(key, 'velocities'), { size: velocities, law })
  }
}

function disturb(
  values: Float64Array,
  key: Key,
  { size, law }: { readonly size: number; readonly law: StartNoise['law'] },
): void {
  const draws = law === 'normal' ? normal(key, values.length) : uniform(key, values.length)
  for (let i = 0; i < values.length; i++) values[i] += size * (law === 'normal' ? draws[i] : 2 * draws[i] - 1)
}

/** layout: numbers of a free joint: a place and a quaternion, and their velocities. */
const FREE = { positions: 7, velocities: 6 }

/** A start at rest but for noise: the angles and velocities of the joints behind a free root are uniform within it. */
export function startAround({
  joints,
  noise,
}: {
  readonly joints: number
  readonly noise: number
}): Body['start'] {
  return ({ qpos, qvel }, key) => {
    const shifts = uniform(foldIn(key, 'positions'), joints)
    const pushes = uniform(foldIn(key, 'velocities'), joints)
    for (let i = 0; i < joints; i++) {
      qpos[i + FREE.positions] += noise * (2 * shifts[i] - 1)
      qvel[i + FREE.velocities] += noise * (2 * pushes[i] - 1)
    }
  }
}
