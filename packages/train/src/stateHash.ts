import { eachLeaf, type Tree } from '@maxent/core/tree'
import type { HostTensor } from '@maxent/jit'
import { sha256 } from './sha256.ts'

/**
 * The identity of a state: SHA-256, in hex, over path, type, shape and bytes of every leaf in the tree's order. Two runs with the same
 * hash hold the same bits; the bits of one program differ between processors, so say the machine beside a hash.
 */
export async function stateHash(state: Tree<HostTensor>): Promise<string> {
  const parts: Uint8Array[] = []
  eachLeaf(state, ({ dtype, shape, data }, path) => {
    parts.push(new TextEncoder().encode(`${JSON.stringify([path, dtype, shape, data.byteLength])}\n`))
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  })
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return Array.from(await sha256(all), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
