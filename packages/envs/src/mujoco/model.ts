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
  /** Groups that tell of the body alone, in the order in which they are concatenated. */
  readonly proprioception: Readonly<Record<string, ObservationGroup>>
  /** Draws positions and velocities from the key. */
  start(simulation: Simulation, key: Key): void
  /** Index into `qpos` of the coordinate along the world's x axis. */
  readonly forward: number
}

/** A task bound to one simulation of a body. */
interface TaskRun {
  readonly outcome: Outcome
  /** After the body has started. */
  start(): void
  /**
   * Before the physics moves: the place to remember what the reward compares. Only time, `qpos`, `qvel` and `ctrl` may be read here:
   * a restored snapshot does not bring back what derives from them.
   */
  before(): void
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
    element('option', { timestep: body.timing.timestep, gravity: [0, 0, -9.81] }),
    ...section('default'),
    ...section('asset'),
    ...section('worldbody'),
    ...section('actuator'),
  ])
}
