import { checkpointFolder, checkpointSteps, type CheckpointContent, type Checkpoints } from './checkpoint.ts'
import type { TrainConfig } from './config.ts'
import type { EvalLine, MetricsLine } from './record.ts'
import type { RunStore } from './store.ts'

/** What `config.json` says: all that identifies a run, and the versions it ran on. */
export interface RunIdentity {
  readonly env: unknown
  readonly algorithm: string
  /** The algorithm's settings. Absent: it tells none, or the run began before they were kept. */
  readonly config?: object | undefined
  readonly seed: number
  readonly mode: unknown
  readonly train: TrainConfig
  readonly details: unknown
  readonly versions: Readonly<Record<string, string>>
  readonly machine: Readonly<Record<string, string>>
}

/** A checkpoint's content with the lengths that the line files had. */
interface Saved {
  readonly lengths: Readonly<Record<LineFile, number>>
  readonly content: unknown
}

type LineFile = 'metrics.jsonl' | 'eval.jsonl'

/** Writes a run record, and takes one up again. */
export interface Recorder {
  /**
   * Takes up the run in the store or starts one.
   * @returns the newest valid checkpoint, the line files cut to the lengths they had there, or `undefined` at a run's start.
   * @throws RangeError when the store holds another run, or one that has taken more steps already.
   */
  open(identity: RunIdentity, notify: (message: string) => void): Promise<CheckpointContent | undefined>
  metrics(line: MetricsLine): Promise<void>
  evaluation(line: EvalLine): Promise<void>
  /** Writes a checkpoint, gives its path. */
  save(content: CheckpointContent): Promise<string>
  /** Writes a file for inspection, gives its path. */
  saveInspection(content: CheckpointContent): Promise<string>
}

/** Writes a run record to a store. */
export function createRecorder(store: RunStore, checkpoints: Checkpoints): Recorder {
  return {
    async open(identity, notify) {
      const begun = await agree(store, identity, notify)
      const found = await checkpoints.load(notify)
      checkSteps(store, identity, found?.step ?? 0)
      await store.write(
        'config.json',
        new TextEncoder().encode(`${JSON.stringify({ ...identity, ...begun }, undefined, 2)}\n`),
      )
      const saved = found?.meta as Saved | undefined
      for (const file of ['metrics.jsonl', 'eval.jsonl'] as const) {
        await cutBack(store, { file, length: saved?.lengths[file] ?? 0, notify })
      }
      return found === undefined ? undefined : { ...found, meta: saved?.content }
    },
    metrics: (line) => store.append('metrics.jsonl', `${JSON.stringify(line)}\n`),
    evaluation: (line) => store.append('eval.jsonl', `${JSON.stringify(line)}\n`),
    async save({ step, meta, arrays }) {
      const lengths = {
        'metrics.jsonl': await store.flush('metrics.jsonl'),
        'eval.jsonl': await store.flush('eval.jsonl'),
      }
      const saved: Saved = { lengths, content: meta }
      return checkpoints.save({ step, meta: saved, arrays })
    },
    saveInspection: (content) => checkpoints.saveInspection(content),
  }
}

interface CutBack {
  readonly file: LineFile
  /** What it had at the checkpoint. */
  readonly length: number
  readonly notify: (message: string) => void
}

/** Cuts a line file back to the length it had at the checkpoint; one that has lost lines since, to its last whole line. */
async function cutBack(store: RunStore, { file, length, notify }: CutBack): Promise<void> {
  const bytes = (await store.read(file)) ?? new Uint8Array(0)
  if (bytes.length >= length) return store.truncate(file, length)
  const whole = bytes.lastIndexOf(0x0a) + 1
  await store.truncate(file, whole)
  notify(
    `${file} must have the ${length} bytes of the checkpoint, got ${bytes.length}: lines are lost; ` +
      `it goes on after its first ${whole} bytes, and the run itself is whole`,
  )
}

