import type { MainModule, MjData, MjModel } from '@mujoco/mujoco'

/** A time step in two halves: what follows from positions and velocities alone, and the forces and the motion that they bring about. */
export interface HalfStep {
  /** The first half, computed of the state as it stands. False, and nothing done, where it would show. */
  begin(qpos: Float64Array, qvel: Float64Array): boolean
  /** The second half. False, and nothing done, unless the first belongs to this very state. */
  end(qpos: Float64Array, qvel: Float64Array): boolean
  /** The first half, if there was one, is none any more. */
  forget(): void
}

/**
 * Splits `mj_step` of a model so that a state whose poses are looked at is not computed twice. Both halves together compute what `mj_step`
 * does, bit for bit. Sensors would tell: the first half writes those of positions and velocities; so would mocap bodies that are moved
 * in between. Models with either get no halves.
 */
export function createHalfStep(mujoco: MainModule, model: MjModel, data: MjData): HalfStep {
  const possible = model.nsensor === 0 && model.nmocap === 0
  const byRungeKutta = model.opt.integrator === mujoco.mjtIntegrator.mjINT_RK4.value
  const velocityStage = mujoco.mjtStage.mjSTAGE_VEL.value
  const begunAt = { qpos: new Float64Array(model.nq), qvel: new Float64Array(model.nv) }
  let begun = false
  return {
    begin: (qpos, qvel) => {
      if (!possible) return false
      mujoco.mj_step1(model, data)
      begunAt.qpos.set(qpos)
      begunAt.qvel.set(qvel)
      begun = true
      return true
    },
    end: (qpos, qvel) => {
      if (!begun) return false
      begun = false
      // Whoever wrote into the state since gets a whole step.
      if (!same(qpos, begunAt.qpos) || !same(qvel, begunAt.qvel)) return false
      if (byRungeKutta) {
        mujoco.mj_forwardSkip(model, data, velocityStage, 0)
        mujoco.mj_checkAcc(model, data)
        mujoco.mj_RungeKutta(model, data, 4)
      } else {
        mujoco.mj_step2(model, data)
      }
      return true
    },
    forget: () => {
      begun = false
    },
  }
}

function same(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
