import type { DType } from '@maxent/core/contracts'
import { key, type Key } from '@maxent/core/keys'
import { eachLeaf, leaves, mapTree, type Tree } from '@maxent/core/tree'
import type { HostTensor } from '@maxent/jit'
import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import type { StoredTensor } from './container.ts'
import { decodeSafetensors, encodeSafetensors, type FileTensor } from './safetensors.ts'

/** What a state's file needs to know of the algorithm: its name, and what its states look like. */
export interface StateOwner {
  /** The registered name, as in `sac`. */
  readonly id: string
  /** An initial state, for its structure, shapes and types. */
  init(key: Key): Tree<Tensor>
}

/** What {@link exportState} takes. */
export interface ExportStateOptions {
  /** The algorithm with the configuration that it was trained with. */
  readonly algorithm: StateOwner
  /** Its state, from a run or a checkpoint. */
  readonly state: Tree<HostTensor>
}

/** What {@link importState} takes. */
export interface ImportStateOptions {
  /** The algorithm that is to go on with the state, configured as the one that wrote it. */
  readonly algorithm: StateOwner
  /** The bytes of the file. */
  readonly file: Uint8Array
}

const metadataKey = 'maxent.state'
const version = 1

const dtypeNames = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const
const arrayTypes = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const

/**
 * A state as one safetensors file, for Python and other tools: a tensor per leaf, named by its path as in `optimizer/policy/step`; the metadata
 * `maxent.state` says version and algorithm. {@link importState} reads it back, bit for bit. Parameters, targets, optimisers and temperature
 * are inside; replay, environment and counters of the loop are not: those are in checkpoints.
 * @throws RangeError when the state is not one of the algorithm.
 */
export function exportState({ algorithm, state }: ExportStateOptions): Uint8Array<ArrayBuffer> {
  const { metadata, wanted } = expected('exportState', algorithm)
  const tensors = new Map<string, FileTensor>()
  eachLeaf<HostTensor>(state, ({ dtype, shape, data }, path) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    tensors.set(path, { dtype: dtypeNames[dtype], shape, bytes })
  })
  checkLeaves('exportState: state', wanted, tensors)
  return encodeSafetensors({ metadata, tensors })
}

/**
 * The state in a file of {@link exportState}, or of another tool that kept names, shapes, types and metadata.
 * @throws RangeError when the file is cut or is no safetensors file, was written for another algorithm or by a later version, or lacks a leaf
 * of the algorithm's state, has one too many, or one of another shape or type.
 */
export function importState({ algorithm, file }: ImportStateOptions): Tree<HostTensor> {
  const expectation = expected('importState', algorithm)
  const { metadata: found, tensors } = decodeSafetensors('importState', file)
  checkMetadata(expectation.metadata[metadataKey], found[metadataKey])
  return stateOf('importState: file', expectation, tensors)
}

/**
 * The state of an algorithm among the arrays of a checkpoint.
 * @throws RangeError that names the leaf that does not fit.
 */
export function stateOfCheckpoint(
  caller: string,
  algorithm: StateOwner,
  arrays: ReadonlyMap<string, StoredTensor>,
): Tree<HostTensor> {
  const prefix = 'state/'
  const tensors = new Map<string, FileTensor>()
  for (const [path, { dtype, shape, data }] of arrays) {
    if (!path.startsWith(prefix)) continue
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const name = dtype === 'float64' ? 'F64' : dtypeNames[dtype]
    tensors.set(path.slice(prefix.length), { dtype: name, shape, bytes })
  }
  return stateOf(`${caller}: checkpoint`, expected(caller, algorithm), tensors)
}

function stateOf(
  subject: string,
  { wanted, like }: Expected,
  tensors: ReadonlyMap<string, FileTensor>,
): Tree<HostTensor> {
  checkLeaves(subject, wanted, tensors)
  return mapTree<Tree<Leaf>, Leaf, HostTensor>(like, ({ dtype, shape }, path) => {
    // A copy: tensors of other writers may begin anywhere.
    const { buffer } = new Uint8Array(tensors.get(path)?.bytes ?? [])
    return { dtype, shape, data: new arrayTypes[dtype](buffer) }
  })
}

