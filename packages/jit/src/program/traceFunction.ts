import { mapTree, type Tree } from '@maxent/core/tree'
import { stackMembers } from '../passes/stack.ts'
import { LeafSpec } from '../trace/result.ts'
import { trace, type Traced } from '../trace/trace.ts'
import type { ProgramFunction } from './executor.ts'

/** What a function does, for all members where the program has several. */
export function traceFunction(f: ProgramFunction): Traced {
  const { members } = f
  if (members === undefined) return trace(f)
  const one = trace({ ...f, state: ofOne(f.state), args: f.args.map(ofOne) })
  return { ...one, graph: stackMembers(f.caller, one.graph, members) }
}

function ofOne(specs: Tree<LeafSpec>): Tree<LeafSpec> {
  return mapTree<Tree<LeafSpec>, LeafSpec, LeafSpec>(
    specs,
    ({ shape, dtype }) => new LeafSpec(shape.slice(1), dtype),
  )
}
