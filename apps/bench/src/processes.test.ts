import { spawn } from 'node:child_process'
import { afterEach, expect, it, vi } from 'vitest'
import { startHelper } from './processes.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** Runs a module's text in a process of its own, with a channel to this one. */
function runModule(text: string): Promise<{ readonly status: number | null; readonly out: string }> {
  const child = spawn(
    process.execPath,
    ['--conditions=@maxent/source', '--input-type=module', '--eval', text],
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  )
  let out = ''
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()))
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, out })))
}

it('drops a report when the process that started this one is gone', async () => {
  const { href } = new URL('./processes.ts', import.meta.url)
  const { status, out } = await runModule(`
    import { report } from '${href}'
    process.disconnect()
    void report('progress')
    await report('progress')
    setTimeout(() => console.log('went on'), 50)
  `)
  expect(out).toBe('went on\n')
  expect(status).toBe(0)
})

it('ends with status 1 and the reason when the process cannot be started', async () => {
  vi.spyOn(process, 'execPath', 'get').mockReturnValue('/no/such/node')
  const helper = startHelper(['list'], () => undefined)
  const { status, errors } = await helper.finished
  expect(status).toBe(1)
  expect(errors).toMatch(/ENOENT/)
  helper.stop()
})

it('kills a process, and says which signal ended it', async () => {
  const helper = startHelper(['speed-part', 'update', '{"blocks":100000,"updates":40}'], () => undefined)
  helper.kill()
  const { status, errors } = await helper.finished
  expect(status).toBe(1)
  expect(errors).toContain('stopped by SIGTERM')
  helper.stop()
})
