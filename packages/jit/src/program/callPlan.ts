import { leaves } from '@maxent/core/tree'
import type { Fetches } from '../runtime/session.ts'
import type { Fetch } from '../types.ts'
import type { Compiled } from './compile.ts'
import { fetchedKeys } from './fetch.ts'

/** Which outputs a call hands out, and which values it asks the sessions for. */
export interface CallPlan {
  readonly fetch: Fetch
  readonly keys: readonly string[]
  /** What each stage is asked for. */
  readonly fetches: readonly Fetches[]
  /** What nobody has after the call: values that stages hand on. */
  readonly dropped: readonly string[]
  /** Which leaves of the outputs are copies: of arrays that somebody else has too. */
  readonly copied: ReadonlySet<number>
}

/** The plan of a call: that of the last one where the same is asked for. */
export function planOf(f: Compiled, fetch: Fetch): CallPlan {
  if (f.plan === undefined || !sameFetch(f.plan.fetch, fetch)) f.plan = makePlan(f, fetch)
  return f.plan
}

function makePlan(f: Compiled, fetch: Fetch): CallPlan {
  const keys = fetchedKeys(f.caller, Object.keys(f.outputs), fetch)
  const handedOut = new Set(f.kept)
  const copied = new Set<number>()
  for (const index of keys.flatMap((key) => leaves<number>(f.outputs[key]))) {
    const source = f.sources[index]
    if (source.kind !== 'computed' || handedOut.has(source.name)) copied.add(index)
    else handedOut.add(source.name)
  }
  const handed = [...f.handed.values()].flatMap((source) => (source.kind === 'computed' ? [source.name] : []))
  const wanted = new Set([...handedOut, ...handed])
  const asked = f.stages.map(({ session }) => {
    const names = (session?.outputNames ?? []).filter((name) => wanted.has(name))
    // A run must ask for something, also where nothing is wanted.
    return names.length > 0 || session === undefined ? names : [session.outputNames[0]]
  })
  return {
    fetch: typeof fetch === 'string' ? fetch : keys,
    keys,
    fetches: asked.map((names) => Object.fromEntries(names.map((name) => [name, null]))),
    dropped: [...new Set(asked.flat())].filter((name) => !handedOut.has(name)),
    copied,
  }
}

/** Whether two ask for the same outputs in the same order. The caller may change an array between calls. */
function sameFetch(planned: Fetch, fetch: Fetch): boolean {
  if (!Array.isArray(planned) || !Array.isArray(fetch)) return planned === fetch
  return planned.length === fetch.length && planned.every((key, i) => key === fetch[i])
}
