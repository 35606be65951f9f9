import { expect, it } from 'vitest'
import { stepsSpecs, transitionSpecs } from './batchSpecs.ts'

const spec = { observation: { proprio: 3, task: 2 }, action: { low: [-1, -1], high: [1, 1] } }

it('gives the shapes of transitions, row by row', () => {
  expect(transitionSpecs(spec, 4)).toEqual({
    observation: { proprio: { shape: [4, 3] }, task: { shape: [4, 2] } },
    action: { shape: [4, 2] },
    reward: { shape: [4] },
    discount: { shape: [4] },
    nextObservation: { proprio: { shape: [4, 3] }, task: { shape: [4, 2] } },
  })
})

it('gives the shapes of stretches of steps, time first, with what is kept beside them', () => {
  expect(stepsSpecs(spec, { length: 5, rows: 4, record: { preTanh: 2 } })).toMatchObject({
    observation: { proprio: { shape: [5, 4, 3] } },
    action: { shape: [5, 4, 2] },
    continues: { shape: [5, 4] },
    valid: { shape: [5, 4] },
    record: { preTanh: { shape: [5, 4, 2] } },
  })
  expect(stepsSpecs(spec, { length: 1, rows: 1 })).toMatchObject({ record: {} })
  expect(stepsSpecs(spec, { length: 1, rows: 1 })).not.toHaveProperty('episodes')
  expect(stepsSpecs(spec, { length: 1, rows: 1, episodes: 7 })).toMatchObject({
    episodes: { returns: { shape: [7] }, lengths: { shape: [7] } },
  })
})
