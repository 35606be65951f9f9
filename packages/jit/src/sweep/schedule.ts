import type { Graph, Node, Value } from '../graph/graph.ts'
import { operandsOf } from './kernel.ts'
import { readyFor, type SweepPlan } from './plan.ts'
import type { Sweep } from './stages.ts'

/** Operators that only say where things are. */
const LAYOUT: ReadonlySet<string> = new Set(['Reshape', 'Slice', 'Split', 'Transpose'])

/**
 * In which stages each node runs that ONNX Runtime is left with: in the stage of the first sweep that needs it, and where only the caller does,
 * once all is there that it is made from. Parts of inputs are taken in every stage that reads them rather than handed on.
 */
export function scheduleNodes(
  plan: SweepPlan,
  sweeps: ReadonlyMap<number, readonly Sweep[]>,
): ReadonlyMap<Node, ReadonlySet<number>> {
  const { graph, maker, results } = plan
  const isPart = partsOfInputs(graph)
  const runs = new Map<Node, Set<number>>()
  const makerOf = (value: Value | null): Node | undefined =>
    value === null || results.has(value) ? undefined : maker.get(value)
  const need = (wanted: Value, stage: number): void => {
    const pending: (Value | null)[] = [wanted]
    while (pending.length > 0) {
      const node = makerOf(pending.pop() ?? null)
      const known = node && runs.get(node)
      if (node === undefined || (known !== undefined && (known.has(stage) || !isPart.has(node)))) continue
      runs.set(node, new Set([...(known ?? []), stage]))
      pending.push(...node.inputs)
    }
  }
  /** The first stage in which all is there that a value is made from, as far as nodes have their stages. */
  const stageOf = (wanted: Value): number => {
    const stages = new Map<Value, number>()
    const at = (value: Value | null): number => (value && stages.get(value)) ?? readyFor(plan, value)
    for (const node of graph.nodes) {
      if (makerOf(node.outputs[0]) === undefined || isPart.has(node)) continue
      const known = runs.get(node)
      const stage = known === undefined ? Math.max(0, ...node.inputs.map(at)) : Math.min(...known)
      for (const made of node.outputs) stages.set(made, stage)
    }
    return at(wanted)
  }
  for (const stage of [...sweeps.keys()].sort((a, b) => a - b)) {
    for (const value of (sweeps.get(stage) ?? []).flatMap(operandsOf)) need(value, stage)
  }
  for (const value of graph.outputs) need(value, stageOf(value))
  return runs
}

/** The nodes that take parts of the graph's inputs. */
function partsOfInputs(graph: Graph): ReadonlySet<Node> {
  const parts = new Set<Value | null>(graph.inputs)
  const nodes = graph.nodes.filter(({ op, inputs: [source, ...rest], outputs }) => {
    const moves = LAYOUT.has(op) && parts.has(source) && rest.every((value) => value?.constant !== undefined)
    if (moves) outputs.forEach((value) => parts.add(value))
    return moves
  })
  return new Set(nodes)
}
