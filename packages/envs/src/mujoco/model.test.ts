import { afterEach, describe, expect, it } from 'vitest'
import { key } from '@maxent/core/keys'
import { ball, jumpingBall } from '../bodies/ball.ts'
import { point } from '../bodies/point.ts'
import { quadruped } from '../bodies/quadruped.ts'
import { walkingAnt } from '../bodies/walkingAnt.ts'
import { createEnv } from '../episodes.ts'
import { floor } from '../tasks/arena.ts'
import { halfCheetahRun } from '../tasks/gymnasium.ts'
import { composeDynamics } from './dynamics.ts'
import { watchFall } from './fall.ts'
import type { Body, Task } from './model.ts'
import { composeModel, withInterval } from './model.ts'
import { liveHandles } from './module.ts'
import type { Simulation } from './simulation.ts'
import { createSimulation } from './simulation.ts'
import { element } from './xml.ts'

/** Push a crate that lies a metre ahead; the distance to it is seen and paid, and falling is the end. */
const push: Task = {
  name: 'push',
  source: 'own',
  maxEpisodeSteps: 100,
  arena: (surface) => ({
    ...floor(surface),
    objects: [
      element('body', { name: 'crate', pos: [1, 0, 0.3] }, [
        element('freejoint', { name: 'crate' }),
        element('geom', { type: 'box', size: [0.2, 0.2, 0.2] }),
      ]),
    ],
  }),
  observation: { crate: 2 },
  tasks: { train: [1, 2], test: [3] },
  features: ['near'],
  watchesFall: true,
  bind: (body, simulation) => {
    const fallen = watchFall(body.frail ?? [], simulation, ['floor'])
    const at = simulation.address('joint', 'crate')
    const crate = new Float32Array(2)
    const features = new Float32Array(1)
    const outcome = { reward: 0, terminated: false, info: {} }
    const memory = Float64Array.of(1)
    const see = (): void => {
      for (let i = 0; i < 2; i++) crate[i] = simulation.qpos[at + i] - simulation.qpos[i]
    }
    return {
      outcome,
      memory,
      observation: { crate },
      features,
      setTask: (task) => {
        if (typeof task !== 'number') throw new RangeError('push: task must be a number')
        memory[0] = task
      },
      place: () => {
        body.root?.place(simulation, { x: 0, y: 0, yaw: 0 })
        simulation.qpos.set([memory[0], 0, 0.2, 1, 0, 0, 0], at)
      },
      start: see,
      after: () => {
        see()
        outcome.reward = features[0] = -Math.hypot(...crate)
        outcome.terminated = fallen()
      },
    }
  },
}

const bodies: readonly Body[] = [ball, jumpingBall, point, quadruped, walkingAnt]

afterEach(() => expect(liveHandles()).toBe(0))

async function withSimulation(body: Body, use: (simulation: Simulation) => void, task = push): Promise<void> {
  const simulation = await createSimulation(composeModel(body, task))
  try {
    simulation.resetData()
    body.start(simulation, key(1))
    use(simulation)
  } finally {
    simulation.close()
  }
}

