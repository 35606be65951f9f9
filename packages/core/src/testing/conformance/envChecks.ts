/**
 * What every environment must hold to, as checks that need no test runner.
 * @module
 */
import { describeValue } from '../../check.ts'
import type { Env, EnvSnapshot, Observation, StepInfo, StepResult } from '../../contracts.ts'
import { fillUniform, foldIn, key } from '../../keys/index.ts'
import { choicesOf } from '../../spec/choicesOf.ts'
import { uniformAction } from '../../spec/uniformAction.ts'
import { assert, assertThrows, type Check } from './checks.ts'

/** How to make the environment that is checked. */
export interface EnvCheckOptions {
  /** A new environment, as users make it. */
  make(): Env | Promise<Env>
  /** What seeds decide: `trajectories` when absent, `nothing` where every episode starts and runs the same. */
  readonly seeds?: 'trajectories' | 'nothing'
}

/** What every environment must hold to. The first two come first because the others mean little without them. Needs no test runner. */
export function envChecks(options: EnvCheckOptions): readonly Check[] {
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
      // Once far enough to pass through resets; where an episode begins, a while shows what is missing.
      for (const [before, after] of [
        [0, 100],
        [1, 100],
        [40, 1000],
      ]) {
        play(env, { seed: 11, steps: before })
        const snapshot = env.snapshot()
        const copy = copyOf(snapshot)
        const first = continued(env, before, after)
        env.snapshot()
        assert(
          sameSnapshot(snapshot, copy),
          () => 'a snapshot must be a copy, got one that later calls change, return slices of the state',
        )
        env.restore(snapshot)
        assertSame(`restored after ${before} steps`, first, continued(env, before, after))
        await withEnv(options, (other) => {
          other.reset({ seed: 99 })
          other.restore(copy)
          assertSame(`restored after ${before} steps elsewhere`, first, continued(other, before, after))
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
      const starts = (from: Env): Seen[] =>
        [{ seed: 2 }, {}, {}].map((options, i) => ({
          call: `reset ${i}`,
          values: shown(from.reset(options)),
        }))
      const first = starts(env)
      await withEnv(options, (other) => {
        const found = difference(first, starts(other))
        assert(
          found === undefined,
          () =>
            `resets without a seed must follow from the last seed, got ${found}, draw from the generator that reset({ seed }) sets`,
        )
      })
      if (options.seeds === 'nothing') return
      assert(
        new Set(first.map(({ values }) => JSON.stringify(values))).size === 3,
        () =>
          'resets without a seed must draw new starts, got the same start again, let the generator go on when reset has no seed',
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
      const first = recordStep(env, env.step(action), 2)
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
    const [first, second] = [1, 2].map((seed) => play(env, { seed, steps: 20 }))
    assert(
      difference(first, second) !== undefined,
      () =>
        'trajectories of the seeds 1 and 2 must differ, got the same, draw from the generator that reset({ seed }) sets',
    )
  })
  return options.seeds === 'nothing' ? checks : [...checks, seeded]
}

async function withEnv(options: EnvCheckOptions, run: (env: Env) => void | Promise<void>): Promise<void> {
  const env = await options.make()
  try {
    await run(env)
  } finally {
    env.close()
  }
}

/** The action at step `t` of every trajectory here: uniform over the choices, or in the box, at a bound one time in eight. */
function randomAction(env: Env, t: number): Float32Array {
  const { low, high, choices } = env.spec.action
  if (choices !== undefined) return uniformAction(foldIn(key(123), t), env.spec.action, new Float32Array(1))
  const draws = new Float32Array(2 * low.length)
  fillUniform(foldIn(key(123), t), draws)
  return Float32Array.from(low, (from, i) => {
    const extreme = draws[low.length + i]
    return extreme < 1 / 16 ? from : extreme < 1 / 8 ? high[i] : from + draws[i] * (high[i] - from)
  })
}

/** Resets with the seed and takes the steps; everything seen. */
function play(
  env: Env,
  run: { readonly seed: number; readonly steps: number },
  between?: () => void,
): Seen[] {
  const start = { call: 'reset', values: shown(env.reset({ seed: run.seed })) }
  return [start, ...continued(env, 0, run.steps, between)]
}

/** What a call showed: numbers by their names in its result. */
interface Seen {
  readonly call: string
  readonly values: Readonly<Record<string, readonly number[]>>
}

function continued(env: Env, from: number, steps: number, between?: () => void): Seen[] {
  const seen: Seen[] = []
  for (let t = from; t < from + steps; t++) {
    between?.()
    seen.push(...recordStep(env, env.step(randomAction(env, t)), t))
  }
  return seen
}

/** What a step showed, and the start of the next episode when it ended one. */
function recordStep(env: Env, result: StepResult, t: number): Seen[] {
  const { reward, terminated, truncated, features = [] } = result
  const values = {
    ...shown(result),
    reward: [reward],
    terminated: [Number(terminated)],
    truncated: [Number(truncated)],
    features: [...features],
  }
  const seen = { call: `step ${t}`, values }
  return terminated || truncated
    ? [seen, { call: `reset after step ${t}`, values: shown(env.reset()) }]
    : [seen]
}

/** Observation and information by name. */
function shown(from: { readonly observation: Observation; readonly info: StepInfo }): Seen['values'] {
  const groups = Object.entries(from.observation).map(
    ([name, values]) => [`observation.${name}`, [...values]] as const,
  )
  const info = Object.entries(from.info).map(([name, value]) => [`info.${name}`, [value]] as const)
  return Object.fromEntries([...groups, ...info])
}

/** Where two trajectories part, or nothing when they are equal in every bit. */
function difference(expected: readonly Seen[], got: readonly Seen[]): string | undefined {
  for (const [i, { call, values }] of expected.entries()) {
    const other: Seen | undefined = got[i]
    if (other?.call !== call) return `an episode that ends elsewhere, before ${call}`
    const names = new Set([...Object.keys(values), ...Object.keys(other.values)])
    for (const name of names) {
      const [a, b] = [values[name] ?? [], other.values[name] ?? []]
      for (let j = 0; j < Math.max(a.length, b.length); j++)
        if (!Object.is(a[j], b[j])) return `${name}[${j}] = ${b[j]} instead of ${a[j]} at ${call}`
    }
  }
  return got.length === expected.length ? undefined : 'an episode that ends elsewhere'
}

function assertSame(what: string, expected: readonly Seen[], got: readonly Seen[]): void {
  const found = difference(expected, got)
  assert(found === undefined, () => `${what}, a trajectory must repeat bit for bit, got ${found}`)
}

function bitsOf(values: Float32Array | Float64Array): string {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).join()
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
  const { low, high, choices } = spec.action
  if (choices !== undefined) choicesOf('spec', spec.action)
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
  checkObservation(env, 'reset', env.reset({ seed: 21 }))
  for (let t = 0; t < 1000; t++) {
    const result = env.step(randomAction(env, t))
    checkObservation(env, `step ${t}`, result)
    assert(Number.isFinite(result.reward), () => `step ${t}: reward must be finite, got ${result.reward}`)
    assert(
      typeof result.terminated === 'boolean' && typeof result.truncated === 'boolean',
      () =>
        `step ${t}: terminated and truncated must be booleans, got ${describeValue(result.terminated)} and ${describeValue(result.truncated)}`,
    )
    const { features } = result
    assert(
      features?.length === env.spec.features?.length,
      () => `features must be as spec.features says, got ${features?.length} of them`,
    )
    assert(features?.every(Number.isFinite) ?? true, () => `features must be finite at step ${t}`)
    if (result.terminated || result.truncated) checkObservation(env, `reset after step ${t}`, env.reset())
  }
}

function checkObservation(
  env: Env,
  call: string,
  seen: { readonly observation: Observation; readonly info: StepInfo },
): void {
  const names = Object.keys(env.spec.observation).join()
  const found = Object.keys(seen.observation).join()
  assert(
    found === names,
    () =>
      `${call}: observation must have the groups ${names} of spec.observation in this order, got ${found}`,
  )
  for (const [name, values] of Object.entries(seen.observation)) {
    const where = `${call}: observation.${name} must`
    const length = env.spec.observation[name]
    assert(
      values instanceof Float32Array,
      () => `${where} be a Float32Array, got ${describeValue(values)}, copy it into one that is kept`,
    )
    assert(
      values.length === length,
      () => `${where} have the length ${length} of spec.observation.${name}, got ${values.length}`,
    )
    const at = values.findIndex((value) => !Number.isFinite(value))
    assert(at < 0, () => `${where} be finite, got ${values[at]} at index ${at}`)
  }
  for (const [name, value] of Object.entries(seen.info)) {
    assert(Number.isFinite(value), () => `${call}: info.${name} must be a finite number, got ${value}`)
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
  for (const choice of env.spec.action.choices === undefined ? [] : [-1, 0.5, env.spec.action.choices]) {
    assertThrows(`the choice ${choice}`, RangeError, () => env.step(Float32Array.of(choice)))
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
      () =>
        `truncated must come at step ${env.spec.maxEpisodeSteps} of an episode, as spec.maxEpisodeSteps says, got it at ${steps}, use terminated for ends of the task`,
    )
    return { steps, terminated }
  }
  assert(
    env.spec.maxEpisodeSteps === undefined,
    () =>
      `an episode must end after ${most} steps, as spec.maxEpisodeSteps says, got one that goes on, set truncated there`,
  )
  return undefined
}

function checkTimeLimit(env: Env): void {
  for (let seed = 0; seed < 3; seed++) {
    env.reset({ seed })
    runToEnd(env)
  }
}
