import type { EnvSpec, ObservationSpec } from '@maxent/core/contracts'
import { closest } from 'fastest-levenshtein'
import { ant } from './bodies/ant.ts'
import { halfCheetah } from './bodies/halfCheetah.ts'
import { hopper } from './bodies/hopper.ts'
import { humanoid } from './bodies/humanoid.ts'
import { invertedDoublePendulum } from './bodies/invertedDoublePendulum.ts'
import { invertedPendulum } from './bodies/invertedPendulum.ts'
import { pusher } from './bodies/pusher.ts'
import { reacher } from './bodies/reacher.ts'
import { swimmer } from './bodies/swimmer.ts'
import { walker2d } from './bodies/walker2d.ts'
import type { Chosen } from './chosen.ts'
import type { Dynamics, VisibleEnv } from './episodes.ts'
import { createEnv } from './episodes.ts'
import {
  DIAGONAL_FEATURES,
  DIAGONAL_MOVES,
  DIAGONAL_STEPS,
  diagonalChosen,
  diagonalDynamics,
  diagonalTasks,
} from './grids/diagonal.ts'
import { TARGET_MOVES, TARGET_STEPS, targetChosen, targetDynamics } from './grids/target.ts'
import { composeEnv, composeSpec } from './mujoco/composeEnv.ts'
import { composeDynamics } from './mujoco/dynamics.ts'
import type { Body, Task, TaskSplit } from './mujoco/model.ts'
import {
  GAUSSIAN_GOALS_STEPS,
  gaussianGoalsChosen,
  gaussianGoalsDynamics,
  MULTI_GOAL_STEPS,
  multiGoalDynamics,
} from './multiGoal.ts'
import {
  NAVIGATION_STEPS,
  navigationChosen,
  navigationTasks,
  sparseNavigationDynamics,
} from './sparseNavigation.ts'
import type { LocomotionId } from './locomotion.ts'
import { locomotion } from './locomotion.ts'
import type { ManipulationId } from './manipulation.ts'
import { manipulation } from './manipulation.ts'
import type { NavigationId } from './navigation.ts'
import { navigation } from './navigation.ts'
import { MAX_TORQUE, pendulumDynamics } from './pendulum.ts'
import { withVision } from './render/vision.ts'
import { balanceTip } from './tasks/balanceTip.ts'
import { balance } from './tasks/balance.ts'
import { antRun, halfCheetahRun, hopperRun, humanoidRun, swimmerRun, walker2dRun } from './tasks/gymnasium.ts'
import { push } from './tasks/push.ts'
import { reach } from './tasks/reach.ts'

/** What every environment can be asked for. */
export interface EnvOptions {
  /** Steps after which an episode is truncated; a positive integer. Default: the environment's own limit. */
  readonly maxEpisodeSteps?: number
  /** Whether the body sees: one more group of 64 by 64 pixels, see `withVision`. On MuJoCo only. Default: it does not. */
  readonly vision?: boolean
}

/** What `multi-goal-gaussians` can be asked for. */
export interface GaussianGoalsOptions extends EnvOptions {
  /** Width of the bumps at the goals, the deviation of the Gaussians; positive. Default 1. */
  readonly width?: number
}

/** One line about an environment. */
export interface EnvInfo {
  /** What `makeEnv` takes. */
  readonly id: EnvId
  /** In a sentence. */
  readonly description: string
  /** The name of the body. */
  readonly body: string
  /** The name of the task. */
  readonly task: string
  /** Length of each observation group. */
  readonly observation: ObservationSpec
  /** Numbers of an action. */
  readonly actionSize: number
  /** Every action that there is, where the source has choices: `chooseActions` takes them. */
  readonly moves?: readonly (readonly number[])[]
  /** Steps after which an episode is truncated. */
  readonly maxEpisodeSteps: number
  /** Where the reward comes from. */
  readonly rewardSource: string
  /** Where the numbers of the body come from, where it has a model of its own. */
  readonly bodySource?: string
  /** What comes from neither source, with the reasons. */
  readonly chosen: readonly Chosen[]
  /** What `reset({ task })` takes for training and for tests, where an environment has a set of tasks. */
  readonly tasks?: TaskSplit
  /** What training and tests draw their tasks from, in words; `single task` where there is one. */
  readonly distribution: string
}