/** Shape and type of a leaf. */
interface Leaf {
  readonly dtype: DType
  readonly shape: readonly number[]
}

interface Expected {
  readonly metadata: Readonly<Record<string, string>>
  readonly like: Tree<Leaf>
  readonly wanted: ReadonlyMap<string, Leaf>
}

function expected(caller: string, { id, init }: StateOwner): Expected {
  const initial = tf.tidy(() => init(key(0)) as tf.TensorContainer) as Tree<Tensor>
  const like = mapTree<Tree<Tensor>, Tensor, Leaf>(initial, ({ dtype, shape }) => ({
    dtype: dtype as DType,
    shape,
  }))
  for (const tensor of leaves(initial)) tensor.dispose()
  const wanted = new Map<string, Leaf>()
  eachLeaf<Leaf>(like, (leaf, path) => {
    if (wanted.has(path) || path === '__metadata__') {
      throw new RangeError(`${caller}: algorithm must have leaves of different paths, got "${path}" again`)
    }
    wanted.set(path, leaf)
  })
  return { metadata: { [metadataKey]: JSON.stringify({ version, algorithm: id }) }, like, wanted }
}

/** @throws RangeError when the file was not written for this algorithm by this version. */
function checkMetadata(wanted: string, found: string | undefined): void {
  if (found === wanted) return
  const rule = `importState: file must have the metadata ${metadataKey} = ${wanted}`
  if (found === undefined) {
    throw new RangeError(
      `${rule}, got none; write it with exportState, or keep the metadata where another tool saves it`,
    )
  }
  const isNewer = (versionOf(found) ?? 0) > version
  const remedy = isNewer ? 'update @maxent/train' : 'make the algorithm that wrote it'
  throw new RangeError(`${rule}, got ${found}; ${remedy}`)
}

function versionOf(text: string): number | undefined {
  try {
    return (JSON.parse(text) as { readonly version?: number } | null)?.version
  } catch {
    return undefined
  }
}

/** @throws RangeError that names the first leaf that is missing, of another shape or type, or too many. */
function checkLeaves(
  subject: string,
  wanted: ReadonlyMap<string, Leaf>,
  found: ReadonlyMap<string, FileTensor>,
): void {
  const remedy = 'make the algorithm with the configuration that the state was learned with'
  for (const [path, { dtype, shape }] of wanted) {
    const rule = `${subject} must hold leaf "${path}" as ${dtype} [${shape.join(', ')}]`
    const tensor = found.get(path)
    if (tensor === undefined) throw new RangeError(`${rule}, got no such leaf; ${remedy}`)
    const { dtype: name, bytes } = tensor
    const isSameShape = tensor.shape.join() === shape.join() && tensor.shape.length === shape.length
    if (name !== dtypeNames[dtype] || !isSameShape) {
      throw new RangeError(`${rule}, got ${inWords(name)} [${tensor.shape.join(', ')}]; ${remedy}`)
    }
    const size = shape.reduce((product, n) => product * n, arrayTypes[dtype].BYTES_PER_ELEMENT)
    if (bytes.length !== size) throw new RangeError(`${rule}, got ${bytes.length} bytes in place of ${size}`)
    const odd = dtype === 'bool' ? bytes.findIndex((byte) => byte > 1) : -1
    if (odd >= 0) throw new RangeError(`${rule} of 0 and 1, got ${bytes[odd]} at index ${odd}`)
  }
  for (const path of found.keys()) {
    if (!wanted.has(path)) {
      throw new RangeError(`${subject} must hold no more than the state, got leaf "${path}" too; ${remedy}`)
    }
  }
}

/** The name here of a type in a file, or the file's own where there is none. */
function inWords(name: string): string {
  const entry = Object.entries(dtypeNames).find(([, other]) => other === name)
  return entry === undefined ? name : entry[0]
}
