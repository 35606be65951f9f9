import { describe, expect, test } from 'vitest'
import { parseRecord, type EvalLine, type MetricsLine } from './record.ts'

const metrics: MetricsLine = {
  step: 100,
  updates: 90,
  episodes: 3,
  episodeReturn: null,
  episodeLength: null,
  metrics: { loss: 0.5 },
  wallSeconds: 1.5,
}
const evaluation: EvalLine = {
  step: 100,
  updates: 90,
  final: true,
  returnMean: 2,
  returnStd: 1,
  returns: [1, 3],
  lengths: [5, 5],
  wallSeconds: 2,
}
const line = (value: unknown): string => `${JSON.stringify(value)}\n`

describe('parseRecord', () => {
  test('gives back every line', () => {
    const record = parseRecord({
      config: '{ "seed": 1 }',
      metrics: line(metrics) + line({ ...metrics, step: 200 }),
      evaluations: line(evaluation),
    })
    expect(record).toEqual({
      config: { seed: 1 },
      metrics: [metrics, { ...metrics, step: 200 }],
      evaluations: [evaluation],
      damaged: [],
    })
  })

  test('names, skips and counts damaged lines, a cut last line among them', () => {
    const text = `${line(metrics)}{"step":20\n${line({ ...metrics, metrics: null })}7\n${line(metrics)}{"step":1`
    const record = parseRecord({ config: 'oops', metrics: text, evaluations: line(metrics) })
    expect(record.metrics).toEqual([metrics, metrics])
    expect(record.evaluations).toEqual([])
    expect(record.config).toBeUndefined()
    expect(record.damaged).toEqual([
      { file: 'config.json', line: 1, reason: 'is not JSON' },
      { file: 'metrics.jsonl', line: 2, reason: 'is not JSON' },
      { file: 'metrics.jsonl', line: 3, reason: 'has no object "metrics"' },
      { file: 'metrics.jsonl', line: 4, reason: 'is not a JSON object' },
      { file: 'metrics.jsonl', line: 6, reason: 'is cut: it has no end' },
      { file: 'eval.jsonl', line: 1, reason: 'has no number "returnMean"' },
    ])
  })

  test('a record that has just begun is empty', () => {
    expect(parseRecord({ config: '', metrics: '', evaluations: '' })).toEqual({
      config: undefined,
      metrics: [],
      evaluations: [],
      damaged: [],
    })
  })
})
