/**
 * What a step of each environment leaves on the heap, each in a process of its own:
 * `node --conditions=@maxent/source scripts/garbage.ts [id...]` in packages/envs. Status 1 where one leaves more than it may.
 */
import { execFile } from 'node:child_process'
import process, { argv, execPath, memoryUsage } from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { EnvId } from '@maxent/envs'
import { envId, listEnvs, makeEnv } from '@maxent/envs'

const run = promisify(execFile)

/** At most so many steps and seconds until the engine has compiled what runs often; then steps of a round, and rounds. */
const WARM_UP = { steps: 20_000, seconds: 3 }
const STEPS = 500
const ROUNDS = 9
/** The first argument of the process that measures. */
const HERE = '--here'
/**
 * Bytes that a step may leave: twelve boxed numbers of 16 bytes, less than two of the smallest typed arrays take. The engine boxes a
 * number where functions that it did not inline hand one to each other; the clock of MuJoCo is one in every step.
 */
export const mostGarbage: number = 12 * 16

/** Bytes per step of an environment in a fresh process. */
export async function garbageOf(id: EnvId): Promise<number> {
  const script = fileURLToPath(import.meta.url)
  const { stdout } = await run(execPath, ['--expose-gc', '--conditions=@maxent/source', script, HERE, id])
  return Number(stdout)
}

/** Bytes per step in this process, the median of some rounds. Bringing back an episode that ended does not count. */
async function measureGarbage(id: EnvId): Promise<number> {
  const env = await makeEnv(id, { maxEpisodeSteps: 10_000_000 })
  const action = Float32Array.from(env.spec.action.high, (high) => high / 10)
  env.reset({ seed: 1 })
  const start = env.snapshot()
  const perStep = (steps: number): number => {
    let taken = 0
    for (let done = 0; done < steps;) {
      env.restore(start)
      const before = memoryUsage().heapUsed
      for (let ended = false; !ended && done < steps; done++) ended = env.step(action).terminated
      taken += memoryUsage().heapUsed - before
    }
    return taken / steps
  }
  for (let done = 0; done < WARM_UP.steps && process.cpuUsage().user < WARM_UP.seconds * 1e6; done += STEPS)
    perStep(STEPS)
  const rounds: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    globalThis.gc?.()
    rounds.push(perStep(STEPS))
  }
  env.close()
  return rounds.sort((a, b) => a - b)[ROUNDS >> 1]
}

if (import.meta.main) {
  const [mode, ...ids] = argv.slice(2)
  if (mode === HERE) console.log(await measureGarbage(envId(ids[0])))
  else {
    const asked = mode === undefined ? listEnvs().map(({ id }) => id) : [mode, ...ids].map(envId)
    for (const id of asked) {
      const bytes = await garbageOf(id)
      console.log(`${id.padEnd(28)}${bytes.toFixed(0).padStart(6)} bytes per step`)
      if (bytes > mostGarbage) process.exitCode = 1
    }
  }
}
