import { readFileSync } from 'node:fs'
import { decode } from 'fast-png'
import { expect, it } from 'vitest'
import { takePicture } from '../../scripts/picture.ts'
import { listEnvs } from '../index.ts'

const folder = new URL('../../', import.meta.url)

it('there is a picture of every environment, and the README shows it: run scripts/gallery.ts and scripts/readme.ts', () => {
  const readme = readFileSync(new URL('README.md', folder), 'utf8')
  let total = 0
  for (const { id } of listEnvs()) {
    const file = readFileSync(new URL(`pictures/${id}.png`, folder))
    const { width, height, palette, data } = decode(file)
    expect([width, height], id).toEqual([240, 180])
    // More than a background.
    expect(new Set(data).size, id).toBeGreaterThan(3)
    expect(palette?.length, id).toBeGreaterThan(3)
    expect(readme).toContain(`pictures/${id}.png`)
    total += file.length
  }
  expect(total).toBeLessThan(1_000_000)
})

it.each(['grid-target-4', 'half-cheetah', 'ball-cross-maze'] as const)(
  'the picture of %s is what it looks like now',
  async (id) => {
    const shown = readFileSync(new URL(`pictures/${id}.png`, folder))
    expect(shown.equals(await takePicture(id))).toBe(true)
  },
)
