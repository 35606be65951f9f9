import { key } from '@maxent/core/keys'
import { liveSessions, type HostTensor } from '@maxent/jit'
import { expect, test } from 'vitest'
import { linearLearner } from '../fixtures/linearLearner.ts'
import { pointEnv } from '../fixtures/pointEnv.ts'
import { createAgent } from './agent.ts'

const observationOf = (i: number): Record<string, Float32Array> => ({
  place: Float32Array.of(i / 10, 1),
  target: Float32Array.of(-i / 5),
})

test('acting calls that overlap give each observation its own action', async () => {
  const agent = await createAgent({
    algorithm: linearLearner(pointEnv().spec),
    key: key(1),
  })
  const state = (await agent.program.getState()) as Readonly<Record<string, HostTensor>>
  agent.program.setState({ ...state, policy: { ...state.policy, data: Float32Array.of(0.3, 0.2, 0.1) } })
  for (const act of [agent.act, agent.actDeterministic]) {
    const alone: Float32Array[] = []
    for (let i = 0; i < 8; i++) alone.push(await act(observationOf(i), i))
    const together = await Promise.all(alone.map((_, i) => act(observationOf(i), i)))
    expect(together).toEqual(alone)
    expect(new Set(alone.map(([action]) => action)).size).toBe(8)
  }
  await agent.dispose()
})

test('a state that does not fit leaves no program behind', async () => {
  const before = liveSessions()
  const state = { policy: { shape: [1], dtype: 'float32', data: Float32Array.of(0) } } as const
  const options = { algorithm: linearLearner(pointEnv().spec), key: key(1), state }
  await expect(createAgent(options)).rejects.toThrow(RangeError)
  expect(liveSessions()).toBe(before)
})
