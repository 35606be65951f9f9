import type { MainModule, MjData, MjModel } from '@mujoco/mujoco'
import { createHalfStep } from './halfStep.ts'
import { createHandles, loadMujoco } from './module.ts'
import { createOutput } from './output.ts'

/**
 * Arrays that MuJoCo derives from the state of bodies, sites and joints. After an advance they lag by a part of a time step. The places
 * of mocap bodies (`mocap_pos`) and the forces from outside (`xfrc_applied`, three numbers of force and three of torque for each body)
 * are no such thing but parts of the state, which tasks may write.
 */
export type Derived =
  | 'xpos'
  | 'xmat'
  | 'subtree_com'
  | 'subtree_linvel'
  | 'cinert'
  | 'cvel'
  | 'cfrc_ext'
  | 'site_xpos'
  | 'qfrc_actuator'
  | 'qfrc_constraint'
  | 'sensordata'
  | 'act'
  | 'geom_xpos'
  | 'mocap_pos'
  | 'xfrc_applied'

/** A compiled model with its data: the physics of one environment. */
export interface Simulation {
  /** Positions, velocities and controls: views of the WASM heap, true until the next call. */
  readonly qpos: Float64Array
  /** Velocities, see `qpos`. */
  readonly qvel: Float64Array
  /** Controls, see `qpos`. */
  readonly ctrl: Float64Array
  /** A derived array: a view, true until the next call. A restored state does not bring it back. */
  derived(name: Derived): Float64Array
  /**
   * The place of an object's first number: of a joint in `qpos`, of a sensor in `sensordata`, of a body among the bodies.
   * @throws RangeError when there is none of that name.
   */
  address(kind: 'joint' | 'sensor' | 'body', name: string): number
  /** Seconds of simulated time since the last reset. */
  readonly time: number
  /** The module, and the compiled model with its data, which the simulation owns. */
  readonly native: { readonly mujoco: MainModule; readonly model: MjModel; readonly data: MjData }
  /** Length of {@link getState}. */
  readonly stateSize: number
  /** Back to the model's initial state; forgets warnings and warm starts. */
  resetData(): void
  /** Computes what follows from the state without moving in time. */
  forward(): void
  /** Brings `cfrc_ext` up to date, the forces that act on each body from outside. */
  computeContactForces(): void
  /**
   * Brings poses and velocities of bodies up to date with the state. In a model without sensors and mocap bodies this is the first half of
   * the next time step, which then is not computed again.
   */
  computePoses(): void
  /** Moves `substeps` time steps on. False when the physics diverged; the state is then meaningless. */
  advance(substeps: number): boolean
  /** All that decides the future of the physics (`mjSTATE_INTEGRATION`), warm start included. */
  getState(): Float64Array
  /** Takes such a state back. What is derived from it is not up to date before the next {@link advance}. */
  setState(state: Float64Array): void
  /** Frees model and data. The simulation must not be used again. */
  close(): void
}

/** MuJoCo takes a coordinate beyond this for divergence (`mjMAXVAL`). */
const LARGEST = 1e10
/** Seconds by which the clock is put ahead where it could not tell of a reset. */
const AHEAD = 1

/**
 * Compiles a model. A model that does not compile throws MuJoCo's message.
 *
 * Two habits of the WASM build are dealt with here. Views of the heap go stale when it grows (their length becomes 0, writes vanish),
 * so they are renewed before and after every advance. And a diverging simulation does not throw: MuJoCo resets the state and goes
 * on, which {@link Simulation.advance} detects.
 */
