import type { Graph, Value } from '../graph/graph.ts'

/** Drops the nodes that no output of the graph depends on. */
export function removeDead(graph: Graph): Graph {
  const needed = new Set<Value | null>(graph.outputs)
  const kept = graph.nodes.filter(() => false)
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue
    node.inputs.forEach((input) => needed.add(input))
    kept.push(node)
  }
  return { ...graph, nodes: kept.reverse() }
}
