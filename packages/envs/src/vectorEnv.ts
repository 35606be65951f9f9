import type { Env, Observation, VectorEnv } from '@maxent/core/contracts'
import { foldIn, key } from '@maxent/core/keys'

export type { ObservationRows, VectorEnv, VectorStep } from '@maxent/core/contracts'

/**
 * Several environments as one, with contiguous arrays. Nothing is allocated in a step, and an environment runs as it does alone. A first
 * reset without a seed is one with the seed 0, unless a snapshot was restored before. What an environment throws comes with its index.
 *
 * @throws RangeError when there is no environment, one is there twice, or groups, actions or features differ.
 */
export function vectorEnv(envs: readonly Env[]): VectorEnv {
  checkAlike(envs)
  const { spec } = envs[0]
  const size = envs.length
  const actionSize = spec.action.low.length
  const groups = Object.entries(spec.observation)
  const rows = (): Record<string, Float32Array> =>
    Object.fromEntries(groups.map(([name, length]) => [name, new Float32Array(size * length)]))
  const observation = rows()
  const width = spec.features?.length ?? 0
  const features = new Float32Array(size * width)
  const result = {
    nextObservation: rows(),
    observation,
    reward: new Float64Array(size),
    terminated: new Uint8Array(size),
    truncated: new Uint8Array(size),
    ...(spec.features === undefined ? {} : { features }),
  }
  const started = { observation }
  const action = new Float32Array(actionSize)
  const copy = (from: Observation, to: Readonly<Record<string, Float32Array>>, i: number): void => {
    for (const [name, length] of groups) {
      if (from[name]?.length !== length) throw lengthError(name, length, from[name]?.length)
      to[name].set(from[name], i * length)
    }
  }
  const checkActions = (actions: Float32Array): void => {
    if (actions.length !== size * actionSize) {
      throw new RangeError(
        `step: actions must have the length ${size * actionSize} (${size} rows of ${actionSize}), got ${actions.length}`,
      )
    }
    for (let i = 0; i < actions.length; i++) {
      if (Number.isFinite(actions[i])) continue
      throw new RangeError(
        `step: actions must be finite, got ${actions[i]} at index ${i % actionSize} of row ${Math.floor(i / actionSize)}`,
      )
    }
  }
  const stepOne = (i: number, actions: Float32Array): void => {
    for (let j = 0; j < actionSize; j++) action[j] = actions[i * actionSize + j]
    const step = envs[i].step(action)
    const ended = step.terminated || step.truncated
    copy(step.observation, result.nextObservation, i)
    if (!ended) copy(step.observation, observation, i)
    result.reward[i] = step.reward
    result.terminated[i] = Number(step.terminated)
    result.truncated[i] = Number(step.truncated)
    if (step.features !== undefined) features.set(step.features, i * width)
    if (ended) copy(envs[i].reset().observation, observation, i)
  }
  let seeded = false
  return {
    spec,
    size,
    reset: ({ seed = seeded ? undefined : 0 } = {}) => {
      const seeds = seed === undefined ? undefined : envs.map((_, i) => seedOf(seed, i))
      let i = 0
      try {
        for (; i < size; i++) {
          const start = seeds === undefined ? envs[i].reset() : envs[i].reset({ seed: seeds[i] })
          copy(start.observation, observation, i)
        }
      } catch (cause) {
        throw failureOf(`reset: environment ${i} of ${size}`, cause)
      }
      seeded = true
      return started
    },
    step: (actions) => {
      checkActions(actions)
      let i = 0
      try {
        for (; i < size; i++) stepOne(i, actions)
      } catch (cause) {
        throw failureOf(`step: environment ${i} of ${size}`, cause)
      }
      return result
    },
    snapshot: () => {
      const entries = envs.flatMap((env, i) =>
        Object.entries(env.snapshot()).map(([name, values]) => [`${i}.${name}`, values] as const),
      )
      return Object.fromEntries(entries)
    },
    restore: (snapshot) => {
      const entries = Object.entries(snapshot)
      checkSize(Object.keys(snapshot), size)
      for (const [i, env] of envs.entries()) {
        const own = entries.filter(([name]) => name.startsWith(`${i}.`))
        env.restore(Object.fromEntries(own.map(([name, values]) => [name.slice(`${i}.`.length), values])))
      }
      seeded = true
    },
    close: () => {
      for (const env of envs) env.close()
    },
  }
}

/** 53 bits of the key (seed, i): environments of different seeds or indices share no episodes. */
function seedOf(seed: number, i: number): number {
  const [high, low] = foldIn(key(seed), i)
  return (high >>> 11) * 2 ** 32 + low
}

function lengthError(name: string, length: number, got: number | undefined): RangeError {
  return new RangeError(
    `observation.${name} must have the length ${length} of spec.observation, got ${got ?? 'none'}`,
  )
}

/** The error of one environment, of the same kind, that says which it is. */
function failureOf(where: string, cause: unknown): Error {
  const message = `${where}, counted from 0: ${cause instanceof Error ? cause.message : String(cause)}`
  const Kind = cause instanceof RangeError ? RangeError : cause instanceof TypeError ? TypeError : Error
  return new Kind(message, { cause })
}

/** Names in a snapshot begin with the number of their environment. There are none where environments have no state. */
function checkSize(names: readonly string[], size: number): void {
  if (names.length === 0) return
  const found = new Set(names.map((name) => /^\d+(?=\.)/.exec(name)?.[0]))
  found.delete(undefined)
  if (found.size === size && Array.from({ length: size }, (_, i) => `${i}`).every((i) => found.has(i))) return
  throw new RangeError(
    `restore: snapshot must be of ${size} environments, got one of ${found.size}, take it from a vector of as many`,
  )
}

function checkAlike(envs: readonly Env[]): void {
  if (envs.length === 0) throw new RangeError('vectorEnv: envs must have an environment, got none')
  const parts = ({ spec }: Env): string[] =>
    [Object.entries(spec.observation), spec.action, spec.features ?? []].map((part) => JSON.stringify(part))
  const first = parts(envs[0])
  for (const [i, env] of envs.entries()) {
    if (envs.indexOf(env) !== i) {
      throw new RangeError(
        `vectorEnv: envs must be distinct, got one at ${envs.indexOf(env)} and ${i}, make another`,
      )
    }
    const found = parts(env)
    for (const [j, part] of ['observation', 'action', 'features'].entries()) {
      if (found[j] === first[j]) continue
      throw new RangeError(
        `vectorEnv: envs must have the same spec.${part} as envs[0], ${first[j]}, got ${found[j]} at index ${i}`,
      )
    }
  }
}
