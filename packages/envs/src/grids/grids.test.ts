import { describe, expect, it } from 'vitest'
import type { FiniteMdp } from '@maxent/core/tabular'
import { finiteMdp } from '@maxent/core/tabular'
import { chooseActions, diagonalWorld, listEnvs, makeEnv, targetWorld } from '../index.ts'

/** Where an action leads, by the table. */
function nextOf({ transitions, actions }: FiniteMdp, state: number, action: number): number {
  if (transitions.kind !== 'sparse') throw new Error('the tables of the grids are sparse')
  return transitions.nextState[state * actions + action]
}

describe('the diagonal world', () => {
  const world = finiteMdp(diagonalWorld({ gamma: 0.9 }))

  it('has 64 cells, four moves, and the rewards left, right and up', () => {
    expect([world.states, world.actions, world.rewards.length, world.gamma]).toEqual([64, 4, 3, 0.9])
    // From column 1, row 1: down and left, down and right, up and left, up and right.
    expect([0, 1, 2, 3].map((action) => nextOf(world, 9, action))).toEqual([0, 2, 16, 18])
    // The corner below on the left has one way out.
    expect([0, 1, 2, 3].map((action) => nextOf(world, 0, action))).toEqual([0, 0, 0, 9])
    expect(world.rewards.map((table) => table[9 * 4 + 2])).toEqual([1, 0, 0])
    expect(world.rewards.map((table) => table[(6 * 8 + 6) * 4 + 3])).toEqual([0, 1, 1])
  })

  it('steps as its tables say, from every cell and with every move', async () => {
    const env = await makeEnv('grid-diagonal')
    env.reset({ seed: 0, task: [0.5, 0.25, 0.25] })
    const start = env.snapshot()
    for (let cell = 0; cell < 64; cell++) {
      for (let action = 0; action < 4; action++) {
        env.restore({ ...start, state: Float64Array.of(cell) })
        const { observation, reward, features } = env.step(
          Float32Array.of((action & 1) - 0.5, (action >> 1) - 0.5),
        )
        const next = nextOf(world, cell, action)
        const expected = world.rewards.map((table) => table[cell * 4 + action])
        expect([...observation.proprio]).toEqual([next % 8, Math.floor(next / 8)])
        expect([...(features ?? [])]).toEqual(expected)
        expect(reward).toBe(0.5 * expected[0] + 0.25 * expected[1] + 0.25 * expected[2])
      }
    }
    expect([...env.reset().observation.task]).toEqual([0.5, 0.25, 0.25])
    env.close()
  })

  it('pays the left side until it is given weights, and refuses what are none', async () => {
    const env = await makeEnv('grid-diagonal')
    expect([...env.reset().observation.task]).toEqual([1, 0, 0])
    for (const task of [3, [1, 0], [1, 0, NaN], [1, 0, '0'], null]) {
      expect(() => env.reset({ task })).toThrow(
        new RangeError(`reset: task must be finite weights of left, right, up, got ${JSON.stringify(task)}`),
      )
    }
    env.close()
  })
})

