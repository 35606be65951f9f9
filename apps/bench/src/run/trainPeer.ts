import { execFile, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import { interruption } from '../errors.ts'
import type { PeerArm } from '../suites/suite.ts'
import type { Standing } from '../terminal/progress.ts'
import type { CellData, CellResult } from './cellResult.ts'
import { resolveArm } from './grid.ts'

const script = fileURLToPath(new URL('../../peers/train.py', import.meta.url))

const numbers = z.array(z.number()).readonly()
const line = z.union([
  z.strictObject({
    progress: z.strictObject({
      step: z.number(),
      stepsPerSecond: z.number(),
      evalReturn: z.number().optional(),
    }),
  }),
  z.strictObject({
    result: z.strictObject({
      curves: z.record(z.string(), z.strictObject({ steps: numbers, values: numbers })),
      scalars: z.record(z.string(), z.number()),
      samples: z.record(z.string(), numbers),
      runtime: z.string(),
    }),
  }),
])

/** What keeps a Python from running the peers, in a sentence, or `undefined` where nothing does. */
export async function peerLack(python: string): Promise<string | undefined> {
  try {
    await promisify(execFile)(python, [script, '--check'])
    return undefined
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { readonly stderr?: string }
    if (code === 'ENOENT') return `there is no ${python}`
    return (stderr ?? '').trim() || message
  }
}

/**
 * Trains an arm in the Python library it names, with one thread.
 * @throws CommandError when the signal ends it: it starts anew the next time.
 */
export async function trainPeer(
  arm: PeerArm,
  seed: number,
  {
    python,
    signal,
    onProgress,
  }: {
    readonly python: string
    readonly signal: AbortSignal
    readonly onProgress: (standing: Standing) => void
  },
): Promise<Pick<CellData, 'curves' | 'scalars' | 'samples'> & Pick<CellResult, 'runtime'>> {
  const { env, config, train } = resolveArm(arm, 1)
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'pipe'], signal })
  let errors = ''
  let result: Extract<z.infer<typeof line>, { result: unknown }>['result'] | undefined
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-8000)))
  // A process that cannot start has no one to read what it is sent; its end says so.
  child.stdin.on('error', () => undefined)
  child.stdin.end(JSON.stringify({ env, seed, config, train }))
  const ended = new Promise<number | null>((resolve) => {
    child.on('error', ({ message }) => {
      errors += message
      resolve(null)
    })
    child.on('close', resolve)
  })
  for await (const text of createInterface(child.stdout)) {
    const news = line.parse(JSON.parse(text))
    if ('result' in news) ({ result } = news)
    else {
      const { evalReturn, ...standing } = news.progress
      onProgress({ ...standing, ...(evalReturn === undefined ? {} : { evalReturn }) })
    }
  }
  const status = await ended
  if (signal.aborted) throw interruption(`Stopped ${arm.id}, seed ${seed}: a peer starts anew the next time`)
  if (status !== 0 || result === undefined) {
    throw new Error(`trainPeer: ${arm.peer} must end with a result, got status ${status}: ${errors.trim()}`)
  }
  return result
}
