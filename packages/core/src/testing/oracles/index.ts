export { banditEnv, banditOptimum, type BanditOptions } from './bandit.ts'
export { boxGibbs, type Gibbs } from './boxGibbs.ts'
export { constantRewardEnv, constantRewardOptimum, type ConstantRewardOptions } from './constantReward.ts'
export { identityEnv } from './identity.ts'
export {
  linearQuadraticEnv,
  linearQuadraticOptimum,
  type LinearQuadraticOptimum,
  type LinearQuadraticOptions,
} from './linearQuadratic.ts'
export { mdpEnv, type MdpEnvOptions } from './mdp.ts'
