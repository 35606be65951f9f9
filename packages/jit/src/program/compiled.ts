import { mapTree, type Tree } from '@maxent/core/tree'
import type { Value } from '../graph/graph.ts'
import { optimise } from '../passes/optimise.ts'
import { freeArray, loadRuntime, threadsOf } from '../runtime/runtime.ts'
import { giveTurn, releaseSession, type Results, type Session } from '../runtime/session.ts'
import { createSweepMemory, type SweepMemory } from '../sweep/memory.ts'
import { stagesOf, unswept, type Staged } from '../sweep/stages.ts'
import type { Traced } from '../trace/trace.ts'
import type { Fetch, HostData } from '../types.ts'
import { planOf } from './callPlan.ts'
import { compile, type Compiled, type Source, type View } from './compile.ts'
import type { Executor, ExecutorOptions } from './executor.ts'
import { assign, hold, replaceState, type Held } from './held.ts'
import { traceFunction } from './traceFunction.ts'

/** Traces and compiles every function; the state lives in arrays that they share. */
export async function createCompiled(options: ExecutorOptions, wanted: number): Promise<Executor> {
  const { functions } = options
  const runtime = await loadRuntime()
  const threads = threadsOf(runtime, wanted)
  const traces = functions.map((f) => {
    const start = performance.now()
    const recorded = traceFunction(f)
    const traced: Traced = { ...recorded, graph: optimise(recorded.graph) }
    return { f, traced, staged: stagesOf(traced), traceMs: performance.now() - start }
  })
  const { parts, memory } = withMemory(traces)
  const held = hold(memory, options)
  const compiled = new Map<string, Compiled>()
  const stats: Record<string, { traceMs: number; compileMs: number; nodes: number }> = {}
  const opened: Session[] = []
  const release = async (): Promise<void> => {
    compiled.clear()
    for (const session of opened.splice(0)) await releaseSession(session)
  }
  try {
    for (const { f, traced, staged, traceMs } of parts) {
      const start = performance.now()
      compiled.set(f.name, await compile({ runtime, threads, opened, held }, f, { traced, staged }))
      stats[f.name] = { traceMs, compileMs: performance.now() - start, nodes: traced.graph.nodes.length }
    }
  } catch (error) {
    await release()
    throw error
  }

  const { state } = held
  const traced = new Map(parts.map((part) => [part.f.name, part.traced]))
  return {
    stats,
    traced,
    threads,
    get liveTensors() {
      const own = [...compiled.values()].map(({ args, stages }) =>
        stages.reduce((sum, { views, handedOn }) => sum + views.length + handedOn.length, args.length),
      )
      return own.reduce((sum, count) => sum + count, state.length)
    },
    call: (name, args, fetch) => call(held, compiled.get(name) as Compiled, { args, fetch }),
    readState: () => Promise.resolve(state.map(({ data }) => data.slice())),
    writeState: (next) => {
      next.forEach((data, i) => assign(held, i, data))
      return Promise.resolve()
    },
    dispose: async () => {
      traced.clear()
      state.length = 0
      held.memory = createSweepMemory([])
      await release()
    },
  }
}

/** Memory for the sweeps of all functions. Where there is not enough they go without. */
function withMemory<T extends { readonly traced: Traced; readonly staged: Staged }>(
  parts: readonly T[],
): { readonly parts: readonly T[]; readonly memory: SweepMemory } {
  try {
    return { parts, memory: createSweepMemory(parts.map(({ staged }) => staged)) }
  } catch (error) {
    // WebAssembly has 4 GiB, or what addresses the process may have.
    if (!(error instanceof RangeError)) throw error
    const whole = parts.map((part) => ({ ...part, staged: unswept(part.traced.graph) }))
    return { parts: whole, memory: createSweepMemory([]) }
  }
}

async function call(
  held: Held,
  f: Compiled,
  { args, fetch }: { args: readonly HostData[]; fetch: Fetch },
): Promise<Readonly<Record<string, Tree<HostData>>>> {
  const { keys, fetches, copied, dropped } = planOf(f, fetch)
  const { state, memory } = held
  if (f.writesState) await giveTurn()

  let results: Results = {}
  const dataOf = (source: Source): HostData => {
    switch (source.kind) {
      case 'computed':
        return results[source.name].data
      case 'state':
        return state[source.index].data
      case 'swept':
        return memory.made(source.swept)
      case 'constant':
        return source.data
      case 'argument':
        return args[source.index]
    }
  }
  const handed = (value: Value): HostData => dataOf(f.handed.get(value) as Source)
  for (const { input, index } of f.args) input.data = args[index]
  for (const [i, { session, feeds, views, handedOn, sweeps }] of f.stages.entries()) {
    for (const view of views) point(view)
    for (const { input, value } of handedOn) input.data = handed(value)
    if (session !== undefined) {
      const made = await session.run(feeds, fetches[i])
      results = i === 0 ? made : { ...results, ...made }
    }
    for (const sweep of sweeps) sweep(handed)
  }

  const output = (index: number): HostData => {
    const data = dataOf(f.sources[index])
    return copied.has(index) ? data.slice() : data
  }
  const fetched: Record<string, Tree<HostData>> = {}
  for (const key of keys) fetched[key] = mapTree<Tree<number>, number, HostData>(f.outputs[key], output)
  replaceState(held, f, dataOf)
  for (const name of dropped) freeArray(results[name].data)
  return fetched
}

/** Leads a view to the array that its leaf has now. */
function point(view: View): void {
  const { data } = view.whole
  if (view.of === data) return
  view.input.data = data.subarray(view.offset, view.offset + view.size)
  view.of = data
}
