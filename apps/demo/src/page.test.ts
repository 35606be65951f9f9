import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchChromium } from './browser/chromium.ts'
import { describeInChromium, patience } from './browser/describeInChromium.ts'
import { servePage, type ServedPage } from './browser/servePage.ts'

const textOf = (page: Page, id: string): Promise<string> => page.locator(`#${id}`).innerText()
const stepsOf = async (page: Page): Promise<number> =>
  parseInt((await textOf(page, 'steps')).replace(',', ''))
const statusIs = (page: Page, status: string): Promise<void> =>
  page.locator('#status', { hasText: status }).waitFor()

describeInChromium('the page', (executable) => {
  let served: ServedPage
  let browser: Browser
  beforeAll(async () => {
    served = await servePage('index.html')
    browser = await launchChromium(executable)
  }, patience)
  afterAll(async () => {
    await browser.close()
    await served.close()
  })

  it('learns, pauses, goes on where it was, and begins anew', async () => {
    const page = await browser.newPage()
    page.setDefaultTimeout(patience / 3)
    const errors: Error[] = []
    page.on('pageerror', (error) => errors.push(error))
    await page.goto(served.plain)
    expect(await textOf(page, 'steps')).toBe('0 of 10,000')

    await page.click('#start')
    await statusIs(page, 'Learning')
    await page.locator('#film', { hasText: 'Step 500' }).waitFor()
    expect(await page.locator('#chart circle').count()).toBeGreaterThanOrEqual(3)
    expect(Number((await textOf(page, 'return')).replace('−', '-').replace(',', ''))).toBeLessThan(-100)

    await page.click('#pause')
    await statusIs(page, 'Paused')
    const paused = await stepsOf(page)
    expect(paused).toBeGreaterThanOrEqual(500)
    await page.waitForTimeout(600)
    expect(await stepsOf(page)).toBe(paused)

    await page.click('#start')
    await statusIs(page, 'Learning')
    await expect.poll(() => stepsOf(page), { timeout: patience / 3 }).toBeGreaterThan(paused)

    await page.click('#reset')
    await statusIs(page, 'Ready')
    expect(await stepsOf(page)).toBe(0)
    expect(await page.locator('#chart circle').count()).toBe(0)
    await page.click('#start')
    await expect.poll(() => stepsOf(page), { timeout: patience / 3 }).toBeGreaterThan(0)
    expect(errors).toEqual([])
    await page.close()
  })

  it.each([390, 1440])('fits a window %i pixels wide, light and dark', async (width) => {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: 'light' })
    await page.goto(served.plain)
    const look = (): Promise<{ readonly width: number; readonly paper: string }> =>
      page.evaluate(() => ({
        width: document.documentElement.scrollWidth,
        paper: getComputedStyle(document.body).backgroundColor,
      }))
    expect(await look()).toEqual({ width, paper: 'rgb(255, 255, 255)' })
    const chart = await page.locator('#chart svg').boundingBox()
    expect(chart?.width).toBeGreaterThan(300)
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await look()).toEqual({ width, paper: 'rgb(20, 23, 26)' })
    await page.close()
  })

  it('says what is wrong where the browser has no WebAssembly SIMD', async () => {
    const old = await launchChromium(executable, ['--no-enable-sse4-1'])
    const page = await old.newPage()
    await page.goto(served.plain)
    await page.click('#start')
    await page.getByRole('alert').waitFor()
    expect(await textOf(page, 'failure')).toContain('the browser must have WebAssembly SIMD, got one without')
    await old.close()
  })
})
