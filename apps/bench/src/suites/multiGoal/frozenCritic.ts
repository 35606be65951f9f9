import { composeSql } from '@maxent/sql'
import { foldIn, key, uniform } from '@maxent/core/keys'
import { batchOf, createAgent, type TrainResult } from '@maxent/train'
import type { Learned } from './learnedPolicy.ts'

/** source: the released code of soft Q-learning; the field ends at ±7. */
const bound = 7
/** What is left of the noise of gradient steps shrinks with it; the suite learns at 0.001. */
const learningRate = 3e-4

/**
 * What was learned, once the sampling network has followed Q as it stands for so many gradient steps more: the extraction of a composition of one
 * task, begun with what that task's sampling network and its optimiser were. States are uniform on the field, since those that were
 * visited hardly hold some that figures show: 0.3 % were within 0.5 of (2.5, 2.5), 20,000 steps into a run.
 */
export async function followFrozenCritic(
  { spec, config, state, seed }: Learned,
  updates: number,
): Promise<TrainResult['state']> {
  const algorithm = composeSql([{ spec, config, state }], {
    config: { policyLearningRate: learningRate, diagnosticsEvery: 0 },
  })
  const base = foldIn(key(seed), 'frozen critic')
  const { policy, critic, optimizer, step } = state as Record<string, TrainResult['state']>
  const moments = { policy: (optimizer as Record<string, TrainResult['state']>).policy }
  const agent = await createAgent({
    algorithm,
    key: base,
    state: { policy, critic, optimizer: moments, step },
  })
  try {
    const batch = batchOf(algorithm)
    const { proprio } = batch.observation
    for (let i = 0; i < updates; i++) {
      uniform(foldIn(base, i), proprio.length).forEach((u, k) => (proprio[k] = bound * (2 * u - 1)))
      await agent.update(batch, i)
    }
    return await agent.program.getState()
  } finally {
    await agent.dispose()
  }
}
