import type { Env, Observation } from '@maxent/core/contracts'
import { foldIn, key } from '@maxent/core/keys'
import { stepEnv } from './environmentError.ts'
import { eventLoopTurn } from './eventLoopTurn.ts'
import { assertFinite, assertFiniteObservation, assertFiniteStep } from './finite.ts'
import { checkObservation } from './observation.ts'
import { createStopwatch } from './stopwatch.ts'

/** What {@link evaluate} takes. */
export interface EvaluateOptions {
  /** Reset by the evaluation: not the environment that is being trained on. */
  readonly env: Env
  /** The action for an observation, in the environment's units. */
  readonly act: (observation: Observation) => Float32Array | Promise<Float32Array>
  /** Whole episodes to run, at least 1. */
  readonly episodes: number
  /** Episode i starts from a seed that depends on (seed, i) only. */
  readonly seed: number
  /** Ends the evaluation early, within an episode too: it then gives `undefined`. */
  readonly signal?: AbortSignal
}

/** One entry per episode. */
export interface Evaluation {
  /** Undiscounted sums of rewards. */
  readonly returns: readonly number[]
  /** Steps. */
  readonly lengths: readonly number[]
}

/** Runs whole episodes and gives their undiscounted returns and lengths. */
export async function evaluate(options: EvaluateOptions & { readonly signal?: never }): Promise<Evaluation>
export async function evaluate(options: EvaluateOptions): Promise<Evaluation | undefined>
export async function evaluate({
  env,
  act,
  episodes,
  seed,
  signal,
}: EvaluateOptions): Promise<Evaluation | undefined> {
  if (!Number.isInteger(episodes) || episodes < 1) {
    throw new RangeError(`evaluate: episodes must be a positive integer, got ${episodes}`)
  }
  const returns: number[] = []
  const lengths: number[] = []
  const watch = createStopwatch()
  for (let episode = 0; episode < episodes; episode++) {
    await eventLoopTurn()
    const start = foldIn(foldIn(key(seed), 'evaluate'), episode)[0]
    let { observation } = env.reset({ seed: start })
    checkObservation('evaluate', env.spec.observation, observation)
    assertFiniteObservation('evaluate', observation)
    let total = 0
    for (let length = 1; ; length++) {
      if (signal?.aborted === true) return undefined
      // An episode may last for ever.
      if (watch.tick()) await eventLoopTurn()
      const action = await act(observation)
      assertFinite('evaluate', 'action', action)
      const result = stepEnv(env, action, () => ({ caller: 'evaluate', step: length, seed: start }))
      assertFiniteStep('evaluate', result)
      total += result.reward
      observation = result.observation
      if (!result.terminated && !result.truncated) continue
      returns.push(total)
      lengths.push(length)
      break
    }
  }
  return { returns, lengths }
}

/** Mean and standard deviation (of the sample, divisor n - 1; 0 for one value). */
export function meanAndStd(values: readonly number[]): { readonly mean: number; readonly std: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, std: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) }
}
