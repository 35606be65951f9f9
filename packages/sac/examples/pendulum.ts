/** Soft actor-critic swings up Pendulum-v1: `node --conditions=@maxent/source examples/pendulum.ts [steps] [seed]`. */
import { makeEnv } from '@maxent/envs'
import { sac } from '@maxent/sac'
import { train } from '@maxent/train'
import type { TrainEvent } from '@maxent/train'

const steps = Number(process.argv[2] ?? 10_000)
const seed = Number(process.argv[3] ?? 1)

const env = await makeEnv('pendulum')
const evalEnv = await makeEnv('pendulum')

const report = (event: TrainEvent): void => {
  if (event.kind !== 'evaluation') return
  const { step, returnMean, returnStd } = event.line
  console.log(`step ${step}: return ${returnMean.toFixed(1)} ± ${returnStd.toFixed(1)}`)
}

const { evaluation, stepsPerSecond, stateHash } = await train({
  env,
  evalEnv,
  algorithm: sac(env.spec),
  config: { steps, warmupSteps: Math.min(1_000, steps / 2), evaluateEvery: 1_000, finalEpisodes: 20 },
  seed,
  onProgress: report,
})
console.log(`${evaluation?.returns.length} episodes: ${evaluation?.returnMean.toFixed(1)}`)
console.log(`${stepsPerSecond.toFixed(0)} steps/s, state ${stateHash.slice(0, 12)}`)

env.close()
evalEnv.close()
