import { makeEnv } from '@maxent/envs'
import { sac } from '@maxent/sac'
import { train } from '@maxent/train'

const env = await makeEnv('pendulum')
const evalEnv = await makeEnv('pendulum')
const algorithm = sac(env.spec, { hidden: [64, 64] })
const config = { steps: 2_000, warmupSteps: 500, evaluateEvery: 0 }
const result = await train({ env, evalEnv, algorithm, seed: 1, config })
console.log(result.outcome, result.evaluation?.returnMean, result.stateHash)
env.close()
evalEnv.close()
