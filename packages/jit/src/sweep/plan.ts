import { sizeOf, type Graph, type Node, type Value } from '../graph/graph.ts'
import { isKernelNode, isSingle } from './kernel.ts'

/** Below this many elements what a sweep saves is less than what a second session costs. */
const LEAST = 2 ** 12

/** What sweeps make of a function's state, and when. */
export interface SweepPlan {
  readonly graph: Graph
  /** The node that makes a value. Inputs and constants have none. */
  readonly maker: ReadonlyMap<Value, Node>
  /** What sweeps make, with the leaves of the state that it is. */
  readonly results: ReadonlyMap<Value, readonly number[]>
  /** The nodes that make each result from inputs, other results, and what ONNX Runtime makes. */
  readonly cones: ReadonlyMap<Value, readonly Node[]>
  /** The stage whose graph makes a value, at the earliest; for a result, whose sweeps do. */
  readonly earliest: (value: Value) => number
}

/** Plans the sweeps of a graph whose outputs are `outputCount` values and then the new state. */
export function planSweeps(graph: Graph, outputCount: number): SweepPlan {
  const maker = new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node])))
  const results = new Map<Value, number[]>()
  graph.outputs.slice(outputCount).forEach((value, leaf) => {
    const node = maker.get(value)
    if (node === undefined || sizeOf(value.shape) < LEAST || !isKernelNode(node)) return
    results.set(value, [...(results.get(value) ?? []), leaf])
  })
  const cones = new Map<Value, readonly Node[]>()
  const stages = new Map<Value, number>()
  const earliest = (value: Value): number => stages.get(value) ?? 0
  const plan = { graph, maker, results, cones, earliest }
  for (const node of graph.nodes) {
    const [output] = node.outputs
    if (results.has(output)) {
      const cone = coneOf(plan, output)
      cones.set(output, cone)
      stages.set(output, Math.max(0, ...readsOf(cone).map(earliest)))
    } else {
      const stage = Math.max(0, ...node.inputs.map((value) => readyFor(plan, value)))
      for (const made of node.outputs) stages.set(made, stage)
    }
  }
  return plan
}

/** The first stage whose graph can read a value. */
export function readyFor({ results, earliest }: SweepPlan, value: Value | null): number {
  if (value === null) return 0
  return earliest(value) + (results.has(value) ? 1 : 0)
}

/** What nodes read that none of them makes. */
export function readsOf(nodes: readonly Node[]): Value[] {
  const made = new Set(nodes.flatMap(({ outputs }) => outputs))
  const read = new Set(nodes.flatMap(({ inputs }) => inputs))
  return [...read].filter((value): value is Value => value !== null && !made.has(value))
}

/** The nodes that a kernel computes a result with, in the graph's order. */
function coneOf({ graph, maker, results }: SweepPlan, result: Value): Node[] {
  const cone = new Set<Node>()
  const pending: (Value | null)[] = [result]
  while (pending.length > 0) {
    const value = pending.pop() ?? null
    const node = value === null ? undefined : maker.get(value)
    if (value === null || node === undefined || cone.has(node) || isSingle(value)) continue
    if (value !== result && (results.has(value) || !isKernelNode(node))) continue
    cone.add(node)
    pending.push(...node.inputs)
  }
  return graph.nodes.filter((node) => cone.has(node))
}
