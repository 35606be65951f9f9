import type { EnvId } from '@maxent/envs'
import { makeEnv } from '@maxent/envs'
import { createBareLoop } from '@maxent/envs/diagnostics'

/** Blocks of steps with and without vision and of bare physics, in turn. */
const BLOCKS = 9

/** What a picture costs a body. */
export interface FrameRate {
  /** Pictures per second of the processor's time. */
  readonly framesPerSecond: number
  /** The same in steps of the bare half-cheetah, which slow down with the machine. */
  readonly halfCheetahSteps: number
}

/** Seconds of the processor's time. */
function seconds(run: () => void): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]

/** What pictures add to the steps of an environment. */
export async function frameRate(id: EnvId, steps = 100): Promise<FrameRate> {
  const envs = await Promise.all([true, false].map((vision) => makeEnv(id, { vision })))
  const cheetah = await makeEnv('half-cheetah')
  const bare = await createBareLoop('half-cheetah')
  cheetah.reset({ seed: 1 })
  const start = cheetah.snapshot()
  const still = Array.from({ length: steps }, () => new Float32Array(6))
  const action = new Float32Array(envs[0].spec.action.low.length)
  const [seeing, blind, physics]: [number[], number[], number[]] = [[], [], []]
  for (let block = 0; block < BLOCKS; block++) {
    for (const [i, times] of [seeing, blind].entries()) {
      envs[i].reset({ seed: block })
      times.push(
        seconds(() => {
          for (let step = 0; step < steps; step++) {
            const { terminated, truncated } = envs[i].step(action)
            if (terminated || truncated) envs[i].reset()
          }
        }),
      )
    }
    bare.restore(start)
    physics.push(seconds(() => void bare.run(still)))
  }
  for (const env of [...envs, cheetah, bare]) env.close()
  const frame = (median(seeing) - median(blind)) / steps
  return { framesPerSecond: 1 / frame, halfCheetahSteps: frame / (median(physics) / steps) }
}
