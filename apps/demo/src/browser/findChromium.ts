import { accessSync, constants, globSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

/** Where installers put browsers outside the PATH, newest last. */
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  join(homedir(), '.cache/puppeteer/chrome/*/chrome-*/chrome'),
  join(homedir(), '.cache/ms-playwright/chromium-*/chrome-*/chrome'),
]

/**
 * The Chromium or Chrome to test in: `CHROME_PATH`, else the first on the PATH, else one that Playwright or Puppeteer keeps; `undefined` where
 * there is none.
 * @throws Error where `CHROME_PATH` names no program.
 */
export function findChromium(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const named = env['CHROME_PATH']
  if (named !== undefined && named !== '') {
    if (isProgram(named)) return named
    throw new Error(`findChromium: CHROME_PATH must name a program, got ${named}, correct or unset it`)
  }
  const folders = (env['PATH'] ?? '').split(delimiter)
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [...onPath, ...places.flatMap((place) => globSync(place).sort().reverse())].find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
