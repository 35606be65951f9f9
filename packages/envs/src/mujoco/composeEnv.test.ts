import { afterEach, describe, expect, it } from 'vitest'
import { halfCheetah } from '../bodies/halfCheetah.ts'
import { liveHandles } from '../diagnostics.ts'
import { checkEnv, makeEnv } from '../index.ts'
import { balance } from '../tasks/balance.ts'
import { halfCheetahRun } from '../tasks/gymnasium.ts'
import type { Body, Task } from './index.ts'
import { composeEnv, element, emptySpace, jointGroup } from './index.ts'

afterEach(() => expect(liveHandles()).toBe(0))

/** A ball on a rail, with what a user may get wrong. */
const ball = (fragment: Body['fragment'], more: Partial<Body> = {}): Body => ({
  name: 'ball',
  source: 'this test',
  timing: { timestep: 0.01, frameSkip: 2 },
  action: { low: [-1], high: [1] },
  surface: {},
  fragment,
  proprioception: { proprio: jointGroup({ positions: 1, velocities: 1, skip: 0 }) },
  start: ({ qpos }, key) => {
    qpos[0] = key[1] / 2 ** 32
  },
  forward: ({ qpos }) => qpos[0],
  ...more,
})

const rail = (gear: number): Body['fragment'] => ({
  worldbody: [
    element('body', { name: 'ball' }, [
      element('joint', { name: 'rail', type: 'slide', axis: [1, 0, 0] }),
      element('geom', { type: 'sphere', size: 0.1 }),
    ]),
  ],
  actuator: [element('motor', { joint: 'rail', gear })],
})

const stay: Task = {
  name: 'stay',
  source: 'this test',
  maxEpisodeSteps: 5,
  arena: emptySpace,
  bind: (_, simulation) => {
    const outcome = { reward: 0, terminated: false, info: {} }
    return {
      outcome,
      memory: new Float64Array(0),
      start: () => undefined,
      after: () => {
        outcome.reward = -Math.abs(simulation.qpos[0])
      },
    }
  },
}

describe('composeEnv', () => {
  it('makes an environment that lacks nothing', async () => {
    expect(await checkEnv(() => composeEnv(ball(rail(10)), stay), { handles: liveHandles })).toEqual([])
    const env = await composeEnv(ball(rail(10)), stay)
    expect(env.spec).toEqual({
      id: 'ball-stay',
      observation: { proprio: 2 },
      action: { low: [-1], high: [1] },
      maxEpisodeSteps: 5,
    })
    env.close()
  })

  it('makes what makeEnv makes', async () => {
    const [own, listed] = [await composeEnv(halfCheetah, halfCheetahRun), await makeEnv('half-cheetah')]
    const action = Float32Array.of(1, -1, 0.5, 0, 0.2, -0.3)
    for (const env of [own, listed]) {
      env.reset({ seed: 4 })
      env.step(action)
    }
    expect(own.snapshot()).toEqual(listed.snapshot())
    own.close()
    listed.close()
  })

  it("tells MuJoCo's own message about a model that does not compile, with the names of body and task", async () => {
    const wrong: [Body['fragment'], string][] = [
      [{ worldbody: ['<bodies/>'] }, 'unrecognized element'],
      [{ worldbody: ['<body name="ball"><geom size="-1"/></body>'] }, 'size'],
      [{ worldbody: ['<body>'] }, 'XML'],
      [{ ...rail(1), actuator: [element('motor', { joint: 'tail' })] }, "unknown transmission target 'tail'"],
    ]
    for (const [fragment, message] of wrong) {
      await expect(composeEnv(ball(fragment), stay)).rejects.toThrow(message)
      await expect(composeEnv(ball(fragment), stay)).rejects.toThrow(
        'composeDynamics: the model of "ball" doing "stay" must compile, got from MuJoCo: ',
      )
    }
  })

  it('refuses numbers that no model can have, bodies that do not fit, and limits that are none', async () => {
    expect(() => rail(NaN)).toThrow('element: motor.gear must be finite, got [NaN]')
    await expect(composeEnv(ball(rail(1)), balance)).rejects.toThrow(
      'balance: body must have "healthy", got "ball" without, take another body',
    )
    for (const maxEpisodeSteps of [0, 1.5, NaN]) {
      await expect(composeEnv(ball(rail(1)), stay, { maxEpisodeSteps })).rejects.toThrow(
        new RangeError(`composeEnv: maxEpisodeSteps must be a positive integer, got ${maxEpisodeSteps}`),
      )
    }
  })

  it('names unstable physics with the state that it came from', async () => {
    const env = await composeEnv(ball(rail(1e12)), stay)
    env.reset({ seed: 1 })
    const { proprio } = env.step(Float32Array.of(0)).observation
    expect(() => env.step(Float32Array.of(1))).toThrow(
      'step: "ball-stay" must stay within its numerical range, got a diverging state in step 2 ' +
        `from the observation proprio [${[...proprio].join(', ')}] with the action [1], call reset`,
    )
    expect(() => env.step(Float32Array.of(0))).toThrow('must have a running episode')
    env.reset()
    expect(env.step(Float32Array.of(0)).reward).toBeLessThanOrEqual(0)
    env.close()
  })
})
