import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { explorationSchema, explore, exploringMemory, ornsteinUhlenbeck } from './explorationNoise.ts'
import { key, normal } from './keys/index.ts'
import './testing/index.ts'

const action = tf.tensor2d([[0, 0.9]])
const fresh = tf.tensor2d([[1, 1]])
const step = tf.scalar(0, 'int32')

describe('explore', () => {
  it('adds σε and cuts to the box, without memory, for Gaussian noise', () => {
    const acted = explore({ kind: 'gaussian', sigma: 0.2 }, { action, noise: fresh, step })
    expect(acted.action).toBeAllClose(tf.tensor2d([[0.2, 1]]))
    expect(acted.memory).toBeUndefined()
    expect(exploringMemory({ kind: 'gaussian', sigma: 0.2 }, 2)).toEqual({})
  })

  it('carries the noise of the process on, uncut', () => {
    const process = { kind: 'ornsteinUhlenbeck', theta: 0.15, sigma: 0.2 } as const
    expect(exploringMemory(process, 2)).toEqual({ acting: { memory: { noise: 2 } } })
    const memory = { noise: tf.tensor2d([[1, 1]]) }
    const acted = explore(process, { action, noise: { fresh, memory }, step })
    // .85 · 1 + .2 · 1
    expect(acted.memory?.noise).toBeAllClose(tf.tensor2d([[1.05, 1.05]]))
    expect(acted.action).toBeAllClose(tf.tensor2d([[1, 1]]))
  })
})

describe('noise that ends', () => {
  const at = (taken: number) => ({ action, noise: fresh, step: tf.scalar(taken, 'int32') })

  it('falls linearly to nothing, and stays there', () => {
    const white = { kind: 'gaussian', sigma: 0.2, steps: 4 } as const
    for (const [taken, added] of [
      [0, 0.2],
      [1, 0.15],
      [3, 0.05],
      [4, 0],
      [9, 0],
    ])
      expect(explore(white, at(taken)).action).toBeAllClose(tf.tensor2d([[added, Math.min(0.9 + added, 1)]]))
  })

  it('leaves the process itself as it is', () => {
    const process = { kind: 'ornsteinUhlenbeck', theta: 0.15, sigma: 0.2, steps: 1 } as const
    const memory = { noise: tf.tensor2d([[1, 1]]) }
    const acted = explore(process, { ...at(1), noise: { fresh, memory } })
    expect(acted.memory?.noise).toBeAllClose(tf.tensor2d([[1.05, 1.05]]))
    expect(acted.action).toBeAllClose(action)
  })

  it('asks for the step', () => {
    const white = { kind: 'gaussian', sigma: 0.2, steps: 4 } as const
    expect(() => explore(white, { action, noise: fresh })).toThrow(
      'explore: step must be given where exploration.steps is, 4, got none',
    )
  })

  it.each([0, 1.5, -1, NaN])('takes whole steps, not %s', (steps) => {
    const found = explorationSchema.safeParse({ kind: 'gaussian', sigma: 0.1, steps })
    expect(found.error?.issues.map(({ path }) => path)).toEqual([['steps']])
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
