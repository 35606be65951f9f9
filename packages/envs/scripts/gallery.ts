/** Takes a picture of every environment: `node --conditions=@maxent/source scripts/gallery.ts [id...]` in packages/envs. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import type { Camera, EnvId } from '@maxent/envs'
import { encodePng, envId, listEnvs, makeEnv } from '@maxent/envs'

const folder = new URL('../pictures/', import.meta.url)
const SIZE = { width: 240, height: 180, samples: 2 }
const COLORS = 256
/** A body shows itself after this many actions, which push its joints one way and the other in turn. */
const STEPS = 5
const PUSH = 0.3

/** Where the usual camera does not show what a task is about. */
const cameras: { readonly [id in EnvId]?: Camera } = {
  reacher: { kind: 'free', lookAt: [0, 0, 0], azimuth: 90, elevation: -60, distance: 0.9 },
}

async function takePicture(id: EnvId): Promise<number> {
  const env = await makeEnv(id)
  try {
    env.reset({ seed: 0 })
    const action = Float32Array.from(env.spec.action.high, (high, i) => (i % 2 === 0 ? 1 : -1) * PUSH * high)
    for (let t = 0; t < STEPS; t++) {
      const { terminated, truncated } = env.step(action)
      if (terminated || truncated) break
    }
    const camera = cameras[id]
    const file = encodePng(env.render({ ...SIZE, ...(camera === undefined ? {} : { camera }) }), {
      colors: COLORS,
    })
    writeFileSync(new URL(`${id}.png`, folder), file)
    return file.length
  } finally {
    env.close()
  }
}

mkdirSync(folder, { recursive: true })
const ids = argv.length > 2 ? argv.slice(2).map(envId) : listEnvs().map(({ id }) => id)
let total = 0
for (const id of ids) total += await takePicture(id)
console.log(`${ids.length} pictures, ${total} bytes`)
