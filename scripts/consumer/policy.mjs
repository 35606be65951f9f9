/** A policy leaves as a file; plain ONNX Runtime acts with it as the agent does. */
import { key, normal } from '@maxent/core'
import { loadPolicy } from '@maxent/jit'
import { sac } from '@maxent/sac'
import { createAgent, exportPolicy } from '@maxent/train'
import { InferenceSession, Tensor } from 'onnxruntime-node'

const algorithm = sac({ observation: { proprio: 3 }, action: { low: [-2], high: [2] } }, { hidden: [16, 16] })
const agent = await createAgent({ algorithm, key: key(1) })
const file = await exportPolicy({ algorithm, state: await agent.program.getState() })
const session = await InferenceSession.create(file)
const policy = await loadPolicy(file)
let furthest = 0
for (let i = 0; i < 1_000; i++) {
  const proprio = normal(key(i), 3)
  const feeds = { 'arg0/proprio': new Tensor(proprio, [1, 3]), arg1: new Tensor(new Float32Array(1), [1, 1]) }
  const { action } = await session.run(feeds, ['action'])
  for (const other of [await policy.act({ proprio }), await agent.actDeterministic({ proprio })]) {
    furthest = Math.max(furthest, Math.abs(other[0] - Number(action.data[0])))
  }
}
await policy.dispose()
await agent.dispose()
if (!(furthest < 1e-6)) throw new Error(`plain ONNX Runtime acts otherwise: up to ${furthest} away`)
console.log(`1,000 actions of plain ONNX Runtime: at most ${furthest} away`)