interface Entry {
  readonly description: string
  readonly body: string
  readonly task: string
  readonly rewardSource: string
  readonly bodySource?: string
  readonly chosen?: readonly Chosen[]
  readonly tasks?: TaskSplit
  readonly distribution?: string
  readonly moves?: readonly (readonly number[])[]
  readonly spec: Omit<EnvSpec, 'id'> & { readonly maxEpisodeSteps: number }
  readonly dynamics: (options: GaussianGoalsOptions) => Dynamics | Promise<Dynamics>
  /** What it is made of, on MuJoCo. */
  readonly parts?: MujocoParts
}

/** A body and what it does. */
interface MujocoParts {
  readonly body: Body
  readonly task: Task
}

/** The entry of a MuJoCo body that does a task. */
function bodyTask(body: Body, task: Task, description: string): Entry {
  return {
    description,
    body: body.name,
    task: task.name,
    rewardSource: task.source,
    bodySource: body.source,
    chosen: [...(body.chosen ?? []), ...(task.chosen ?? [])],
    spec: composeSpec(body, task),
    ...(task.tasks === undefined ? {} : { tasks: task.tasks }),
    ...(task.distribution === undefined ? {} : { distribution: task.distribution }),
    dynamics: () => composeDynamics(body, task),
    parts: { body, task },
  }
}

/** The entries of several bodies that do tasks. */
function mapEntries<Id extends EnvId>(
  parts: Readonly<Record<Id, MujocoParts & { readonly description: string }>>,
): Record<Id, Entry> {
  const made = Object.entries<MujocoParts & { readonly description: string }>(parts).map(
    ([id, { body, task, description }]) => [id, bodyTask(body, task, description)],
  )
  return Object.fromEntries(made) as Record<Id, Entry>
}

const SQUARE = { low: [-1, -1], high: [1, 1] }

/** The entry of a grid where a body of a number of actions per step goes to a target. */
function gridTarget(stepSize: number): Entry {
  return {
    description:
      stepSize === 1
        ? 'Go to a target on a grid of 8 by 8.'
        : `Go to a target on a grid of 8 by 8, with ${stepSize} actions for a step.`,
    body: `${stepSize}-step`,
    task: 'go-to-target',
    rewardSource: 'Tirumala et al. 2019, appendix E.1',
    chosen: targetChosen,
    distribution: 'start and goal uniform over different cells, for training and tests alike',
    moves: TARGET_MOVES,
    spec: { observation: { proprio: 2, task: 4 }, action: SQUARE, maxEpisodeSteps: TARGET_STEPS },
    dynamics: () => targetDynamics(stepSize),
  }
}

/** The names that {@link makeEnv} takes. */
export type EnvId =
  | 'pendulum'
  | 'inverted-pendulum'
  | 'inverted-double-pendulum'
  | 'reacher'
  | 'pusher'
  | 'swimmer'
  | 'hopper'
  | 'walker2d'
  | 'half-cheetah'
  | 'ant'
  | 'humanoid'
  | LocomotionId
  | NavigationId
  | ManipulationId
  | 'multi-goal'
  | 'multi-goal-gaussians'
  | 'sparse-navigation'
  | 'grid-diagonal'
  | 'grid-target-1'
  | 'grid-target-2'
  | 'grid-target-4'
  | 'grid-target-8'

