import { normal, foldIn, uniform } from '@maxent/core/keys'
import type { Body } from '../mujoco/model.ts'

/** How far from rest a body starts. */
interface StartNoise {
  /** Positions are uniform within this. */
  readonly positions: number
  /** Velocities are uniform within this, or normal with this deviation. */
  readonly velocities: number
  readonly law: 'uniform' | 'normal'
}

/** A start near the model's rest: noise on every position and every velocity. */
export function startNearRest({ positions, velocities, law }: StartNoise): Body['start'] {
  return ({ qpos, qvel }, key) => {
    const shifts = uniform(foldIn(key, 'positions'), qpos.length)
    for (let i = 0; i < qpos.length; i++) qpos[i] += positions * (2 * shifts[i] - 1)
    const velocityKey = foldIn(key, 'velocities')
    const pushes = law === 'normal' ? normal(velocityKey, qvel.length) : uniform(velocityKey, qvel.length)
    for (let i = 0; i < qvel.length; i++) {
      qvel[i] += velocities * (law === 'normal' ? pushes[i] : 2 * pushes[i] - 1)
    }
  }
}

/** source: MuJoCo. Numbers of a free joint: a place and a quaternion, and their velocities. */
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
