import { JSDOM } from 'jsdom'
import { describe, expect, it } from 'vitest'
import { renderReport } from './page.ts'
import { syntheticReport } from './synthetic.testData.ts'

const markup = renderReport(syntheticReport())
const { document } = new JSDOM(markup).window

describe('the report', () => {
  it('needs nothing beside it: no reference leaves the file', () => {
    expect([...document.querySelectorAll('[src], link[href], a[href]')]).toEqual([])
    expect(markup).not.toMatch(/url\(|@import/)
  })

  it('shows a learning curve and a film of two episodes for each run', () => {
    expect(document.querySelectorAll('section')).toHaveLength(3)
    expect(document.querySelectorAll('svg[aria-label^="Learning curve of"]')).toHaveLength(2)
    expect(document.querySelectorAll('figure.film svg')).toHaveLength(4)
  })

  it('tells holding from failing claims in words', () => {
    expect([...document.querySelectorAll('.verdict')].map(({ textContent }) => textContent)).toEqual([
      '✓ holds',
      '✗ fails',
    ])
  })

  it('puts the learned return beside that of random actions', () => {
    const [table] = document.querySelectorAll('table')
    expect(table.textContent.replace(/\s+/g, ' ')).toContain(
      'random actions −1,224 290 100 learned −150 88 100',
    )
  })

  it('breaks a command between its options alone, and copies as it was', () => {
    const [command] = document.querySelectorAll('pre.command')
    expect(command.textContent).toBe('pnpm bench train --env pendulum --algo sac --steps 10000 --seed 1')
    expect([...command.children].map(({ textContent }) => textContent)).toEqual([
      'pnpm bench train',
      '--env pendulum',
      '--algo sac',
      '--steps 10000',
      '--seed 1',
    ])
  })

  it('escapes what it is given', () => {
    expect(markup).toContain('Test CPU &lt;9000&gt;')
  })

  it('draws in the colour of the text alone, so that print and dark pages need no colours', () => {
    for (const element of document.querySelectorAll('svg [stroke], svg [fill]')) {
      for (const paint of [element.getAttribute('stroke'), element.getAttribute('fill')]) {
        expect([null, 'none', 'currentColor', 'var(--paper)']).toContain(paint)
      }
    }
  })

  it('carries every pose to the script that moves it', () => {
    const svg = document.querySelector('svg[data-poses]')
    const poses = JSON.parse(svg?.getAttribute('data-poses') ?? '[]') as number[][]
    expect(poses).toHaveLength(100)
    expect(poses.flat().every(Number.isFinite)).toBe(true)
  })
})
