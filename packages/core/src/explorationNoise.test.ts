import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { explore, exploringMemory, ornsteinUhlenbeck } from './explorationNoise.ts'
import { key, normal } from './keys/index.ts'
import './testing/index.ts'

const action = tf.tensor2d([[0, 0.9]])
const fresh = tf.tensor2d([[1, 1]])

describe('explore', () => {
  it('adds σε and cuts to the box, without memory, for Gaussian noise', () => {
    const acted = explore({ kind: 'gaussian', sigma: 0.2 }, action, fresh)
    expect(acted.action).toBeAllClose(tf.tensor2d([[0.2, 1]]))
    expect(acted.memory).toBeUndefined()
    expect(exploringMemory({ kind: 'gaussian', sigma: 0.2 }, 2)).toEqual({})
  })

  it('carries the noise of the process on, uncut', () => {
    const process = { kind: 'ornsteinUhlenbeck', theta: 0.15, sigma: 0.2 } as const
    expect(exploringMemory(process, 2)).toEqual({ acting: { memory: { noise: 2 } } })
    const memory = { noise: tf.tensor2d([[1, 1]]) }
    const acted = explore(process, action, { fresh, memory })
    // .85 · 1 + .2 · 1
    expect(acted.memory?.noise).toBeAllClose(tf.tensor2d([[1.05, 1.05]]))
    expect(acted.action).toBeAllClose(tf.tensor2d([[1, 1]]))
  })
})

describe('ornsteinUhlenbeck', () => {
  it('has the variance σ² / (1 − (1 − θ)²) and the correlation 1 − θ over many steps', () => {
    const [theta, sigma, steps] = [0.15, 0.2, 20_000]
    const draws = normal(key(3), steps)
    const path: number[] = []
    tf.tidy(() => {
      let noise = tf.zeros<tf.Rank.R2>([1, 1])
      for (let t = 0; t < steps; t++) {
        noise = ornsteinUhlenbeck({ theta, sigma }, { noise, fresh: tf.tensor2d([[draws[t]]]) })
        path.push(noise.dataSync()[0])
      }
    })
    const mean = (values: number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length
    const variance = mean(path.map((x) => x * x))
    const lagged = mean(path.slice(1).map((x, i) => x * path[i]))
    // The path forgets half in four steps: 20,000 of them are worth about 2,000 draws.
    expect(Math.abs((variance * (1 - (1 - theta) ** 2)) / sigma ** 2 - 1)).toBeLessThan(0.1)
    expect(Math.abs(lagged / variance - (1 - theta))).toBeLessThan(0.02)
  })
})