const entries: Readonly<Record<EnvId, Entry>> = {
  pendulum: {
    description: 'Swing a rod up and hold it upright with a torque too weak to lift it at once.',
    body: 'pendulum',
    task: 'swing-up',
    rewardSource: 'Gymnasium Pendulum-v1',
    spec: {
      observation: { proprio: 3 },
      action: { low: [-MAX_TORQUE], high: [MAX_TORQUE] },
      maxEpisodeSteps: 200,
    },
    dynamics: pendulumDynamics,
  },
  'inverted-pendulum': bodyTask(
    invertedPendulum,
    balance,
    'Keep a pole upright on a cart by pushing the cart.',
  ),
  'inverted-double-pendulum': bodyTask(
    invertedDoublePendulum,
    balanceTip,
    'Keep two poles, one on top of the other, upright on a cart.',
  ),
  reacher: bodyTask(reacher, reach, 'Bring the fingertip of an arm of two links to a target.'),
  pusher: bodyTask(pusher, push, 'Push a cylinder over a table to a goal, with an arm of seven joints.'),
  swimmer: bodyTask(
    swimmer,
    swimmerRun,
    'Swim forward as fast as possible by bending a snake of three links.',
  ),
  hopper: bodyTask(hopper, hopperRun, 'Hop forward as fast as possible on one leg without falling.'),
  walker2d: bodyTask(
    walker2d,
    walker2dRun,
    'Walk forward as fast as possible on two legs without falling, in a plane.',
  ),
  'half-cheetah': bodyTask(
    halfCheetah,
    halfCheetahRun,
    'Run forward as fast as possible on two legs in a plane.',
  ),
  ant: bodyTask(ant, antRun, 'Run forward as fast as possible on four legs.'),
  humanoid: bodyTask(humanoid, humanoidRun, 'Run forward as fast as possible on two legs without falling.'),
  ...mapEntries(locomotion),
  ...mapEntries(navigation),
  ...mapEntries(manipulation),
  'multi-goal': {
    description: 'Go from the middle of a square to any of four goals.',
    body: 'point',
    task: 'multi-goal',
    rewardSource: 'released code of Haarnoja et al. 2017',
    spec: { observation: { proprio: 2 }, action: SQUARE, maxEpisodeSteps: MULTI_GOAL_STEPS },
    dynamics: multiGoalDynamics,
  },
  'multi-goal-gaussians': {
    description: 'Go from the middle of a square to any of four goals, where bumps around them pay.',
    body: 'point',
    task: 'multi-goal',
    rewardSource: 'Haarnoja 2018, section 3.4',
    chosen: gaussianGoalsChosen,
    spec: { observation: { proprio: 2 }, action: SQUARE, maxEpisodeSteps: GAUSSIAN_GOALS_STEPS },
    dynamics: ({ width }) => gaussianGoalsDynamics(width === undefined ? {} : { width }),
  },
  'sparse-navigation': {
    description: 'Find a goal on a half circle that pays near it only.',
    body: 'point',
    task: 'sparse-navigation',
    rewardSource: 'released code of Rakelly et al. 2019, sparse reward',
    chosen: navigationChosen,
    tasks: navigationTasks,
    spec: { observation: { proprio: 2, task: 2 }, action: SQUARE, maxEpisodeSteps: NAVIGATION_STEPS },
    dynamics: sparseNavigationDynamics,
  },
  'grid-diagonal': {
    description: 'Move along diagonals of a grid of 8 by 8 to the sides that pay.',
    body: 'diagonal',
    task: 'sides',
    rewardSource: 'Hunt et al. 2018, figure 1',
    chosen: diagonalChosen,
    tasks: diagonalTasks,
    moves: DIAGONAL_MOVES,
    spec: {
      observation: { proprio: 2, task: DIAGONAL_FEATURES.length },
      action: SQUARE,
      maxEpisodeSteps: DIAGONAL_STEPS.value,
      features: DIAGONAL_FEATURES,
    },
    dynamics: diagonalDynamics,
  },
  'grid-target-1': gridTarget(1),
  'grid-target-2': gridTarget(2),
  'grid-target-4': gridTarget(4),
  'grid-target-8': gridTarget(8),
}

const ids = Object.keys(entries) as EnvId[]

