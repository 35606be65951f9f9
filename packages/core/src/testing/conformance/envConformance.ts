import type { Env, EnvSnapshot, Observation, StepInfo, StepResult } from '../../contracts.ts'
import { fillUniform, foldIn, key } from '../../keys/index.ts'
import { assert, assertThrows, registerChecks, type Check } from './checks.ts'

export interface EnvConformanceOptions {
  /** What the group of tests is called. */
  readonly name: string
  /** A new environment, as users make it. */
  make(): Env | Promise<Env>
  /** What seeds decide: `trajectories` when absent, `nothing` where every episode starts and runs the same. */
  readonly seeds?: 'trajectories' | 'nothing'
}

/** Tests that an environment keeps the `Env` contract. Called at the top of a test file. */
export function envConformance(options: EnvConformanceOptions): void {
  registerChecks(`${options.name} keeps the environment contract`, envChecks(options))
}

/** The properties that {@link envConformance} tests. */
export function envChecks(options: EnvConformanceOptions): readonly Check[] {
  const check = (title: string, run: (env: Env) => void | Promise<void>): Check => ({
    title,
    run: () => withEnv(options, run),
  })
  const checks = [
    check('has a valid specification', checkSpec),
    check('gives finite observations and rewards of the specified shapes', checkValues),
    check('repeats a trajectory from its seed', async (env) => {
      const first = play(env, { seed: 7, steps: 300 })
      await withEnv(options, (other) =>
        assertSame('a second environment', first, play(other, { seed: 7, steps: 300 })),
      )
      assertSame('the same environment reset again', first, play(env, { seed: 7, steps: 300 }))
    }),
    check('is not disturbed by another environment of its kind', async (env) => {
      const alone = play(env, { seed: 3, steps: 100 })
      await withEnv(options, (other) => {
        other.reset({ seed: 4 })
        const disturb = (): void => {
          const { terminated, truncated } = other.step(randomAction(other, 0))
          if (terminated || truncated) other.reset()
        }
        assertSame('interleaved with another', alone, play(env, { seed: 3, steps: 100 }, disturb))
      })
    }),
    check('continues bit for bit from a snapshot, through resets', async (env) => {
      for (const before of [0, 1, 40]) {
        play(env, { seed: 11, steps: before })
        const snapshot = env.snapshot()
        const copy = copyOf(snapshot)
        const first = continued(env, before, 1000)
        env.snapshot()
        assert(
          sameSnapshot(snapshot, copy),
          () => 'a snapshot must be a copy, got one that later calls change',
        )
        env.restore(snapshot)
        assertSame(`restored after ${before} steps`, first, continued(env, before, 1000))
        await withEnv(options, (other) => {
          other.reset({ seed: 99 })
          other.restore(copy)
          assertSame(`restored after ${before} steps elsewhere`, first, continued(other, before, 1000))
        })
      }
    }),
    check('snapshots what it restored', (env) => {
      play(env, { seed: 5, steps: 20 })
      const snapshot = copyOf(env.snapshot())
      continued(env, 20, 30)
      env.restore(snapshot)
      assert(
        sameSnapshot(env.snapshot(), snapshot),
        () => 'a snapshot right after restore must equal the one restored',
      )
    }),
    check('goes on with its generator when reset without a seed', async (env) => {
      const starts = (from: Env): string[] =>
        [{ seed: 2 }, {}, {}].map((options) => startBits(from.reset(options)))
      const first = starts(env)
      await withEnv(options, (other) => {
        assert(
          first.join() === starts(other).join(),
          () => 'resets without a seed must follow from the last seed, got other starts',
        )
      })
      if (options.seeds === 'nothing') return
      assert(
        new Set(first).size === 3,
        () => 'resets without a seed must draw new starts, got the same start again',
      )
    }),
    check(
      'refuses actions of a wrong length and actions that are not finite, and stays as it was',
      checkActions,
    ),
    check('neither changes nor keeps the action', (env) => {
      const size = env.spec.action.low.length
      play(env, { seed: 8, steps: 2 })
      const snapshot = env.snapshot()
      const once = continued(env, 2, 2)
      env.restore(snapshot)
      const action = randomAction(env, 2)
      const bits = bitsOf(action)
      const first = recordStep(env, env.step(action))
      assert(bitsOf(action) === bits, () => 'step must leave the action as it is')
      action.fill(env.spec.action.high[0], 0, size)
      assertSame('with the first action overwritten later', once, [...first, ...continued(env, 3, 1)])
    }),
    check('refuses to step before the first reset and after the end', (env) => {
      assertThrows('step before the first reset', Error, () => env.step(randomAction(env, 0)))
      env.reset({ seed: 1 })
      if (runToEnd(env) === undefined) return
      assertThrows('step after the end', Error, () => env.step(randomAction(env, 0)))
      env.reset()
      env.step(randomAction(env, 0))
    }),
    check('truncates at its time limit, and only there', checkTimeLimit),
    check('refuses every call after close', (env) => {
      env.reset({ seed: 1 })
      const snapshot = env.snapshot()
      env.close()
      assertThrows('reset after close', Error, () => env.reset())
      assertThrows('step after close', Error, () => env.step(randomAction(env, 0)))
      assertThrows('snapshot after close', Error, () => env.snapshot())
      assertThrows('restore after close', Error, () => env.restore(snapshot))
    }),
    check('refuses seeds that are not integers from 0 to 2^53 − 1', (env) => {
      for (const seed of [-1, 0.5, 2 ** 53, NaN])
        assertThrows(`reset with the seed ${seed}`, RangeError, () => env.reset({ seed }))
      env.reset({ seed: Number.MAX_SAFE_INTEGER })
    }),
  ]
  const seeded = check('gives other trajectories for other seeds', (env) => {
    const [first, second] = [1, 2].map((seed) => play(env, { seed, steps: 20 }).join())
    assert(first !== second, () => 'trajectories of the seeds 1 and 2 must differ, got the same')
  })
  return options.seeds === 'nothing' ? checks : [...checks, seeded]
}

