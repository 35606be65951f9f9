import type { Camera, EnvId } from '@maxent/envs'
import { encodePng, makeEnv } from '@maxent/envs'

const SIZE = { width: 240, height: 180, samples: 2 }
const COLORS = 256
/** A body shows itself after this many actions, which push its joints one way and the other in turn. */
const STEPS = 5
const PUSH = 0.3

/** From above, over a place and so far away. */
const above = (x: number, y: number, distance: number): Camera => ({
  kind: 'free',
  lookAt: [x, y, 0],
  azimuth: 90,
  elevation: -65,
  distance,
})

/** Beside an arm, over the table before it. */
const SAWYER: Camera = { kind: 'free', lookAt: [0.4, 0, 0.27], azimuth: 135, elevation: -20, distance: 1.5 }

/** Where the usual camera does not show what a task is about, by the environment or the end of its name. */
const cameras: Readonly<Record<string, Camera>> = {
  reacher: { kind: 'free', lookAt: [0, 0, 0], azimuth: 90, elevation: -60, distance: 0.9 },
  pusher: { kind: 'free', lookAt: [0.4, -0.2, -0.2], azimuth: 120, elevation: -45, distance: 2 },
  'planar-pusher-line': above(0.3, -0.3, 3.8),
  'planar-pusher-point': above(0.3, -0.3, 3.8),
  'sawyer-reach': SAWYER,
  'sawyer-random-reach': SAWYER,
  'sawyer-stack': SAWYER,
  'sawyer-avoid': SAWYER,
  'sawyer-stack-and-avoid': SAWYER,
  'jaco-hidden-reach': { kind: 'free', lookAt: [0, 0.15, 0.3], azimuth: 160, elevation: -20, distance: 1.6 },
  'hidden-box': above(0, 0, 12),
  box: above(0, 0, 6),
  'box-of-three': above(0, 0, 6),
  'two-boxes': above(0, 0, 6),
  'gather-boxes': above(0, 0, 6),
  'box-or-target': above(0, 0, 6),
  'box-and-target': above(0, 0, 6),
  'finish-line': above(0, 0, 8),
  'blocked-maze': above(4, 0, 19),
  'u-maze': above(2, 2.5, 15),
  'wide-hallway': above(0, 0, 15),
  'narrow-hallway': above(0, 0, 12),
  'cross-maze': above(6, 0, 22),
  targets: above(0, 0, 12),
  ring: above(0, 0, 20),
  target: above(0, 0, 12),
  gap: above(6, 0, 14),
  squares: above(0, 0, 14),
  slope: { kind: 'free', lookAt: [1.3, 0, 0], azimuth: 90, elevation: -35, distance: 4 },
  blocks: { kind: 'free', lookAt: [0.4, 0, 0.1], azimuth: 60, elevation: -25, distance: 1.6 },
  stairs: { kind: 'free', lookAt: [0.7, 0, -0.05], azimuth: 150, elevation: -25, distance: 2.2 },
}

const cameraOf = (id: EnvId): Camera | undefined =>
  cameras[id] ?? Object.entries(cameras).find(([task]) => id.endsWith(`-${task}`))?.[1]

/** The picture of an environment that the README shows, as the bytes of a PNG file. */
export async function takePicture(id: EnvId): Promise<Uint8Array> {
  const env = await makeEnv(id)
  try {
    env.reset({ seed: 0 })
    const action = Float32Array.from(env.spec.action.high, (high, i) => (i % 2 === 0 ? 1 : -1) * PUSH * high)
    for (let t = 0; t < STEPS; t++) {
      const { terminated, truncated } = env.step(action)
      if (terminated || truncated) break
    }
    const camera = cameraOf(id)
    return encodePng(env.render({ ...SIZE, ...(camera === undefined ? {} : { camera }) }), {
      colors: COLORS,
    })
  } finally {
    env.close()
  }
}
