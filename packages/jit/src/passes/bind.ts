import type { Graph, Value } from '../graph/graph.ts'

/** Replaces the first inputs of a graph by other values and drops them from its inputs. */
export function bindInputs(graph: Graph, values: readonly Value[]): Graph {
  const bound = new Map(values.map((value, i) => [graph.inputs[i], value]))
  const current = (value: Value): Value => bound.get(value) ?? value
  return {
    inputs: graph.inputs.slice(values.length),
    nodes: graph.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map((input) => (input === null ? null : current(input))),
    })),
    outputs: graph.outputs.map(current),
  }
}
