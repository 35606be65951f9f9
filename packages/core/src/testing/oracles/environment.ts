import { checkFinite } from '../../check.ts'
import type { Env, EnvSnapshot, EnvSpec } from '../../contracts.ts'
import { fillNormal, fillUniform, foldIn, key as seedKey, type Key } from '../../keys/index.ts'

/** Random numbers of one environment, in sequence. */
interface Draws {
  /** On [0, 1). */
  uniform(): number
  /** Standard normal. */
  normal(): number
}

/** What tells one oracle environment from the others. */
export interface Dynamics {
  readonly spec: EnvSpec
  /** Draws the first state of an episode into `state`, which is also the observation. */
  start(state: Float64Array, draws: Draws): void
  /** One step in place. */
  advance(
    state: Float64Array,
    action: Float32Array,
    draws: Draws,
  ): { readonly reward: number; readonly terminated: boolean }
}

const fresh = 0
const running = 1
const ended = 2

/** An environment whose observation is its state, in one group named `state`. Without a seed it has the seed 0. */
export function oracleEnv(dynamics: Dynamics): Env {
  const { spec } = dynamics
  const limit = spec.maxEpisodeSteps ?? Infinity
  const state = new Float64Array(spec.observation.state)
  const observation = { state: new Float32Array(state.length) }
  const info = {}
  let key: Key = seedKey(0)
  let drawn = 0
  let stage = fresh
  let steps = 0
  let closed = false

  const one = new Float32Array(1)
  const draw = (fill: (key: Key, out: Float32Array) => void): number => {
    fill(foldIn(key, drawn++), one)
    return one[0]
  }
  const draws: Draws = { uniform: () => draw(fillUniform), normal: () => draw(fillNormal) }
  const checkOpen = (caller: string): void => {
    if (closed) throw new Error(`${caller}: environment must be open, got a closed one, make another`)
  }
  return {
    spec,
    reset: (options = {}) => {
      checkOpen('reset')
      if (options.seed !== undefined) {
        key = seedKey(options.seed)
        drawn = 0
      }
      dynamics.start(state, draws)
      observation.state.set(state)
      stage = running
      steps = 0
      return { observation, info }
    },
    step: (action) => {
      checkOpen('step')
      if (stage !== running) throw new Error('step: episode must be running, got none, call reset first')
      if (action.length !== spec.action.low.length) {
        throw new RangeError(`step: action must have length ${spec.action.low.length}, got ${action.length}`)
      }
      checkFinite('step', 'action', action)
      const { reward, terminated } = dynamics.advance(state, action, draws)
      observation.state.set(state)
      steps += 1
      const truncated = !terminated && steps >= limit
      if (terminated || truncated) stage = ended
      return { observation, reward, terminated, truncated, info }
    },
    snapshot: () => {
      checkOpen('snapshot')
      return {
        state: state.slice(),
        episode: Float64Array.of(stage, steps),
        generator: Float64Array.of(...key, drawn),
      }
    },
    restore: (snapshot) => {
      checkOpen('restore')
      state.set(part(snapshot, 'state', state.length))
      ;[stage, steps] = part(snapshot, 'episode', 2)
      const [high, low, count] = part(snapshot, 'generator', 3)
      key = [high, low]
      drawn = count
      observation.state.set(state)
    },
    close: () => {
      closed = true
    },
  }
}

function part(snapshot: EnvSnapshot, name: string, length: number): Float64Array {
  const values: Float64Array | undefined = snapshot[name]
  if (values?.length === length) return values
  throw new RangeError(
    `restore: snapshot.${name} must have length ${length}, got ${values?.length ?? 'nothing'}`,
  )
}

/** The box [−bound, bound]^size. */
export function box(size: number, bound = 1): EnvSpec['action'] {
  return { low: Array<number>(size).fill(-bound), high: Array<number>(size).fill(bound) }
}
