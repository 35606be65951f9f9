import { fanInUniform, xavierUniform, zeros } from '@maxent/core'
import type { MlpOptions } from '@maxent/core'
import type { SacConfig } from './config.ts'

/** What all networks have in common. */
export function layers(
  config: Pick<SacConfig, 'hidden' | 'activation' | 'initializer'>,
): Pick<MlpOptions, 'hidden' | 'activation' | 'kernel' | 'bias'> {
  const { hidden, activation, initializer } = config
  return initializer === 'fanInUniform'
    ? { hidden, activation, kernel: fanInUniform(), bias: fanInUniform() }
    : { hidden, activation, kernel: xavierUniform(), bias: zeros() }
}
