import { describe, expect, it } from 'vitest'
import type { CellResult } from '../run/cellResult.ts'
import { around, cellOf, verdict } from './foundCells.testData.ts'
import { suite as sacBenchmark } from './sacBenchmark.suite.ts'

describe('the rule of sac-benchmark', () => {
  const learned = (levels: Readonly<Record<string, number>>) => (arm: string) =>
    levels[arm.split('-').at(-1) ?? ''] ?? 50

  it('holds where SAC learns and is close to the best of the others on easy tasks', () => {
    expect(verdict(sacBenchmark, learned({ sac: 95, td3: 100 }))).toMatchObject({
      verdict: 'holds',
      control: 'fails',
    })
  })

  it.each([
    ['fails', 'SAC is far behind one of the others', { sac: 60, td3: 100 }],
    ['fails', 'SAC loses against random actions', { sac: -20, td3: 10 }],
    ['inconclusive', 'SAC is about at its bar', { sac: 80.5, td3: 100 }],
  ])('%s where %s', (expected, _, levels) => {
    expect(verdict(sacBenchmark, learned(levels)).verdict).toBe(expected)
  })

  it('asks on a hard task that SAC is ahead of each of the others', () => {
    const cells = (sac: number, td3: number): Record<string, CellResult[]> =>
      Object.fromEntries(
        Object.entries({ sac, td3, ddpg: 10, ppo: 10, sql: 10, random: 0 }).map(([name, level]) => [
          `ant/${name}`,
          around.map((x, i) =>
            cellOf(
              {
                arm: `ant-${name}`,
                seed: i + 1,
                settings: { kind: name === 'random' ? 'uniform' : 'train', train: { steps: 5 } },
              },
              level + x,
            ),
          ),
        ]),
      )
    expect(sacBenchmark.verdict.judge(cells(120, 100)).verdict).toBe('holds')
    expect(sacBenchmark.verdict.judge(cells(90, 100)).verdict).toBe('fails')
    expect(sacBenchmark.verdict.judge(cells(100.5, 100)).verdict).toBe('inconclusive')
    // DDPG makes no progress there: learning at all is being ahead of it.
    expect(
      sacBenchmark.verdict.judge({ ...cells(120, 100), 'ant/ddpg': cells(0, 0)['ant/random'] }).verdict,
    ).toBe('holds')
  })
})