describe.each([1, 2, 4, 8] as const)('the world of the %i-step body', (stepSize) => {
  const m = 2 * stepSize - 1
  const world = finiteMdp(targetWorld({ stepSize, goal: [3, 5], gamma: 0.9 }))

  it('steps as its tables say', async () => {
    expect(world.states).toBe(64 * m * m)
    const env = await makeEnv(`grid-target-${stepSize}`)
    env.reset({ seed: 0 })
    const start = env.snapshot()
    for (let trial = 0; trial < 500; trial++) {
      const state = Math.floor(Math.random() * world.states)
      const action = trial % 4
      const [u, v, place] = [state % m, Math.floor(state / m) % m, Math.floor(state / m ** 2)]
      const [x, y] = [place % 8, Math.floor(place / 8)]
      env.restore({ ...start, state: Float64Array.of(x, y, u - stepSize + 1, v - stepSize + 1, 3, 5) })
      const push = [
        [0.5, 0.1],
        [-0.5, 0.1],
        [0.1, 0.5],
        [0.1, -0.5],
      ][action]
      const { observation, reward, terminated } = env.step(Float32Array.from(push))
      const [innerX, innerY] = observation.proprio
      const [nextX, nextY] = observation.task
      const reached = ((nextY * 8 + nextX) * m + innerY + stepSize - 1) * m + innerX + stepSize - 1
      expect(reached).toBe(nextOf(world, state, action))
      expect(reward).toBe(world.rewards[0][state * 4 + action])
      expect(terminated).toBe(world.discount?.[state * 4 + action] === 0)
    }
    env.close()
  })

  it('takes that many actions for a step, pays the walls and ends at the goal', async () => {
    const env = await makeEnv(`grid-target-${stepSize}`)
    env.reset({ seed: 0 })
    const start = env.snapshot()
    env.restore({ ...start, state: Float64Array.of(6, 7, 0, 0, 7, 7) })
    const [right, up] = [Float32Array.of(1, 0), Float32Array.of(0, 1)]
    for (let i = 1; i < stepSize; i++) {
      expect(env.step(up).reward).toBe(-0.1)
      expect(env.step(right).reward).toBe(-0.1)
    }
    const wall = env.step(up)
    expect([wall.reward, wall.terminated, wall.info.wall]).toEqual([-0.1 - 0.2, false, 1])
    expect([...wall.observation.proprio]).toEqual([stepSize - 1, 0])
    const goal = env.step(right)
    expect([goal.reward, goal.terminated]).toEqual([1 - 0.1, true])
    expect([...goal.observation.task]).toEqual([7, 7, 7, 7])
    env.close()
  })

  it('starts with the goal on another cell', async () => {
    const env = await makeEnv(`grid-target-${stepSize}`)
    const cells = new Set<number>()
    for (let seed = 0; seed < 500; seed++) {
      const [x, y, goalX, goalY] = env.reset({ seed }).observation.task
      expect([x, y]).not.toEqual([goalX, goalY])
      cells.add(8 * y + x).add(8 * goalY + goalX)
    }
    expect(cells.size).toBe(64)
    env.close()
  })
})

it('the tables refuse step sizes and goals that are none', () => {
  for (const stepSize of [0, -1, 1.5, NaN]) {
    expect(() => targetWorld({ stepSize, goal: [0, 0], gamma: 0.9 })).toThrow(
      new RangeError(`targetWorld: stepSize must be a positive integer, got ${stepSize}`),
    )
  }
  for (const goal of [
    [8, 0],
    [0, -1],
    [0.5, 0],
  ] as const) {
    expect(() => targetWorld({ stepSize: 1, goal, gamma: 0.9 })).toThrow(
      new RangeError(`targetWorld: goal must be a cell of 0 to 7, got [${goal.join(', ')}]`),
    )
  }
})

describe('the moves of listEnvs', () => {
  const movesOf = (id: string): readonly (readonly number[])[] =>
    listEnvs().find((info) => info.id === id)?.moves ?? []

  it('are the actions of the tables of the diagonal world', async () => {
    const world = finiteMdp(diagonalWorld({ gamma: 0.9 }))
    const env = chooseActions(await makeEnv('grid-diagonal'), movesOf('grid-diagonal'))
    expect(env.spec.action).toEqual({ low: [0], high: [3], choices: 4 })
    env.reset({ seed: 0 })
    const start = env.snapshot()
    for (let action = 0; action < 4; action++) {
      env.restore({ ...start, state: Float64Array.of(9) })
      const [x, y] = env.step(Float32Array.of(action)).observation.proprio
      expect(y * 8 + x).toBe(nextOf(world, 9, action))
    }
    env.close()
  })

  it.each([1, 2, 4, 8])('are right, left, up and down of the %i-step body', async (n) => {
    const id = `grid-target-${n}` as 'grid-target-1'
    const env = chooseActions(await makeEnv(id), movesOf(id))
    env.reset({ seed: 0 })
    const start = { ...env.snapshot(), state: Float64Array.of(3, 3, 0, 0, 0, 0) }
    const places = [0, 1, 2, 3].map((action) => {
      env.restore(start)
      let place: Float32Array | undefined
      for (let i = 0; i < n; i++) place = env.step(Float32Array.of(action)).observation.task
      return Array.from(place?.subarray(0, 2) ?? [])
    })
    expect(places).toEqual([
      [4, 3],
      [2, 3],
      [3, 4],
      [3, 2],
    ])
    env.close()
  })

  it('are those of grids alone', () => {
    const ids = listEnvs().flatMap(({ id, moves }) => (moves === undefined ? [] : [id]))
    expect(ids).toEqual(['grid-diagonal', 'grid-target-1', 'grid-target-2', 'grid-target-4', 'grid-target-8'])
  })
})
