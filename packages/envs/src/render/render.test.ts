import { decode } from 'fast-png'
import { afterEach, describe, expect, it } from 'vitest'
import type { Env } from '@maxent/core/contracts'
import { liveHandles } from '../diagnostics.ts'
import type { Image, RenderOptions } from '../index.ts'
import { encodePng, listEnvs, makeEnv } from '../index.ts'
import { AGENT, GOAL, PAPER } from './colors.ts'

const SIZE = { width: 64, height: 48 }

/** Red, green and blue of a pixel, counted from the left and from the top. */
const pixel = ({ width, data }: Image, x: number, y: number): number[] => [
  ...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
]

const bytes = (color: readonly number[]): number[] => color.map((channel) => Math.round(255 * channel))

const half = ({ spec }: Env): Float32Array => Float32Array.from(spec.action.high, (high, i) => high / (2 + i))

/** The first seed whose episode outlives two of these actions. */
function longSeed(env: Env): number {
  for (let seed = 3; ; seed++) {
    env.reset({ seed })
    if (!env.step(half(env)).terminated && !env.step(half(env)).terminated) return seed
  }
}

afterEach(() => expect(liveHandles()).toBe(0))

describe.each(listEnvs().map(({ id }) => id))('a picture of %s', (id) => {
  it('is of its state alone, and changes nothing', async () => {
    const [env, other] = [await makeEnv(id), await makeEnv(id)]
    const seed = longSeed(env)
    env.reset({ seed })
    other.reset({ seed })
    const first = env.render(SIZE)
    expect([first.width, first.height, first.data.length]).toEqual([64, 48, 64 * 48 * 3])
    expect(new Set(first.data).size).toBeGreaterThan(1)
    env.step(half(env))
    env.render(SIZE)
    const snapshot = env.snapshot()
    const seen = env.render(SIZE).data
    const next = { ...env.step(half(env)), observation: undefined }
    const after = env.snapshot()
    other.step(half(other))
    other.step(half(other))
    expect(other.snapshot()).toEqual(after)
    other.restore(snapshot)
    expect(other.render(SIZE).data).toEqual(seen)
    expect({ ...other.step(half(other)), observation: undefined }).toEqual(next)
    expect(other.snapshot()).toEqual(after)
    env.close()
    other.close()
  })
})

describe('pictures of bodies', () => {
  it('have sky above, the body in the middle where the camera follows it, and squares below', async () => {
    const env = await makeEnv('ant')
    env.reset({ seed: 0 })
    const picture = env.render({ ...SIZE, camera: { kind: 'track', body: 'torso' } })
    const [skyR, skyG, skyB] = pixel(picture, 32, 0)
    expect(skyB).toBeGreaterThan(skyR)
    expect(skyB).toBeGreaterThan(200)
    expect(skyG).toBeGreaterThan(skyR)
    // The torso is a ball of orange: much more red than blue.
    const [torsoR, , torsoB] = pixel(picture, 32, 24)
    expect(torsoR).toBeGreaterThan(2 * torsoB)
    // The floor is grey, light and dark.
    const floor = Array.from({ length: 64 }, (_, x) => pixel(picture, x, 47))
    for (const [r, g, b] of floor) expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThan(40)
    const lightness = floor.map(([r]) => r)
    expect(Math.max(...lightness) - Math.min(...lightness)).toBeGreaterThan(15)
    env.close()
  })

  it('look up into the sky, which has the same bytes in every row, and straight down onto the body', async () => {
    const env = await makeEnv('ant')
    env.reset({ seed: 0 })
    const up = env.render({ width: 3, height: 3, camera: { kind: 'free', lookAt: [0, 0, 9], elevation: 90 } })
    const zenith = [89, 140, 217]
    expect([...up.data]).toEqual(Array.from({ length: 9 }, () => zenith).flat())
    const down = env.render({ width: 3, height: 3, camera: { kind: 'track', elevation: -90 } })
    const [r, , b] = pixel(down, 1, 1)
    expect(r).toBeGreaterThan(2 * b)
    env.close()
  })

  it('leave the body behind with a camera that stays, and not with one that follows', async () => {
    const env = await makeEnv('half-cheetah')
    env.reset({ seed: 0 })
    const orange = ({ data }: Image): number =>
      Array.from({ length: data.length / 3 }, (_, i) => data[3 * i] > 1.5 * data[3 * i + 2]).filter(Boolean)
        .length
    const free: RenderOptions = { ...SIZE, camera: { kind: 'free', lookAt: [0, 0, 0.6], distance: 4 } }
    const tracking: RenderOptions = { ...SIZE, camera: { kind: 'track', distance: 4 } }
    expect(orange(env.render(free))).toBeGreaterThan(20)
    const { physics, ...rest } = env.snapshot()
    const moved = physics.slice()
    // Time comes first, then x.
    moved[1] += 30
    env.restore({ ...rest, physics: moved })
    expect(orange(env.render(free))).toBe(0)
    expect(orange(env.render(tracking))).toBeGreaterThan(20)
    env.close()
  })

  it('throw a shadow onto the floor, on the side away from the sun', async () => {
    const env = await makeEnv('ant')
    env.reset({ seed: 0 })
    const picture = env.render({
      width: 80,
      height: 80,
      camera: { kind: 'track', elevation: -90, distance: 5 },
    })
    // The sun stands to the left and in front: the right half behind is darker.
    const mean = (x0: number, y0: number): number => {
      let sum = 0
      for (let y = y0; y < y0 + 40; y++) for (let x = x0; x < x0 + 40; x++) sum += pixel(picture, x, y)[2]
      return sum / 1600
    }
    expect(mean(40, 0)).toBeLessThan(mean(0, 40))
    env.close()
  })

  it('have means of several samples at edges', async () => {
    const env = await makeEnv('hopper')
    env.reset({ seed: 0 })
    const [rough, smooth] = [env.render(SIZE), env.render({ ...SIZE, samples: 3 })]
    expect(smooth.data).toHaveLength(rough.data.length)
    expect(smooth.data).not.toEqual(rough.data)
    env.close()
  })
})

