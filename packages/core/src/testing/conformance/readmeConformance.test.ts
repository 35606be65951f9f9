import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { AnyAlgorithm } from '../../contracts.ts'
import { readmeChecks } from './readmeConformance.ts'

const schema = z.strictObject({
  rate: z.number().positive().describe('step size'),
  hidden: z.array(z.number()).optional().describe('units'),
})

/** Measures `loss` in every update and `gap` in every second. */
const algorithm: AnyAlgorithm = {
  id: 'still',
  spec: { observation: { state: 1 }, action: { low: [-1], high: [1] } },
  batch: { reward: { shape: [2] } },
  noise: { act: () => ({}), update: {} },
  init: () => ({ w: tf.scalar(0) }),
  act: () => ({ action: tf.zeros([1, 1]) }),
  actDeterministic: () => ({ action: tf.zeros([1, 1]) }),
  update: (state) => ({ state, metrics: { loss: tf.scalar(1) } }),
  schedule: [
    { update: (state) => ({ state, metrics: { loss: tf.scalar(1) } }) },
    { update: (state) => ({ state, metrics: { loss: tf.scalar(1), gap: tf.scalar(2) } }) },
  ],
}

const page = `
<!-- config -->

| field    | default | must be   | meaning   |
| -------- | ------- | --------- | --------- |
| \`rate\`   | \`0.1\`   | above 0   | step size |
| \`hidden\` |         | a list, each entry a finite number | units     |

<!-- /config -->
<!-- metrics -->

| key    | definition |
| ------ | ---------- |
| \`loss\` | mean       |
| \`gap\`  | the rest   |

<!-- /metrics -->`

const check = (readme: string): ReturnType<typeof readmeChecks> =>
  readmeChecks({ name: 'page', readme, schema, defaults: { rate: 0.1 }, make: () => [algorithm] })

describe('readmeChecks', () => {
  it('pass for a page that is true, however it is padded', () => {
    for (const { run } of check(page)) expect(() => run()).not.toThrow()
  })

  it.each([
    ['a default', page.replace('`0.1`', '`0.2`'), 0, '| `rate` | `0.1` | above 0 | step size |'],
    ['a field', page.replace(/.*`hidden`.*\n/, ''), 0, 'got no |`hidden`|'],
    ['the marks', page.replace('<!-- /config -->', ''), 0, 'must have <!-- config --> and <!-- /config -->'],
    ['a metric', page.replace(/.*`gap`.*\n/, ''), 1, 'must define loss, gap, got loss'],
    ['a metric too many', page.replace('| `gap`', '| `more` |  |\n| `gap`'), 1, 'got loss, more, gap'],
  ])('fail where %s is wrong, and say how', (_, readme, index, message) => {
    expect(() => check(readme)[index].run()).toThrow(message)
  })
})
