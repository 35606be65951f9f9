import { JSDOM } from 'jsdom'
import { describe, expect, it } from 'vitest'
import { gridWorlds, type GridWorld } from './gridWorld.ts'

/** Two by two; the first place moves up for certain, the second is undecided, the rest move left. */
const world: GridWorld = {
  label: 'a <label>',
  colorTitle: 'value',
  colors: [0, 1, 2, 4],
  policy: [0, 1, 0.5, 0.5, 1, 0, 1, 0],
  moves: [
    [-1, 0],
    [0, 1],
  ],
}

describe('grid worlds', () => {
  const twice = { ...world, colorTitle: 'other', colors: [8, 8, 8, 9] }
  const { document } = new JSDOM(gridWorlds('two worlds', [world, world, twice]).markup).window

  it('are lettered panels with a place and an arrow for each number', () => {
    const panels = [...document.querySelectorAll('.panels > div')]
    expect(panels.map((panel) => panel.querySelector('span')?.textContent)).toEqual([
      '(a) a <label>',
      '(b) a <label>',
      '(c) a <label>',
    ])
    for (const panel of panels) {
      expect(panel.querySelectorAll('svg rect')).toHaveLength(4)
      expect(panel.querySelectorAll('svg [aria-label="vector"] path')).toHaveLength(4)
    }
  })

  it('share a scale where their colours mean the same', () => {
    const scales = [...document.querySelectorAll('.scale')].map((scale) => scale.textContent)
    expect(scales[0]).toBe('value 0.00 (light) to 4.00 (dark)')
    expect(scales[1]).toBe(scales[0])
    expect(scales[2]).toBe('other 8.00 (light) to 9.00 (dark)')
  })

  it('draw the first place below on the left, and long arrows where the policy is sure', () => {
    const svg = document.querySelector('.panels svg')
    const [first, , third] = [...(svg?.querySelectorAll('rect') ?? [])]
    expect(Number(first.getAttribute('y'))).toBeGreaterThan(Number(third.getAttribute('y')))
    const arrows = [...(svg?.querySelectorAll('[aria-label="vector"] path') ?? [])]
    const lengthOf = (arrow: Element): number =>
      Number(/M0,0L0,(-?[\d.]+)/.exec(arrow.getAttribute('d') ?? '')?.[1])
    expect(Math.abs(lengthOf(arrows[0]))).toBeCloseTo(21, 6)
    expect(Math.abs(lengthOf(arrows[1]))).toBeCloseTo(21 * Math.SQRT1_2, 1)
  })
})