/** What of a run stays as it was when it began. */
type Begun = Pick<RunIdentity, 'versions' | 'machine'>

/** Checks the identity against the one in the store, and gives where that run began, if there is one. */
async function agree(
  store: RunStore,
  identity: RunIdentity,
  notify: (message: string) => void,
): Promise<Begun | undefined> {
  const bytes = await store.read('config.json')
  if (bytes === undefined) {
    const left = await remainsOf(store)
    if (left === undefined) return undefined
    throw new RangeError(
      `train: a run folder must be new or hold a config.json, got ${left} without one in ${store.location}; choose another folder`,
    )
  }
  const old = parseIdentity(store.location, new TextDecoder().decode(bytes))
  const now = JSON.parse(JSON.stringify(identity)) as RunIdentity
  const difference = firstDifference(
    withoutFree(old),
    withoutFree(old.config ? now : { ...now, config: undefined }),
  )
  if (difference !== undefined) {
    const { path, first, second } = difference
    throw new RangeError(
      `train: options must be those of the run in ${store.location}, got ${path} = ${second} where it has ${first}; ` +
        `choose another folder, or the same options (only train.steps may grow)`,
    )
  }
  const machineOf = ({ versions, machine }: RunIdentity): unknown => ({ ...versions, ...machine })
  const change = firstDifference(machineOf(old), machineOf(now))
  if (change !== undefined) {
    const { path, first, second } = change
    notify(
      `the run began with ${path} ${first} and goes on with ${second}: it may not be the same bit for bit`,
    )
  }
  return { versions: old.versions, machine: old.machine }
}

/** What a run has left in a folder besides its `config.json`, in a word. */
async function remainsOf(store: RunStore): Promise<string | undefined> {
  for (const file of ['metrics.jsonl', 'eval.jsonl'])
    if ((await store.read(file)) !== undefined) return 'metrics'
  return checkpointSteps(await store.list(checkpointFolder)).length > 0 ? 'checkpoints' : undefined
}

function checkSteps(store: RunStore, { train }: RunIdentity, taken: number): void {
  if (taken <= train.steps) return
  throw new RangeError(
    `train: steps must be at least ${taken}, the steps already taken in ${store.location}, got ${train.steps}; ` +
      `ask for more steps or choose another folder`,
  )
}

/** What a `config.json` says. @throws RangeError when that is not the record of a run. */
export function parseIdentity(location: string, text: string, caller = 'train'): RunIdentity {
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch (error) {
    throw new RangeError(
      `${caller}: config.json must be JSON, got other text in ${location}; choose another folder`,
      { cause: error },
    )
  }
  const fields = ['env', 'train', 'details', 'versions']
  const missing = isRecord(found) ? fields.find((name) => !isRecord(found[name])) : 'fields'
  if (missing === undefined) return found as RunIdentity
  throw new RangeError(
    `${caller}: config.json must be that of a run, with the objects ${fields.join(', ')}, got none of ${missing} in ${location}; ` +
      `choose another folder`,
  )
}

/** The identity without what may differ when a run is resumed. */
function withoutFree(identity: RunIdentity): unknown {
  return {
    ...identity,
    versions: undefined,
    machine: undefined,
    train: { ...identity.train, steps: undefined },
  }
}

interface Difference {
  readonly path: string
  readonly first: string
  readonly second: string
}

/** The first place where two JSON values differ. */
function firstDifference(first: unknown, second: unknown, path = ''): Difference | undefined {
  if (isRecord(first) && isRecord(second)) {
    for (const name of new Set([...Object.keys(first), ...Object.keys(second)])) {
      const found = firstDifference(first[name], second[name], path === '' ? name : `${path}.${name}`)
      if (found !== undefined) return found
    }
    return undefined
  }
  const [a, b] = [first, second].map((value) => JSON.stringify(value) ?? 'nothing')
  return a === b ? undefined : { path, first: a, second: b }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
