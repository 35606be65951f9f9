/**
 * The contracts between packages: what an environment is, and what an algorithm is. Types only.
 * @module
 */
import type { Scalar, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs'
import type { Key } from './keys/key.ts'
import type { Tree } from './tree.ts'

// ---------------------------------------------------------------------------------------------------------------- environments

/** Named groups of flat observations. A group's array is owned by the environment and valid until its next call; copy to keep. */
export type Observation = Readonly<Record<string, Float32Array>>

/** Length of each observation group, in the order in which groups are concatenated. */
export type ObservationSpec = Readonly<Record<string, number>>

/** A box of actions, `low[i] <= action[i] <= high[i]`, all finite; or one of several choices. */
export interface ActionSpec {
  /** The least of each entry, [A]; [0] where actions are choices. */
  readonly low: readonly number[]
  /** The largest of each entry, [A]; [choices − 1] where actions are choices. */
  readonly high: readonly number[]
  /** Where actions are choices, how many, at least 2: an action is then one number, the index of a choice; `low` is [0] and `high` [choices − 1]. */
  readonly choices?: number
}

/** What an environment offers, fixed for its lifetime. */
export interface EnvSpec {
  /** The registered name, as in `half-cheetah`. */
  readonly id: string
  /** Names and lengths of the groups of every observation. */
  readonly observation: ObservationSpec
  /** What `step` takes. */
  readonly action: ActionSpec
  /** Steps after which an episode is truncated; absent where episodes have no time limit. */
  readonly maxEpisodeSteps?: number
  /** Names of the entries of `StepResult.features`, where the environment has them. */
  readonly features?: readonly string[]
}

/** Numbers about a step that no learner reads (parts of the reward, positions). */
export type StepInfo = Readonly<Record<string, number>>

/** What one step gives. The record and its arrays are reused by the next step. */
export interface StepResult {
  /** What the step led to. */
  readonly observation: Observation
  /** r of the step, undiscounted. */
  readonly reward: number
  /** The task reached an end: the value of what follows is zero. */
  readonly terminated: boolean
  /** The episode was cut (time limit): the value of what follows is not zero. */
  readonly truncated: boolean
  /** Parts of the reward, positions and the like. */
  readonly info: StepInfo
  /** Vector of task rewards, for successor features. */
  readonly features?: Float32Array
}

/** What a reset may change. */
export interface ResetOptions<Task = unknown> {
  /** Re-seeds the environment's own generator. Without it the generator goes on where it stands. */
  readonly seed?: number
  /** The task of the coming episodes, where the environment has several. */
  readonly task?: Task
}

/** All that decides an environment's future, as named float64 arrays. */
export type EnvSnapshot = Readonly<Record<string, Float64Array>>

/** An environment, with Gymnasium's meaning of every word. */
export interface Env<Task = unknown> {
  /** What it offers; the same record for its lifetime. */
  readonly spec: EnvSpec
  /** Starts an episode. A task that is none of its own is a RangeError. */
  reset(options?: ResetOptions<Task>): { readonly observation: Observation; readonly info: StepInfo }
  /** @throws RangeError when the action has the wrong length or a non-finite entry, Error before the first reset or after the end. */
  step(action: Float32Array): StepResult
  /** An exact copy of the state, generator included. */
  snapshot(): EnvSnapshot
  /** Continues from a snapshot, bit for bit. */
  restore(snapshot: EnvSnapshot): void
  /** Frees the physics. Every later call throws. */
  close(): void
}

// ------------------------------------------------------------------------------------------------------------------ algorithms

/** Types of the numbers in a tensor. */
export type DType = 'float32' | 'int32' | 'bool'

/** Shape and type of one tensor. */
export interface TensorSpec {
  /** Sizes of the axes; none for a scalar. */
  readonly shape: readonly number[]
  /** `float32` when absent. */
  readonly dtype?: DType
}

/** Shape and law of one tensor of random numbers: standard normal, or uniform on [0, 1). */
export interface NoiseSpec {
  /** Sizes of the axes; none for a scalar. */
  readonly shape: readonly number[]
  /** Standard normal, or uniform on [0, 1). */
  readonly law: 'normal' | 'uniform'
}

/** What an algorithm must know of the environment it learns. Every `EnvSpec` is one. */
export type AlgorithmSpec = Pick<EnvSpec, 'observation' | 'action'>

/** Observation groups as tensors of shape [B, length of the group]. */
export type ObservationBatch = { readonly [group: string]: Tensor2D }

/** A batch of B transitions. `discount` is 0 where the task ended and 1 elsewhere, time limits included. */
export type TransitionBatch = {
  /** Each group [B, n]. */
  readonly observation: ObservationBatch
  /** [B, A], in the environment's units. */
  readonly action: Tensor2D
  /** [B] */
  readonly reward: Tensor
  /** [B] */
  readonly discount: Tensor
  /** Each group [B, n]. */
  readonly nextObservation: ObservationBatch
}

/** Groups of observations of N environments, each [N, length of the group] in rows. */
export type ObservationRows = Observation

/** What a step of N environments gives. The record and its arrays are reused by the next step. */
export interface VectorStep {
  /** What the steps led to, ends of episodes included. */
  readonly nextObservation: ObservationRows
  /** What to act on now: of an episode that ended, the start of the next. */
  readonly observation: ObservationRows
  /** [N] */
  readonly reward: Float64Array
  /** [N], 1 or 0 */
  readonly terminated: Uint8Array
  /** [N], 1 or 0 */
  readonly truncated: Uint8Array
  /** [N, number of features], where the environments have them. */
  readonly features?: Float32Array
}

/** Several environments of one specification, stepped together. */
export interface VectorEnv {
  /** Of each environment. */
  readonly spec: EnvSpec
  /** N, the number of environments. */
  readonly size: number
  /**
   * Starts an episode in each. A seed gives every environment a seed of its own, derived from it and the index. Without one each goes on where
   * it stands, and starts as with the seed 0 where there was neither a reset nor a restore.
   */
  reset(options?: { readonly seed?: number }): { readonly observation: ObservationRows }
  /**
   * Steps each with its row of `actions` [N, A], and resets those whose episode ended.
   * @throws RangeError when the actions have the wrong length or a non-finite entry; no environment has moved then.
   */
  step(actions: Float32Array): VectorStep
  /** An exact copy of the state of each. */
  snapshot(): EnvSnapshot
  /** Continues from a snapshot of as many environments, bit for bit. */
  restore(snapshot: EnvSnapshot): void
  /** Closes each. */
  close(): void
}

/**
 * What an algorithm learns from.
 *
 * - `transitions`: batches drawn uniformly from a replay.
 * - `sequences`: batches of stretches of at most `length` successive steps, whose starts are drawn from a replay: uniformly, or with a
 *   `recency` β a start n steps older than another exp(−βn) times as often. With `episodes` a batch tells of the last that ended, too.
 * - `rollouts`: `length` steps of `environments` environments with the present policy, then `epochs` passes over them in minibatches.
 */
export type Experience =
  | { readonly kind: 'transitions' }
  | {
      readonly kind: 'sequences'
      readonly length: number
      /** β, in [0, 1]; 0 when absent. */
      readonly recency?: number
      /** How many episodes `StepsBatch.episodes` tells of; none when absent. */
      readonly episodes?: number
    }
  | {
      readonly kind: 'rollouts'
      readonly length: number
      readonly environments: number
      readonly epochs: number
    }

/**
 * The last N episodes that ended and are held from start to end, newest first; of several environments the newest of each in turn, then those
 * before. Both are 0 where an environment has had fewer.
 */
export type EpisodesBatch = {
  /** Sums of rewards, undiscounted. [N] */
  readonly returns: Tensor
  /** Steps. [N] */
  readonly lengths: Tensor
}

/** T successive steps of B pieces of experience, time first. */
export type StepsBatch = {
  /** Each group [T, B, n]. */
  readonly observation: { readonly [group: string]: Tensor3D }
  /** [T, B, A], in the environment's units. */
  readonly action: Tensor3D
  /** [T, B] */
  readonly reward: Tensor2D
  /** 0 where the task ended, 1 elsewhere, time limits included. [T, B] */
  readonly discount: Tensor2D
  /** What the steps led to, each group [T, B, n]. */
  readonly nextObservation: { readonly [group: string]: Tensor3D }
  /** 1 where row t + 1 is the step that follows row t, 0 where the episode or the stretch ended. [T, B] */
  readonly continues: Tensor2D
  /** 1 for a step, 0 for a row after the end of its stretch. [T, B] */
  readonly valid: Tensor2D
  /** The entries of `Algorithm.acting.record`, each [T, B, n]. */
  readonly record: { readonly [name: string]: Tensor3D }
  /** Where the experience is `sequences` and asks for them. */
  readonly episodes?: EpisodesBatch
}

/** Rows of numbers by name, each [B, n]. */
export type NamedRows = { readonly [name: string]: Tensor2D }

/** What acting gives for B observations. */
export type Acted = {
  /** [B, A], in the environment's units. */
  readonly action: Tensor2D
  /** For the next step of each episode: the entries of `Algorithm.acting.memory`. */
  readonly memory?: NamedRows
  /** What is kept beside the transitions: the entries of `Algorithm.acting.record`. */
  readonly record?: NamedRows
}

/** What `act` takes where acting carries memory. */
export type NoiseAndMemory = {
  /** As `Algorithm.noise.act` says. */
  readonly fresh: Tree<Tensor>
  /** The entries of `Algorithm.acting.memory`. */
  readonly memory: NamedRows
}

/** A gradient step. */
export interface GradientStep<State extends Tree<Tensor>, Batch extends Tree<Tensor>> {
  /** The next state, and scalars about the step. Pure: `state`, `batch` and `noise` are as `init`, `Algorithm.batch` and `Algorithm.noise` say. */
  update(
    state: State,
    batch: Batch,
    noise: Tree<Tensor>,
  ): { readonly state: State; readonly metrics: { readonly [name: string]: Scalar } }
}

/** Something that training has come to and that is hardly meant. */
export interface Advice {
  /** The metric that tells it. */
  readonly name: string
  /** What is so, and what to try. */
  readonly message: string
}

/**
 * An algorithm is a record of pure functions over trees of tensors: state in, state out, noise as an argument. Nothing in it draws,
 * mutates, or knows of environments, replay or files.
 */
export interface Algorithm<
  State extends Tree<Tensor> = Tree<Tensor>,
  Batch extends Tree<Tensor> = TransitionBatch,
> extends GradientStep<State, Batch> {
  /** The registered name, as in `sac`. */
  readonly id: string
  /** The environment that it was made for. */
  readonly spec: AlgorithmSpec
  /** The settings that it was made with, defaults filled in, as JSON can hold them: part of what identifies a run. */
  readonly config?: object
  /** What is legal in the configuration and hardly meant, for the user to read before training. */
  readonly warnings?: readonly string[]
  /**
   * Which setting makes numbers grow without bound, its value, and what to try, as in `lower rewardScale, which multiplies rewards by 100`: for
   * the message of a metric or a state that is not finite.
   */
  readonly remedy?: string
  /**
   * What metrics say that is hardly meant, from the means of a stretch of training or from one gradient step; training tells each name once.
   */
  readonly advise?: (metrics: Readonly<Record<string, number>>) => readonly Advice[]
  /** How many replays it learns from offline: one for each task that it was composed of. Without it any number. */
  readonly replays?: number
  /** The shapes that `update` expects of a batch. For rollouts, of a minibatch: a record of leaves, `weight` [B] among them. */
  readonly batch: Tree<TensorSpec>
  /** Shapes and laws of the noise that `act` (for a number of rows) and `update` take. */
  readonly noise: {
    /** Of acting for a number of rows. */
    readonly act: (rows: number) => Tree<NoiseSpec>
    /** Of a gradient step. */
    readonly update: Tree<NoiseSpec>
  }
  /** What acting hands on besides actions, as names and lengths. Absent: nothing. */
  readonly acting?: {
    /** Carried from step to step within an episode, from zeros at its start: noise that is correlated in time. */
    readonly memory?: Readonly<Record<string, number>>
    /**
     * Kept beside each transition, and part of batches of steps: what the action alone does not tell, as the value before a squash. An
     * algorithm that has any acts from the first step, warm-up included.
     */
    readonly record?: Readonly<Record<string, number>>
  }
  /** Where batches come from. Absent: transitions. */
  readonly experience?: Experience
  /** Gradient steps that take turns: the one of number u is `schedule[u mod length]`. Absent: every one is `update`. */
  readonly schedule?: readonly GradientStep<State, Batch>[]
  /** The initial state: parameters, optimiser states, targets, temperature. */
  init(key: Key): State
  /** Actions as the learner explores. Where acting carries memory, `noise` is a {@link NoiseAndMemory}. */
  act(state: State, observation: ObservationBatch, noise: Tree<Tensor>): Acted
  /**
   * For rollouts: what minibatches are cut from, computed once per rollout of T steps of B environments. The rows have the leaves of
   * `batch` but `weight`, each with T·B rows; `weight` is 1 for the rows of a minibatch and 0 for what fills up the last.
   */
  prepare?(state: State, rollout: StepsBatch): { readonly state: State; readonly rows: Tree<Tensor> }
  /** Actions [B, A] as evaluation takes them, without noise. */
  actDeterministic(state: State, observation: ObservationBatch): { readonly action: Tensor2D }
}

/** An algorithm of whatever state and batches: what loops take. */
export type AnyAlgorithm = Algorithm<Tree<Tensor>, Tree<Tensor>>
