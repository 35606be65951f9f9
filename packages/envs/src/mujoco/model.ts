import type { Key } from '@maxent/core/keys'
import type { ActionSpec, Observation, ObservationSpec } from '@maxent/core/contracts'
import type { Chosen } from '../chosen.ts'
import type { Outcome } from '../episodes.ts'
import type { Attributes } from './xml.ts'
import { element } from './xml.ts'
import { fallSensors } from './fall.ts'
import type { Simulation } from './simulation.ts'

/** The elements that a body or an arena puts under each section of a model. */
export interface ModelFragment {
  /** Classes of default attributes. */
  readonly default?: readonly string[]
  /** Meshes, textures and materials. */
  readonly asset?: readonly string[]
  /** Bodies and geoms. */
  readonly worldbody?: readonly string[]
  /** Pairs and exclusions of contacts. */
  readonly contact?: readonly string[]
  /** Tendons. */
  readonly tendon?: readonly string[]
  /** Equality constraints. */
  readonly equality?: readonly string[]
  /** Motors and other actuators. */
  readonly actuator?: readonly string[]
  /** Sensors. */
  readonly sensor?: readonly string[]
}

/** What is around a body. */
export interface Surroundings extends ModelFragment {
  /** What moves besides the body. It comes after the body, whose coordinates and parts so stay the first of the model. */
  readonly objects?: readonly string[]
  /** Names of the geoms that a body stands on. */
  readonly ground?: readonly string[]
}

/** Makes the surroundings out of the contact attributes of the body that will stand there. */
export type Arena = (surface: Attributes) => Surroundings

/** How the physics is integrated. A body brings it, since its joints and contacts are tuned to it. */
export interface Timing {
  /** Seconds per `mj_step`. */
  readonly timestep: number
  /** `mj_step` calls per action. */
  readonly frameSkip: number
}

/** One named group of observations. */
export interface ObservationGroup {
  /** Numbers in the group. */
  readonly size: number
  /** Writes the group of the present state to `out`, of length `size`. */
  write(simulation: Simulation, out: Float32Array): void
}

/** Where a body is, and how to put it somewhere. What is read here holds for the state reached, without delay. */
export interface Root {
  /** Writes x, y and z of its origin, in metres. */
  position(simulation: Simulation, out: Float64Array): void
  /** Its heading: the angle from the world's x axis to its own about z, in radians within ±π. */
  yaw(simulation: Simulation): number
  /** The z component of its own z axis: 1 upright, 0 on its side, −1 on its back. */
  upright(simulation: Simulation): number
  /** Moves it to x and y, and turns it by `yaw` about z with its velocity; everything else stays as its start drew it. */
  place(simulation: Simulation, pose: Pose): void
}

/** A place in the plane, in metres, and a turn in radians. */
export interface Pose {
  readonly x: number
  readonly y: number
  readonly yaw: number
}

/** A creature: its part of the model, its actuators, what it feels of itself, where it starts. */
export interface Body {
  /** What environments call it, as in `half-cheetah`. */
  readonly name: string
  /** Where its numbers come from. */
  readonly source: string
  /** Its numbers that come from nowhere else. Default: none. */
  readonly chosen?: readonly Chosen[]
  /** Its part of the model. */
  readonly fragment: ModelFragment
  /** Time step of the physics, in seconds, and steps per action. */
  readonly timing: Timing
  /** Bounds of its actuators' controls. */
  readonly action: ActionSpec
  /** Contact attributes of the surfaces that it stands on. */
  readonly surface: Attributes
  /** Options of the physics apart from the time step: integrator, solver, medium. */
  readonly physics?: Attributes
  /** Whether an observation or a reward reads `cfrc_ext`, which MuJoCo computes on demand. */
  readonly feelsContact?: boolean
  /**
   * Whether poses and velocities of its parts (`xpos`, `xmat`, `subtree_com`, `subtree_linvel`) are those of the state reached.
   * Without it they lag by a part of a time step, as MuJoCo leaves them. Forces and sensors lag in any case.
   */
  readonly feelsPose?: boolean
  /** Groups that tell of the body alone, in the order in which they are concatenated. */
  readonly proprioception: Readonly<Record<string, ObservationGroup>>
  /** Draws positions and velocities from the key. */
  start(simulation: Simulation, key: Key): void
  /** Where it is along the world's x axis. */
  readonly forward?: (simulation: Simulation) => number
  /** Whether it holds itself as it should; a task may end when it does not. */
  readonly healthy?: (simulation: Simulation) => boolean
  /** Writes the x and z of the point that it balances. */
  readonly tip?: (simulation: Simulation, out: Float64Array) => void
  /** Distance between the point that it moves and its target. */
  readonly distance?: (simulation: Simulation) => number
  /** What an arm pushes with, the thing that it pushes and where to, if that is fixed, by their numbers among the bodies. */
  readonly pushes?: { readonly hand: number; readonly object: number; readonly goal?: number }
  /** What an arm reaches with, by its number among the bodies: the origin of that is the point. */
  readonly reaches?: { readonly hand: number }
  /** The hollow brick that it holds. */
  readonly brick?: {
    /** Name of the geom that studs touch inside. */
    readonly inside: string
    /** The force in N with which it presses down. */
    readonly presses: (simulation: Simulation) => number
  }
  /** Where it is in the plane. */
  readonly root?: Root
  /** Writes the velocity of its centre of mass, in m/s in the frame of the world. */
  readonly velocity?: (simulation: Simulation, out: Float64Array) => void
  /** Names of its parts that touch the ground only when it falls; none where it cannot fall. See `watchFall`. */
  readonly frail?: readonly string[]
}

