/** What must come out the same in Node and in a browser: functions of plain data that run in both. */
import { fillIntegers, foldIn, key, normal, uniformAction } from '@maxent/core'
import { makeEnv, type EnvId } from '@maxent/envs'
import { loadPolicy } from '@maxent/jit'
import { sac } from '@maxent/sac'
import { batchOf, createAgent, exportPolicy, train, type Agent, type BatchArrays } from '@maxent/train'
import { pendulumSac, warmupSteps } from '../pendulum.ts'

const pendulum = { observation: { proprio: 3 }, action: { low: [-2], high: [2] } }

/** Transitions of Pendulum, row after row. */
export interface Recording {
  readonly observation: readonly number[]
  readonly action: readonly number[]
  readonly reward: readonly number[]
  readonly nextObservation: readonly number[]
}

/** Records Pendulum under uniform actions. */
export async function record(steps: number): Promise<Recording> {
  const env = await makeEnv('pendulum')
  const recording = { observation: [], action: [], reward: [], nextObservation: [] } as {
    readonly [name in keyof Recording]: number[]
  }
  const action = new Float32Array(1)
  let ended = true
  let { observation } = env.reset({ seed: 1 })
  for (let step = 0; step < steps; step++) {
    if (ended) ({ observation } = env.reset())
    recording.observation.push(...observation.proprio)
    recording.action.push(...uniformAction(foldIn(key(2), step), pendulum.action, action))
    const result = env.step(action)
    recording.reward.push(result.reward)
    recording.nextObservation.push(...result.observation.proprio)
    observation = result.observation
    ended = result.terminated || result.truncated
  }
  env.close()
  return recording
}

/** SAC with 64x64 networks, and fresh batches of 256 for it: those of update i are decided by i alone. */
async function learner(
  recording: Recording,
): Promise<{ agent: Agent; batch: (update: number) => BatchArrays }> {
  const algorithm = sac(pendulum, { hidden: [64, 64] })
  const agent = await createAgent({ algorithm, key: key(3) })
  const arrays = batchOf(algorithm)
  arrays.discount.fill(1)
  const rows = new Int32Array(arrays.reward.length)
  return {
    agent,
    batch: (update) => {
      fillIntegers(foldIn(key(4), update), rows, recording.reward.length)
      rows.forEach((from, to) => {
        arrays.action[to] = recording.action[from]
        arrays.reward[to] = recording.reward[from]
        for (let i = 0; i < 3; i++) {
          arrays.observation.proprio[3 * to + i] = recording.observation[3 * from + i]
          arrays.nextObservation.proprio[3 * to + i] = recording.nextObservation[3 * from + i]
        }
      })
      return arrays
    },
  }
}

/** The metrics of every one of so many updates of SAC. */
export async function sacUpdates(
  recording: Recording,
  updates: number,
): Promise<readonly Readonly<Record<string, number>>[]> {
  const { agent, batch } = await learner(recording)
  const metrics = []
  for (let update = 0; update < updates; update++)
    metrics.push(await agent.updateWithMetrics(batch(update), update))
  await agent.dispose()
  return metrics
}

let timed: Awaited<ReturnType<typeof learner>> | undefined
let timedUpdates = 0

/** Milliseconds per update of SAC over so many updates; the learner stays for the next call. */
export async function timeUpdates(recording: Recording, updates: number): Promise<number> {
  timed ??= await learner(recording)
  const end = timedUpdates + updates
  const start = performance.now()
  for (; timedUpdates < end; timedUpdates++) await timed.agent.update(timed.batch(timedUpdates), timedUpdates)
  return (performance.now() - start) / updates
}

/** Mean returns on Pendulum of the untrained policy, and of the one trained for so many steps. */
export async function trainPendulum(
  steps: number,
): Promise<{ readonly untrained: number; readonly trained: number }> {
  const [env, evalEnv] = [await makeEnv('pendulum'), await makeEnv('pendulum')]
  const run = { env, evalEnv, algorithm: sac(env.spec, pendulumSac), seed: 1 }
  const config = { warmupSteps, evaluateEvery: 0, finalEpisodes: 5 }
  const before = await train({ ...run, config: { ...config, steps: 1 } })
  const after = await train({ ...run, config: { ...config, steps } })
  env.close()
  evalEnv.close()
  return {
    untrained: before.evaluation?.returnMean ?? NaN,
    trained: after.evaluation?.returnMean ?? NaN,
  }
}

/** Observations and reward of every step of an environment under uniform actions. */
export async function trajectory(id: EnvId, steps: number): Promise<readonly number[]> {
  const env = await makeEnv(id)
  const action = new Float32Array(env.spec.action.low.length)
  const numbers: number[] = []
  let ended = true
  env.reset({ seed: 5 })
  for (let step = 0; step < steps; step++) {
    if (ended) for (const group of Object.values(env.reset().observation)) numbers.push(...group)
    const result = env.step(uniformAction(foldIn(key(6), step), env.spec.action, action))
    for (const group of Object.values(result.observation)) numbers.push(...group)
    numbers.push(result.reward)
    ended = result.terminated || result.truncated
  }
  env.close()
  return numbers
}

/** A policy after some updates, as the bytes of its file. */
export async function policyFile(recording: Recording): Promise<Uint8Array> {
  const { agent, batch } = await learner(recording)
  for (let update = 0; update < 50; update++) await agent.update(batch(update), update)
  const file = await exportPolicy({ algorithm: agent.algorithm, state: await agent.program.getState() })
  await agent.dispose()
  return file
}

/** Observation i of those that policies are compared on. */
export function observationAt(i: number): Float32Array {
  return normal(foldIn(key(7), i), 3)
}

/** What a policy does, and draws, at so many observations. */
export async function actions(
  file: Uint8Array,
  count: number,
): Promise<{ readonly action: readonly number[]; readonly sample: readonly number[] }> {
  const policy = await loadPolicy(file)
  const [action, sample]: number[][] = [[], []]
  for (let i = 0; i < count; i++) {
    sample.push(...(await policy.sample({ proprio: observationAt(i) }, foldIn(key(8), i))))
  }
  // Calls may overlap.
  const acting = Array.from({ length: count }, (_, i) => policy.act({ proprio: observationAt(i) }))
  for (const acted of await Promise.all(acting)) action.push(...acted)
  await policy.dispose()
  return { action, sample }
}

/** A loss of one update that is large enough for threads, and what the console was told. */
export async function updateOnThreads(threads: number): Promise<{
  readonly criticLoss: number
  readonly warnings: readonly string[]
}> {
  const warnings: string[] = []
  const { warn } = console
  console.warn = (message: string) => void warnings.push(message)
  try {
    const algorithm = sac(pendulum)
    const agent = await createAgent({ algorithm, key: key(3), mode: { kind: 'compiled', threads } })
    const { criticLoss } = await agent.updateWithMetrics(batchOf(algorithm), 0)
    await agent.dispose()
    return { criticLoss, warnings }
  } finally {
    console.warn = warn
  }
}