/**
 * Checks a name that came from outside.
 *
 * @throws RangeError that tells the nearest known name.
 */
export function envId(name: string): EnvId {
  const known = ids.find((id) => id === name)
  if (known !== undefined) return known
  throw new RangeError(
    `envId: name must be one of ${ids.join(', ')}, got "${name}", did you mean "${closest(name, ids)}"?`,
  )
}

/** What {@link makeEnv} can be asked for. */
const OPTIONS: readonly string[] = ['maxEpisodeSteps', 'vision', 'width']

/**
 * Makes an environment. MuJoCo is loaded once, by the first that needs it. Call `close` to free the physics.
 *
 * @throws RangeError for an unknown id or option, with the nearest known one, for a time limit that is no positive integer, for a width
 * that is not positive, or is none of `multi-goal-gaussians`, for vision where there is no MuJoCo.
 */
export function makeEnv(id: 'multi-goal-gaussians', options?: GaussianGoalsOptions): Promise<VisibleEnv>
export function makeEnv(id: EnvId, options?: EnvOptions): Promise<VisibleEnv>
export async function makeEnv(id: EnvId, options: GaussianGoalsOptions = {}): Promise<VisibleEnv> {
  const entry = entries[envId(id)]
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name))
  if (unknown !== undefined) {
    throw new RangeError(
      `makeEnv: options must be maxEpisodeSteps, vision or width, got "${unknown}", did you mean "${closest(unknown, OPTIONS)}"?`,
    )
  }
  const { maxEpisodeSteps = entry.spec.maxEpisodeSteps, width, vision = false } = options
  if (width !== undefined && id !== 'multi-goal-gaussians') {
    throw new RangeError(
      `makeEnv: width must be left out for "${id}", got ${width}, take "multi-goal-gaussians"`,
    )
  }
  if (!Number.isSafeInteger(maxEpisodeSteps) || maxEpisodeSteps < 1) {
    throw new RangeError(`makeEnv: maxEpisodeSteps must be a positive integer, got ${maxEpisodeSteps}`)
  }
  if (vision) {
    if (entry.parts === undefined) {
      throw new RangeError(`makeEnv: vision must be left out for "${id}", which is not on MuJoCo, got true`)
    }
    return composeEnv(entry.parts.body, withVision(entry.parts.task), { id, maxEpisodeSteps })
  }
  return createEnv({ id, ...entry.spec, maxEpisodeSteps }, await entry.dynamics(options))
}

/**
 * Body and task of an environment.
 *
 * @throws RangeError for an unknown id, and for an environment that does not run on MuJoCo.
 */
export function mujocoParts(id: EnvId): MujocoParts {
  const { parts } = entries[envId(id)]
  if (parts === undefined) {
    throw new RangeError(`mujocoParts: id must be of an environment on MuJoCo, got "${id}"`)
  }
  return parts
}

/** Where the tasks of an environment come from, in words. */
function describeTasks({ tasks, distribution }: Entry): string {
  if (distribution !== undefined) return distribution
  if (tasks === undefined) return 'single task'
  const { train, test } = tasks
  const alike = train.length === test.length && train.every((task, i) => task === test[i])
  return alike
    ? `${train.length}, for training and tests alike`
    : `${train.length} for training, ${test.length} for tests`
}

/** Every environment, in the order of registration. Loads nothing. */
export function listEnvs(): EnvInfo[] {
  return ids.map((id) => {
    const { description, body, task, rewardSource, bodySource, chosen = [], tasks, moves, spec } = entries[id]
    return {
      id,
      description,
      body,
      task,
      observation: spec.observation,
      actionSize: spec.action.low.length,
      ...(moves === undefined ? {} : { moves }),
      maxEpisodeSteps: spec.maxEpisodeSteps,
      rewardSource,
      ...(bodySource === undefined ? {} : { bodySource }),
      chosen,
      ...(tasks === undefined ? {} : { tasks }),
      distribution: describeTasks(entries[id]),
    }
  })
}
