import { chromium, type Browser, type Page } from 'playwright-core'
import type { Checks } from '../checks/worker.ts'

/** Starts Chromium without a window. */
export async function launchChromium(
  executablePath: string,
  v8Flags: readonly string[] = [],
): Promise<Browser> {
  return await chromium.launch({
    executablePath,
    args: v8Flags.length === 0 ? [] : [`--js-flags=${v8Flags.join(',')}`],
  })
}

/** Opens the page of checks. */
export async function openChecks(browser: Browser, url: string): Promise<ChecksPage> {
  const page = await browser.newPage()
  await page.goto(url)
  await page.waitForFunction('window.check !== undefined')
  return {
    page,
    run: async (name, ...args) =>
      (await page.evaluate(
        ([called, values]) =>
          (window as unknown as { check(name: string, args: readonly unknown[]): Promise<unknown> }).check(
            called,
            values,
          ),
        [name, args] as const,
      )) as never,
  }
}

/** A page whose worker runs checks. */
export interface ChecksPage {
  readonly page: Page
  run<Name extends keyof Checks>(
    name: Name,
    ...args: Parameters<Checks[Name]>
  ): Promise<Awaited<ReturnType<Checks[Name]>>>
}
