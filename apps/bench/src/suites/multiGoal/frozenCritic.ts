import { composeSql } from '@maxent/sql'
import { foldIn, key, uniform, type Key } from '@maxent/core/keys'
import { batchOf, createAgent, type TrainResult } from '@maxent/train'
import type { Learned } from './learnedPolicy.ts'

/** source: the released code of soft Q-learning; the field ends at ±7. */
const bound = 7
/**
 * Shares of the steps and their learning rates, falling so that little of the noise of gradient steps is left; the suite learns at 0.001.
 * Found with seeds 11 and 12.
 */
const stages = [
  { share: 0.75, learningRate: 3e-4 },
  { share: 0.25, learningRate: 1e-4 },
] as const

/** States that the learned policy comes to; the other half of every batch is uniform on the field. */
export interface FollowRequest {
  readonly updates: number
  readonly visited: readonly Float32Array[]
}

/**
 * What was learned, once the sampling network has followed Q as it stands for so many gradient steps more: the extraction of a composition of one
 * task, begun with what that task's sampling network and its optimiser were. Half of the states are those that the policy visits, so that
 * what it knows there is not lost; half are uniform on the field, since those that are visited hardly hold some that figures show: 0.3 % were
 * within 0.5 of (2.5, 2.5), 20,000 steps into a run.
 */
export async function followFrozenCritic(
  { spec, config, state, seed }: Learned,
  { updates, visited }: FollowRequest,
): Promise<TrainResult['state']> {
  const base = foldIn(key(seed), 'frozen critic')
  const { policy, critic, optimizer, step } = state as Record<string, TrainResult['state']>
  const moments = { policy: (optimizer as Record<string, TrainResult['state']>).policy }
  let reached: TrainResult['state'] = { policy, critic, optimizer: moments, step }
  let done = 0
  for (const { share, learningRate } of stages) {
    const algorithm = composeSql([{ spec, config, state }], {
      config: { policyLearningRate: learningRate, diagnosticsEvery: 0 },
    })
    const agent = await createAgent({ algorithm, key: base, state: reached })
    try {
      const batch = batchOf(algorithm)
      for (const end = done + Math.round(share * updates); done < end; done++) {
        fillStates(batch.observation.proprio, visited, foldIn(base, done))
        await agent.update(batch, done)
      }
      reached = await agent.program.getState()
    } finally {
      await agent.dispose()
    }
  }
  return reached
}

/** Rows of two numbers, every other one a visited state. */
function fillStates(rows: Float32Array, visited: readonly Float32Array[], base: Key): void {
  uniform(base, rows.length).forEach((u, k) => (rows[k] = bound * (2 * u - 1)))
  uniform(foldIn(base, 'visited'), rows.length / 4).forEach((u, i) =>
    rows.set(visited[Math.floor(u * visited.length)], 4 * i),
  )
}
