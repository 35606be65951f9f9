import { mlp, ravel } from '@maxent/core'
import type { SacConfig } from './config.ts'
import { entropyRange } from './entropyRange.ts'
import { layers } from './layers.ts'
import type { PolicyHead, PolicyNetwork, PolicySizes } from './policy.ts'
import { policyHead } from './policyHeads.ts'
import { realNvpPolicy } from './realNvpPolicy.ts'

/** The policy that is configured: a network whose outputs a head reads, or a flow. */
export function policyNetwork(config: SacConfig, { inputs, actions }: PolicySizes): PolicyNetwork {
  const { policy } = config
  const network =
    policy.kind === 'realNvp'
      ? realNvpPolicy(config, policy, { inputs, actions })
      : headed(config, policyHead({ ...config, policy }, actions), inputs)
  return { ...network, entropyRange: entropyRange(config, actions) }
}

/** The network of the config, whose outputs a head reads. */
export function headed(config: SacConfig, head: PolicyHead, inputs: number): PolicyNetwork {
  const { outputs, law, ...traits } = head
  const network = ravel(mlp({ inputs, outputs, ...layers(config) }))
  return {
    ...traits,
    init: (key) => network.init(key),
    law: (parameters, input) => law(network.apply(parameters, input)),
  }
}