export async function createSimulation(xml: string): Promise<Simulation> {
  const mujoco = await loadMujoco()
  const handles = createHandles()
  try {
    const model = handles.own(mujoco.MjModel.from_xml_string(xml))
    const data = handles.own(new mujoco.MjData(model))
    const stateKind = mujoco.mjtState.mjSTATE_INTEGRATION.value
    const stateSize = mujoco.mj_stateSize(model, stateKind)
    const stateOutput = createOutput(mujoco, handles, stateSize)
    const timestep = model.opt.timestep

    let qpos = data.qpos as Float64Array
    let qvel = data.qvel as Float64Array
    let ctrl = data.ctrl as Float64Array
    const renewViews = (): void => {
      if (qpos.length !== 0) return
      qpos = data.qpos as Float64Array
      qvel = data.qvel as Float64Array
      ctrl = data.ctrl as Float64Array
    }

    const views = new Map<Derived, Float64Array>()
    const renewed = (name: Derived): Float64Array => {
      const view = views.get(name)
      if (view !== undefined && view.length !== 0) return view
      const fresh = data[name] as Float64Array
      views.set(name, fresh)
      return fresh
    }
    const { neq } = model
    /** Whether nothing acts on any body from outside, which spares the propagation of forces through all of them. */
    const feelsNothing = (): boolean => neq === 0 && data.ncon === 0 && allZero(renewed('xfrc_applied'))
    // Velocities of bodies, and of what hangs on them, wait until they are read.
    let late: 'nothing' | 'subtrees' | 'velocities' = 'nothing'
    const half = createHalfStep(mujoco, model, data)
    // The simulation's time, which is slow to ask for. In an array, since a variable would put each new number on the heap.
    const clock = new Float64Array(1)

    return {
      get qpos() {
        renewViews()
        return qpos
      },
      get qvel() {
        renewViews()
        return qvel
      },
      get ctrl() {
        renewViews()
        return ctrl
      },
      derived: (name) => {
        if (late !== 'nothing' && (name === 'subtree_linvel' || name === 'cvel')) {
          if (late === 'velocities') mujoco.mj_comVel(model, data)
          mujoco.mj_subtreeVel(model, data)
          late = 'nothing'
        }
        return renewed(name)
      },
      address: (kind, name) => {
        const { mjOBJ_JOINT, mjOBJ_SENSOR, mjOBJ_BODY } = mujoco.mjtObj
        const type = { joint: mjOBJ_JOINT, sensor: mjOBJ_SENSOR, body: mjOBJ_BODY }[kind]
        const id = mujoco.mj_name2id(model, type.value, name)
        if (id < 0) throw new RangeError(`address: name must be of a ${kind} of the model, got "${name}"`)
        if (kind === 'joint') return (model.jnt_qposadr as Int32Array)[id]
        if (kind === 'sensor') return (model.sensor_adr as Int32Array)[id]
        return id
      },
      get time() {
        return clock[0]
      },
      native: { mujoco, model, data },
      stateSize,
      resetData: () => {
        half.forget()
        mujoco.mj_resetData(model, data)
        clock[0] = 0
      },
      forward: () => {
        half.forget()
        mujoco.mj_forward(model, data)
      },
      computeContactForces: () => {
        if (feelsNothing()) renewed('cfrc_ext').fill(0)
        else mujoco.mj_rnePostConstraint(model, data)
      },
      computePoses: () => {
        renewViews()
        if (half.begin(qpos, qvel)) {
          late = 'subtrees'
          return
        }
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        late = 'velocities'
      },
      advance: (substeps) => {
        late = 'nothing'
        // A silent reset sets the clock back to 0, where it stands at the start: for that advance it is put ahead.
        const start = clock[0]
        const shown = start === 0 ? AHEAD : start
        if (start === 0) data.time = AHEAD
        renewViews()
        for (let i = half.end(qpos, qvel) ? 1 : 0; i < substeps; i++) mujoco.mj_step(model, data)
        renewViews()
        clock[0] = data.time
        if (Math.abs(clock[0] - shown - substeps * timestep) > timestep / 2) return false
        if (start === 0) data.time = clock[0] = afterSteps(substeps, timestep)
        return within(qpos) && within(qvel)
      },
      getState: () => {
        mujoco.mj_getState(model, data, stateOutput.buffer, stateKind)
        return stateOutput.read()
      },
      setState: (state) => {
        half.forget()
        mujoco.mj_resetData(model, data)
        mujoco.mj_setState(model, data, Array.from(state), stateKind)
        clock[0] = data.time
      },
      close: () => handles.release(),
    }
  } catch (error) {
    handles.release()
    throw error
  }
}

/** The clock that starts at 0, as MuJoCo adds it up. */
function afterSteps(steps: number, timestep: number): number {
  let time = 0
  for (let i = 0; i < steps; i++) time += timestep
  return time
}

function allZero(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) return false
  return true
}

function within(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) {
    // Written so that NaN fails.
    if (!(Math.abs(values[i]) < LARGEST)) return false
  }
  return true
}