async function withEnv(
  options: EnvConformanceOptions,
  run: (env: Env) => void | Promise<void>,
): Promise<void> {
  const env = await options.make()
  try {
    await run(env)
  } finally {
    env.close()
  }
}

/** The action at step `t` of every trajectory here: uniform in the box, at a bound one time in eight. */
function randomAction(env: Env, t: number): Float32Array {
  const { low, high } = env.spec.action
  const draws = new Float32Array(2 * low.length)
  fillUniform(foldIn(key(123), t), draws)
  return Float32Array.from(low, (from, i) => {
    const extreme = draws[low.length + i]
    return extreme < 1 / 16 ? from : extreme < 1 / 8 ? high[i] : from + draws[i] * (high[i] - from)
  })
}

/** Resets with the seed and takes the steps; everything seen, as text that is equal only for equal bits. */
function play(
  env: Env,
  run: { readonly seed: number; readonly steps: number },
  between?: () => void,
): string[] {
  return [startBits(env.reset({ seed: run.seed })), ...continued(env, 0, run.steps, between)]
}

function continued(env: Env, from: number, steps: number, between?: () => void): string[] {
  const seen: string[] = []
  for (let t = from; t < from + steps; t++) {
    between?.()
    seen.push(...recordStep(env, env.step(randomAction(env, t))))
  }
  return seen
}

/** What a step showed, and the start of the next episode when it ended one. */
function recordStep(env: Env, result: StepResult): string[] {
  const { observation, reward, terminated, truncated, info, features } = result
  const seen = [
    observationBits(observation),
    bitsOf(Float64Array.of(reward)),
    `${terminated}/${truncated}`,
    infoBits(info),
  ]
  if (features !== undefined) seen.push(bitsOf(features))
  return terminated || truncated ? [seen.join('|'), startBits(env.reset())] : [seen.join('|')]
}

function startBits(start: { readonly observation: Observation; readonly info: StepInfo }): string {
  return `${observationBits(start.observation)}|${infoBits(start.info)}`
}

function observationBits(observation: Observation): string {
  return Object.entries(observation)
    .map(([name, values]) => `${name}:${bitsOf(values)}`)
    .join()
}

function infoBits(info: StepInfo): string {
  return Object.entries(info)
    .map(([name, value]) => `${name}:${bitsOf(Float64Array.of(value))}`)
    .join()
}

function bitsOf(values: Float32Array | Float64Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')
}

function assertSame(what: string, expected: readonly string[], got: readonly string[]): void {
  const at = expected.findIndex((seen, i) => seen !== got[i])
  assert(
    at < 0 && expected.length === got.length,
    () => `${what}, a trajectory must repeat bit for bit, got another from record ${at}`,
  )
}

function copyOf(snapshot: EnvSnapshot): EnvSnapshot {
  return Object.fromEntries(Object.entries(snapshot).map(([name, values]) => [name, values.slice()]))
}

function sameSnapshot(a: EnvSnapshot, b: EnvSnapshot): boolean {
  const text = (snapshot: EnvSnapshot): string =>
    Object.keys(snapshot)
      .sort()
      .map((name) => `${name}:${bitsOf(snapshot[name])}`)
      .join()
  return text(a) === text(b)
}

