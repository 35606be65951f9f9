import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { markdown } from '../scripts/chosenTable.ts'
import { taskTable } from '../scripts/taskTable.ts'
import { listEnvs, makeEnv } from './index.ts'

const envs = listEnvs()
const sets = envs.flatMap(({ id, tasks }) => (tasks === undefined ? [] : [{ id, tasks }]))
const single = envs.filter(({ distribution }) => distribution === 'single task')

describe('tasks of environments', () => {
  it('are sets of the sizes that the sources tell, single, or a distribution in words', () => {
    expect(
      Object.fromEntries(sets.map(({ id, tasks }) => [id, [tasks.train.length, tasks.test.length]])),
    ).toEqual({
      'half-cheetah-velocity': [100, 30],
      'humanoid-directions': [12, 12],
      'ant-cross-maze': [3, 3],
      'ball-cross-maze': [3, 3],
      'point-mass-cross-maze': [3, 3],
      'quadruped-ring': [100, 30],
      'ball-ring': [100, 30],
      'humanoid-target': [100, 30],
      'ball-target': [100, 30],
      'walking-ant-squares': [3, 3],
      'ball-squares': [3, 3],
      'point-mass-squares': [3, 3],
      'planar-pusher-line': [4, 4],
      'planar-pusher-point': [3, 3],
      'sawyer-stack': [1, 20],
      'sawyer-avoid': [1, 20],
      'sawyer-stack-and-avoid': [1, 20],
      'jaco-hidden-reach': [300, 30],
      'jumping-ball-hidden-box': [100, 30],
      'sparse-navigation': [80, 20],
      'grid-diagonal': [3, 2],
    })
    for (const { id, distribution, tasks } of envs) {
      expect(distribution, id).not.toBe('')
      if (tasks !== undefined) expect(distribution, id).toMatch(/\d+.* for (training|tests)/)
    }
  })

  it.each(sets)('$id takes the first and the last of each set, and no other', async ({ id, tasks }) => {
    const env = await makeEnv(id)
    for (const set of [tasks.train, tasks.test]) {
      for (const task of [set[0], set[set.length - 1]]) expect(() => env.reset({ task })).not.toThrow()
    }
    const most = Math.max(...[...tasks.train, ...tasks.test].flat())
    expect(() => env.reset({ task: most + 1 })).toThrow('reset: task must be')
    env.close()
  })

  it.each(single)('$id has a single one', async ({ id }) => {
    const env = await makeEnv(id)
    expect(() => env.reset({ task: 0 })).toThrow(`reset: task must be left out in "${id}", got 0`)
    env.close()
  })

  it('of the diagonal grid pay the sides that they name', async () => {
    const grid = await makeEnv('grid-diagonal')
    const { tasks = { train: [], test: [] } } = envs.find(({ id }) => id === 'grid-diagonal') ?? {}
    const paid = (cell: number, action: readonly number[]): number[] =>
      [...tasks.train, ...tasks.test].map((task) => {
        grid.reset({ seed: 1, task })
        grid.restore({ ...grid.snapshot(), state: Float64Array.of(cell) })
        return grid.step(Float32Array.from(action)).reward
      })
    // Left, right, up, left and right, left and up; onto the left side, the right side, the upper side and the corner.
    expect(paid(17, [-1, -1])).toEqual([1, 0, 0, 0.5, 0.5])
    expect(paid(22, [1, -1])).toEqual([0, 1, 0, 0.5, 0])
    expect(paid(51, [1, 1])).toEqual([0, 0, 1, 0, 0.5])
    expect(paid(49, [-1, 1])).toEqual([1, 0, 1, 0.5, 1])
    grid.close()
  })

  it('stand in the README: run scripts/readme.ts', () => {
    const cells = (line: string): string => line.replace(/\s*\|\s*/g, '|').replace(/-{3,}/g, '-')
    const lines = readFileSync(new URL('../README.md', import.meta.url), 'utf8').split('\n')
    const from = lines.indexOf('<!-- tasks -->')
    const part = lines.slice(from + 1, lines.indexOf('<!-- end of tasks -->')).filter((line) => line !== '')
    expect(part.map(cells)).toEqual(markdown(taskTable()).split('\n').map(cells))
  })
})
