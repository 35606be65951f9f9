import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, preview } from 'vite'

const root = join(import.meta.dirname, '../..')

/** A page that is built and served. */
export interface ServedPage {
  /** Its address, cross-origin isolated. */
  readonly isolated: string
  /** Its address without the headers that isolate it, as most servers give it. */
  readonly plain: string
  close(): Promise<void>
}

/** Builds a page of this app for browsers and serves it on free ports of this machine. */
export async function servePage(page: 'index.html' | 'checks.html'): Promise<ServedPage> {
  const outDir = await mkdtemp(join(tmpdir(), 'maxent-demo-'))
  await build({
    root,
    logLevel: 'error',
    build: {
      outDir,
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: { input: join(root, page) },
    },
  })
  const start = async (headers: Record<string, string> = {}): Promise<Server> => {
    const server = await preview({
      root,
      logLevel: 'error',
      build: { outDir },
      preview: { port: 0, host: '127.0.0.1', headers },
    })
    const { port } = server.httpServer.address() as AddressInfo
    return { url: `http://127.0.0.1:${port}/${page}`, close: () => server.close() }
  }
  const [isolated, plain] = [await start(), await start(notIsolated)]
  return {
    isolated: isolated.url,
    plain: plain.url,
    close: async () => {
      await isolated.close()
      await plain.close()
      await rm(outDir, { recursive: true })
    },
  }
}

interface Server {
  readonly url: string
  close(): Promise<void>
}

/** What a page gets that asks for nothing. */
const notIsolated = {
  'Cross-Origin-Opener-Policy': 'unsafe-none',
  'Cross-Origin-Embedder-Policy': 'unsafe-none',
}
