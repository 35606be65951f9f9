import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const blockBytes = 512

/** The files in a tarball as npm and pnpm pack them, by path. */
export function readTarball(file: string): ReadonlyMap<string, Buffer> {
  const tar = gunzipSync(readFileSync(file))
  const files = new Map<string, Buffer>()
  const text = (from: number, length: number): string =>
    tar.toString('utf8', from, from + length).replace(/\0.*$/s, '')
  for (let at = 0; at < tar.length && tar[at] !== 0;) {
    const size = parseInt(text(at + 124, 12), 8)
    const isFile = ['0', ''].includes(text(at + 156, 1))
    const prefix = text(at + 345, 155)
    const name = `${prefix === '' ? '' : `${prefix}/`}${text(at, 100)}`.replace(/^package\//, '')
    if (isFile) files.set(name, tar.subarray(at + blockBytes, at + blockBytes + size))
    at += blockBytes * (1 + Math.ceil(size / blockBytes))
  }
  return files
}