/** What a task can demand of a body beyond being one. */
export type Ability =
  'forward' | 'healthy' | 'tip' | 'distance' | 'pushes' | 'reaches' | 'brick' | 'root' | 'velocity' | 'frail'

/** A task bound to one simulation of a body. */
export interface TaskRun {
  /** Reward, end and information of the last step; the same record every time. */
  readonly outcome: Outcome
  /** What it carries from one step to the next, such as a goal or the position that the reward compares. Snapshots hold it. */
  readonly memory: Float64Array
  /** The groups that `Task.observation` declares; `start` and `after` write them. */
  readonly observation?: Observation
  /** The vector of rewards that `Task.features` names; `after` writes it. */
  readonly features?: Float32Array
  /**
   * Takes the task of the coming episodes, where there are several.
   * @throws RangeError when it is none; nothing has changed then.
   */
  setTask?(task: unknown): void
  /** After the body has drawn its start: may move it, and puts objects where they begin (all their coordinates). */
  place?(key: Key): void
  /** After the physics has derived what follows from the start. */
  start(key: Key): void
  /** After the physics moved: writes the outcome. */
  after(action: Float32Array): void
  /** Frees what it holds of MuJoCo. Default: it holds nothing. */
  close?(): void
}

/** Tasks to learn from and tasks to be tested on, where an environment has a set of them: numbers, or weights of rewards. */
export interface TaskSplit<T extends number | readonly number[] = number | readonly number[]> {
  /** To learn from. */
  readonly train: readonly T[]
  /** To be tested on. */
  readonly test: readonly T[]
}

/** An arena with a reward and an end. */
export interface Task {
  /** What environments call it, as in `run-forward`. */
  readonly name: string
  /** Where the reward comes from. */
  readonly source: string
  /** What it has that the source has not. Default: nothing. */
  readonly chosen?: readonly Chosen[]
  /** Steps after which an episode is truncated. */
  readonly maxEpisodeSteps: number
  /** What is around the body. */
  readonly arena: Arena
  /** Length of each group that it adds to what the body feels. Default: none. */
  readonly observation?: ObservationSpec
  /** Tasks to learn from and tasks to be tested on, as `reset({ task })` takes them. Default: there is no set of them. */
  readonly tasks?: TaskSplit
  /** What else training and tests draw their tasks from, in words. Default: there is a single task, or the sets of `tasks`. */
  readonly distribution?: string
  /** Names of the vector of rewards. Default: there is none. */
  readonly features?: readonly string[]
  /** Whether it asks which parts of the body touch the ground: `watchFall` needs it. */
  readonly watchesFall?: boolean
  /** Sensors between what is around a body and the body, after those of both. @throws RangeError as `bind`. */
  readonly sensors?: (body: Body) => readonly string[]
  /** Takes up one simulation of a body. @throws RangeError when the body lacks an ability that it needs. */
  bind(body: Body, simulation: Simulation): TaskRun
}

/**
 * What a task needs of its body.
 *
 * @throws RangeError when the body cannot do it.
 */
export function ability<A extends Ability>(body: Body, task: string, name: A): NonNullable<Body[A]> {
  const found = body[name]
  if (found === undefined) {
    throw new RangeError(`${task}: body must have "${name}", got "${body.name}" without, take another body`)
  }
  return found
}

/**
 * The body with another number of seconds between its actions.
 *
 * @throws RangeError when that is no whole number of time steps.
 */
export function withInterval(body: Body, seconds: number): Body {
  const { timestep } = body.timing
  const frameSkip = Math.round(seconds / timestep)
  if (!(frameSkip >= 1 && Math.abs(frameSkip * timestep - seconds) < 1e-9)) {
    throw new RangeError(
      `withInterval: seconds must be a multiple of the ${timestep} s of "${body.name}", got ${seconds}`,
    )
  }
  return { ...body, timing: { timestep, frameSkip } }
}

/** Seconds per action. */
export function controlInterval({ timestep, frameSkip }: Timing): number {
  return timestep * frameSkip
}

/** The model of a body in the arena of a task. */
export function composeModel(body: Body, task: Task): string {
  const { objects = [], ground = [], ...arena } = task.arena(body.surface)
  const fall = task.watchesFall === true ? fallSensors(ability(body, task.name, 'frail'), ground) : []
  const joined = (name: string, children: readonly string[]): string[] =>
    children.length === 0 ? [] : [element(name, {}, children)]
  // Bodies rely on being the first in each list, geoms apart.
  const section = (name: Exclude<keyof ModelFragment, 'worldbody'>, more: readonly string[] = []): string[] =>
    joined(name, [...(body.fragment[name] ?? []), ...(arena[name] ?? []), ...more])
  return element('mujoco', { model: `${body.name}-${task.name}` }, [
    element('compiler', { angle: 'radian' }),
    element('option', { gravity: [0, 0, -9.81], ...body.physics, timestep: body.timing.timestep }),
    ...section('default'),
    ...section('asset'),
    ...joined('worldbody', [...(arena.worldbody ?? []), ...(body.fragment.worldbody ?? []), ...objects]),
    ...section('contact'),
    ...section('tendon'),
    ...section('equality'),
    ...section('actuator'),
    ...section('sensor', [...fall, ...(task.sensors?.(body) ?? [])]),
  ])
}