describe.each(bodies)('$name', (body) => {
  it('does a task with an object, tasks, features and falls, and repeats itself from a snapshot', async () => {
    const { proprio } = body.proprioception
    const env = createEnv(
      { id: body.name, observation: { proprio: proprio.size, crate: 2 }, action: body.action },
      await composeDynamics(body, push),
    )
    const { observation } = env.reset({ seed: 1, task: 3 })
    expect([...observation.crate]).toEqual([3, 0])
    const action = Float32Array.from(body.action.high, (high, i) => (i % 2 === 0 ? high : -high))
    env.step(action)
    const snapshot = env.snapshot()
    const go = (): number[] =>
      Array.from({ length: 5 }, () => {
        const { reward, features } = env.step(action)
        return [reward, features?.[0] ?? NaN, ...observation.proprio, ...observation.crate]
      }).flat()
    const first = go()
    expect(first[1]).toBe(Math.fround(first[0]))
    env.reset({ task: 1 })
    env.restore(snapshot)
    expect(go()).toEqual(first)
    expect(env.reset().observation.crate[0]).toBe(3)
    env.close()
  })

  it('is where it is placed, turned with its velocity', async () => {
    const { root } = body
    if (root === undefined) throw new Error('a body of this list has a root')
    await withSimulation(body, (simulation) => {
      const place = new Float64Array(3)
      root.position(simulation, place)
      const height = place[2]
      const before = root.yaw(simulation)
      simulation.qvel[0] = 1
      simulation.qvel[1] = 2
      root.place(simulation, { x: -3, y: 4, yaw: Math.PI / 2 })
      root.position(simulation, place)
      expect([...place]).toEqual([-3, 4, height])
      const turns = body !== point
      const turn = root.yaw(simulation) - before
      expect(Math.cos(turn)).toBeCloseTo(turns ? 0 : 1, 12)
      expect(Math.sin(turn)).toBeCloseTo(turns ? 1 : 0, 12)
      expect(simulation.qvel[0]).toBeCloseTo(turns ? -2 : 1, 12)
      expect(simulation.qvel[1]).toBeCloseTo(turns ? 1 : 2, 12)
      expect(root.upright(simulation)).toBeCloseTo(1, 3)
    })
  })

  it('feels the same wherever it stands and heads', async () => {
    const { proprio } = body.proprioception
    const feelings: number[][] = []
    for (const [x, y, yaw] of [
      [0, 0, 0],
      [7, -2, 2],
    ] as const) {
      const feel = (simulation: Simulation): void => {
        if (body !== point) simulation.qpos[2] += 1
        simulation.qvel[0] = 1
        body.root?.place(simulation, { x, y, yaw })
        // In the air: friction is solved along axes of the world and to a tolerance.
        for (let i = 0; i < 10; i++) {
          simulation.ctrl.set(body.action.high.map((high, motor) => 0.2 * high * Math.sin(i + motor)))
          expect(simulation.advance(1)).toBe(true)
        }
        simulation.computePoses()
        const out = new Float32Array(proprio.size)
        proprio.write(simulation, out)
        feelings.push([...out])
      }
      await withSimulation(body, feel, halfCheetahRun)
    }
    const [here, there] = feelings
    here.forEach((felt, i) => expect(Math.abs(there[i] - felt)).toBeLessThan(1e-4 * (1 + Math.abs(felt))))
    expect(here.some((felt) => Math.abs(felt) > 0.01)).toBe(true)
  })

  it('tells the velocity of its centre of mass', async () => {
    await withSimulation(body, (simulation) => {
      const [velocity, before] = [new Float64Array(3), new Float64Array(3)]
      const centre = (): number[] => [...simulation.derived('subtree_com').subarray(3, 6)]
      for (let i = 0; i < 20; i++) {
        simulation.ctrl.set(body.action.high)
        simulation.advance(1)
      }
      simulation.computePoses()
      const from = centre()
      body.velocity?.(simulation, before)
      simulation.advance(1)
      simulation.computePoses()
      body.velocity?.(simulation, velocity)
      centre().forEach((to, i) => {
        // The body may report the root instead of the centre where both move alike.
        const mean = (velocity[i] + before[i]) / 2
        expect(Math.abs((to - from[i]) / body.timing.timestep - mean)).toBeLessThan(
          0.1 + 0.1 * Math.abs(mean),
        )
      })
    })
  })
})

it.each([
  { body: walkingAnt, ground: 'its back', quat: [0, 1, 0, 0] },
  { body: quadruped, ground: 'its back', quat: [0, 1, 0, 0] },
])('$body.name falls on $ground, and not on its feet', async ({ body, quat }) => {
  await withSimulation(body, (simulation) => {
    const fallen = watchFall(body.frail ?? [], simulation, ['floor'])
    for (let i = 0; i < 200; i++) {
      simulation.advance(1)
      expect(fallen()).toBe(false)
    }
    simulation.qpos.set(quat, 3)
    expect(body.root?.upright(simulation)).toBe(-1)
    for (let i = 0; i < 200; i++) simulation.advance(1)
    expect(fallen()).toBe(true)
  })
})

it('refuses to watch falls of a body that does not say what its feet are, or of a model without the sensors', async () => {
  const { frail, ...unknown } = ball
  expect(frail).toEqual([])
  expect(() => composeModel(unknown, push)).toThrow(
    new RangeError('push: body must have "frail", got "ball" without, take another body'),
  )
  const simulation = await createSimulation(composeModel(walkingAnt, { ...push, watchesFall: false }))
  expect(() => watchFall(walkingAnt.frail ?? [], simulation, ['floor'])).toThrow(
    new RangeError('address: name must be of a sensor of the model, got "fall torso floor"'),
  )
  simulation.close()
})

it('gives a body another interval between actions, in whole time steps', () => {
  expect(withInterval(ball, 0.05).timing).toEqual({ timestep: 0.005, frameSkip: 10 })
  for (const seconds of [0.001, 0.0075, 0, -1, NaN, Infinity]) {
    expect(() => withInterval(ball, seconds)).toThrow(
      new RangeError(`withInterval: seconds must be a multiple of the 0.005 s of "ball", got ${seconds}`),
    )
  }
})