describe('pictures of planes', () => {
  it('show the goals and the agent where they are', async () => {
    const env = await makeEnv('multi-goal')
    env.reset({ seed: 0 })
    const { state, ...rest } = env.snapshot()
    env.restore({ ...rest, state: Float64Array.from(state, () => 0) })
    const picture = env.render({ width: 141, height: 141 })
    // 7 m to each side: ten pixels a metre.
    expect(pixel(picture, 70, 70)).toEqual(bytes(AGENT))
    expect(pixel(picture, 120, 70)).toEqual(bytes(GOAL))
    expect(pixel(picture, 70, 20)).toEqual(bytes(GOAL))
    expect(pixel(picture, 120, 20)).toEqual(bytes(PAPER))
    env.close()
  })

  it('have no camera', async () => {
    const env = await makeEnv('grid-diagonal')
    env.reset({ seed: 0 })
    expect(() => env.render({ camera: { kind: 'track' } })).toThrow(
      'render: camera must be left out for an environment in a plane',
    )
    env.close()
  })
})

describe('render refuses', () => {
  it.each([
    [{ width: 0 }, 'render: width must be an integer from 1 to 4096, got 0'],
    [{ height: 1.5 }, 'render: height must be an integer from 1 to 4096, got 1.5'],
    [{ width: NaN }, 'render: width must be an integer from 1 to 4096, got NaN'],
    [{ samples: 5 }, 'render: samples must be an integer from 1 to 4, got 5'],
    [{ camera: { kind: 'track', body: 'tail' } }, 'must be of a body of the model, got "tail"'],
    [{ camera: { kind: 'track', elevation: 91 } }, 'render: camera.elevation must be within ±90, got 91'],
    [{ camera: { kind: 'track', distance: 0 } }, 'render: camera.distance must be positive, got 0'],
    [
      { camera: { kind: 'track', fieldOfView: 180 } },
      'render: camera.fieldOfView must be above 0 and below 180',
    ],
    [{ camera: { kind: 'track', azimuth: NaN } }, 'render: camera.azimuth must be finite'],
    [{ camera: { kind: 'free', lookAt: [0, NaN, 0] } }, 'render: camera.lookAt must be three finite numbers'],
  ] satisfies [RenderOptions, string][])('%j', async (options, message) => {
    const env = await makeEnv('hopper')
    env.reset({ seed: 0 })
    expect(() => env.render(options)).toThrow(message)
    expect(env.render(SIZE).width).toBe(64)
    env.close()
  })

  it('pictures before the first reset and after close', async () => {
    const env = await makeEnv('hopper')
    expect(() => env.render()).toThrow('render: "hopper" must have had an episode, got none yet, call reset')
    env.reset()
    env.close()
    expect(() => env.render()).toThrow('render: "hopper" must be open, got a closed environment')
  })
})

describe('PNG files', () => {
  const image = (colors: number): Image => ({
    width: 32,
    height: 32,
    data: Uint8Array.from(
      { length: 32 * 32 * 3 },
      (_, i) => ((Math.floor(i / 3) % colors) * 7 + (i % 3)) % 256,
    ),
  })

  it('read back as the same pixels, with few colours and with many', async () => {
    for (const colors of [3, 256]) {
      const { palette, data } = decode(encodePng(image(colors)))
      const pixels = Uint8Array.from([...data].flatMap((number) => palette?.[number] ?? []))
      expect(pixels).toEqual(image(colors).data)
    }
    const env = await makeEnv('ant')
    env.reset({ seed: 0 })
    const picture = env.render()
    const { width, height, data, channels } = decode(encodePng(picture))
    expect([width, height, channels]).toEqual([320, 240, 3])
    expect(Uint8Array.from(data)).toEqual(picture.data)
    env.close()
  })

  it('keep to a number of colours, and stay near the picture', async () => {
    const env = await makeEnv('ant')
    env.reset({ seed: 0 })
    const picture = env.render(SIZE)
    for (const colors of [256, 64, 2]) {
      const { palette, data } = decode(encodePng(picture, { colors }))
      expect(palette?.length).toBeLessThanOrEqual(colors)
      const error = picture.data.map((byte, i) =>
        Math.abs(byte - (palette?.[data[Math.floor(i / 3)]][i % 3] ?? 0)),
      )
      if (colors === 256) expect(Math.max(...error)).toBeLessThan(32)
    }
    for (const colors of [1, 257, 2.5, NaN]) {
      expect(() => encodePng(picture, { colors })).toThrow(
        new RangeError(`encodePng: colors must be an integer from 2 to 256, got ${colors}`),
      )
    }
    env.close()
  })
})
