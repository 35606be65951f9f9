/** Takes a picture of every environment: `node --conditions=@maxent/source scripts/gallery.ts [id...]` in packages/envs. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { envId, listEnvs } from '@maxent/envs'
import { takePicture } from './picture.ts'

const folder = new URL('../pictures/', import.meta.url)

mkdirSync(folder, { recursive: true })
const ids = argv.length > 2 ? argv.slice(2).map(envId) : listEnvs().map(({ id }) => id)
let total = 0
for (const id of ids) {
  const file = await takePicture(id)
  writeFileSync(new URL(`${id}.png`, folder), file)
  total += file.length
}
console.log(`${ids.length} pictures, ${total} bytes`)