function checkSpec({ spec }: Env): void {
  const isCount = (n: number): boolean => Number.isInteger(n) && n >= 1
  assert(spec.id.length > 0, () => 'spec.id must not be empty')
  const groups = Object.entries(spec.observation)
  assert(groups.length > 0, () => 'spec.observation must have a group')
  for (const [name, length] of groups)
    assert(isCount(length), () => `spec.observation.${name} must be a positive integer, got ${length}`)
  const { low, high } = spec.action
  assert(
    low.length === high.length && low.length > 0,
    () => `spec.action must have bounds of one length, got ${low.length} and ${high.length}`,
  )
  for (const [i, from] of low.entries()) {
    const sound = Number.isFinite(from) && Number.isFinite(high[i]) && from < high[i]
    assert(sound, () => `spec.action must have finite low[${i}] < high[${i}], got ${from} and ${high[i]}`)
  }
  const limit = spec.maxEpisodeSteps ?? 1
  assert(isCount(limit), () => `spec.maxEpisodeSteps must be a positive integer, got ${limit}`)
  const features = spec.features ?? ['feature']
  assert(
    features.length > 0 && new Set(features).size === features.length,
    () => 'spec.features must be distinct names',
  )
}

function checkValues(env: Env): void {
  checkObservation(env, env.reset({ seed: 21 }))
  for (let t = 0; t < 1000; t++) {
    const result = env.step(randomAction(env, t))
    checkObservation(env, result)
    assert(Number.isFinite(result.reward), () => `reward must be finite, got ${result.reward} at step ${t}`)
    assert(
      typeof result.terminated === 'boolean' && typeof result.truncated === 'boolean',
      () => 'terminated and truncated must be booleans',
    )
    const { features } = result
    assert(
      features?.length === env.spec.features?.length,
      () => `features must be as spec.features says, got ${features?.length} of them`,
    )
    assert(features?.every(Number.isFinite) ?? true, () => `features must be finite at step ${t}`)
    if (result.terminated || result.truncated) checkObservation(env, env.reset())
  }
}

function checkObservation(
  env: Env,
  seen: { readonly observation: Observation; readonly info: StepInfo },
): void {
  const names = Object.keys(env.spec.observation).join()
  assert(
    Object.keys(seen.observation).join() === names,
    () =>
      `observation must have the groups ${names} in this order, got ${Object.keys(seen.observation).join()}`,
  )
  for (const [name, values] of Object.entries(seen.observation)) {
    const length = env.spec.observation[name]
    assert(values instanceof Float32Array, () => `observation.${name} must be a Float32Array`)
    assert(
      values.length === length,
      () => `observation.${name} must have length ${length}, got ${values.length}`,
    )
    assert(
      values.every(Number.isFinite),
      () => `observation.${name} must be finite, got [${values.join(', ')}]`,
    )
  }
  for (const [name, value] of Object.entries(seen.info)) {
    assert(Number.isFinite(value), () => `info.${name} must be a finite number, got ${value}`)
  }
}

function checkActions(env: Env): void {
  const size = env.spec.action.low.length
  play(env, { seed: 9, steps: 3 })
  const before = copyOf(env.snapshot())
  for (const length of [0, size - 1, size + 1]) {
    if (length === size) continue
    assertThrows(`an action of length ${length}`, RangeError, () => env.step(new Float32Array(length)))
  }
  for (const value of [NaN, Infinity, -Infinity]) {
    const action = randomAction(env, 0)
    action[size - 1] = value
    assertThrows(`an action with ${value}`, RangeError, () => env.step(action))
  }
  assert(sameSnapshot(env.snapshot(), before), () => 'a refused action must leave the state as it was')
}

/** The number of steps an episode took, and its last step, or nothing when it has no end within 20,000 steps. */
function runToEnd(env: Env): { readonly steps: number; readonly terminated: boolean } | undefined {
  const most = env.spec.maxEpisodeSteps ?? 20_000
  for (let steps = 1; steps <= most; steps++) {
    const { terminated, truncated } = env.step(randomAction(env, steps))
    if (!truncated && !terminated) continue
    assert(
      !truncated || steps === env.spec.maxEpisodeSteps,
      () => `truncated must come at step ${env.spec.maxEpisodeSteps}, got it at ${steps}`,
    )
    return { steps, terminated }
  }
  assert(
    env.spec.maxEpisodeSteps === undefined,
    () => `an episode must end after ${most} steps, got one that goes on`,
  )
  return undefined
}

function checkTimeLimit(env: Env): void {
  for (let seed = 0; seed < 3; seed++) {
    env.reset({ seed })
    runToEnd(env)
  }
}
