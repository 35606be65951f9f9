import type { Key } from '@maxent/core/keys'
import type { ActionSpec } from '@maxent/core/contracts'
import type { Outcome } from '../episodes.ts'
import type { Attributes } from './xml.ts'
import { element } from './xml.ts'
import type { Simulation } from './simulation.ts'

/** The elements that a body or a task puts under each section of a model. */
interface ModelFragment {
  readonly default?: readonly string[]
  readonly asset?: readonly string[]
  readonly worldbody?: readonly string[]
  readonly actuator?: readonly string[]
}

/** How the physics is integrated. A body brings it, since its joints and contacts are tuned to it. */
export interface Timing {
  /** Seconds per `mj_step`. */
  readonly timestep: number
  /** `mj_step` calls per action. */
  readonly frameSkip: number
}

/** One named group of observations. */
interface ObservationGroup {
  readonly size: number
  write(simulation: Simulation, out: Float32Array): void
}

/** A creature: its part of the model, its actuators, what it feels of itself, where it starts. */
export interface Body {
  readonly name: string
  readonly fragment: ModelFragment
  readonly timing: Timing
  readonly action: ActionSpec
  /** Contact attributes of the surfaces that it stands on. */
  readonly surface: Attributes
  /** Options of the physics apart from the time step: integrator, solver, medium. */
  readonly physics?: Attributes
  /** Whether an observation or a reward reads `cfrc_ext`, which MuJoCo computes on demand. */
  readonly feelsContact?: boolean
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
}

/** What a task can demand of a body beyond being one. */
type Ability = 'forward' | 'healthy' | 'tip' | 'distance'

/** A task bound to one simulation of a body. */
interface TaskRun {
  readonly outcome: Outcome
  /** What it carries from one step to the next, such as the position that the reward compares. Snapshots hold it. */
  readonly memory: Float64Array
  /** After the body has started. */
  start(): void
  /** After the physics moved: writes the outcome. */
  after(action: Float32Array): void
}

/** An arena with a reward and an end. */
export interface Task {
  readonly name: string
  /** Where the reward comes from. */
  readonly source: string
  readonly maxEpisodeSteps: number
  /** The surroundings, made of the body's surface. */
  arena(surface: Attributes): ModelFragment
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

/** Seconds per action. */
export function controlInterval({ timestep, frameSkip }: Timing): number {
  return timestep * frameSkip
}

/** The model of a body in the arena of a task. */
export function composeModel(body: Body, task: Task): string {
  const fragments = [task.arena(body.surface), body.fragment]
  const section = (name: keyof ModelFragment): string[] => {
    const children = fragments.flatMap((fragment) => fragment[name] ?? [])
    return children.length === 0 ? [] : [element(name, {}, children)]
  }
  return element('mujoco', { model: `${body.name}-${task.name}` }, [
    element('compiler', { angle: 'radian' }),
    element('option', { gravity: [0, 0, -9.81], ...body.physics, timestep: body.timing.timestep }),
    ...section('default'),
    ...section('asset'),
    ...section('worldbody'),
    ...section('actuator'),
  ])
}
