/** Checks that make sense in a browser alone. */
import { observationAt } from './checks.ts'

/** What the policy of a file does at so many observations, run by ONNX Runtime and nothing of this project. */
export async function plainActions(file: Uint8Array, count: number): Promise<readonly number[]> {
  const { InferenceSession, Tensor } = await import('onnxruntime-web/wasm')
  const session = await InferenceSession.create(file)
  const noise = new Tensor('float32', new Float32Array(1), [1, 1])
  const found: number[] = []
  for (let i = 0; i < count; i++) {
    const observation = new Tensor('float32', observationAt(i), [1, 3])
    const { action } = await session.run({ 'arg0/proprio': observation, arg1: noise }, ['action'])
    found.push(...(action.data as Float32Array))
  }
  await session.release()
  return found
}

/** Threads of the pool that all sessions share. */
export async function poolThreads(): Promise<number | undefined> {
  return (await import('onnxruntime-web/wasm')).env.wasm.numThreads
}
