import type { Tensor2D } from '@tensorflow/tfjs'
import { checkShapes } from '@maxent/core'
import type { SacConfig } from './config.ts'
import type { OwnPolicy, PolicyNetwork, PolicySizes } from './policy.ts'
import { headed } from './policyNetwork.ts'

/**
 * A policy of the caller's own, whose shapes are checked.
 * @throws TypeError where it is neither a head nor a network, RangeError where it climbs by the score function and there is no state-value network.
 */
export function ownPolicyNetwork(own: OwnPolicy, config: SacConfig, sizes: PolicySizes): PolicyNetwork {
  if (!('network' in own || 'head' in own)) {
    throw new TypeError(
      `sac: a policy of one's own must be { head } or { network }, got { ${Object.keys(own).join(', ')} }`,
    )
  }
  const network = 'network' in own ? own.network(sizes) : headed(config, own.head(sizes), sizes.inputs)
  if (!network.isReparameterised && config.bootstrap !== 'valueNetwork') {
    throw new RangeError(
      `sac: bootstrap must be 'valueNetwork' where a policy is not reparameterised, got '${config.bootstrap}'; ` +
        'the score-function gradient takes V as its baseline',
    )
  }
  const checked = (caller: string, action: Tensor2D): Tensor2D => {
    checkShapes(caller, { action: ['B', sizes.actions] }, { action })
    return action
  }
  return {
    ...network,
    law: (parameters, input) => {
      const law = network.law(parameters, input)
      return {
        sample: (noise) => {
          const { action, logProb } = law.sample(noise)
          checkShapes(
            'sac: policy.sample',
            { action: ['B', sizes.actions], logProb: ['B'] },
            { action, logProb },
          )
          return { action, logProb }
        },
        explore: (noise) => checked('sac: policy.explore', law.explore(noise)),
        modes: () => law.modes().map((mode) => checked('sac: policy.modes', mode)),
      }
    },
  }
}
