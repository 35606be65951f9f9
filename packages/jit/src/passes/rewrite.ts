import { createBuilder, type Builder } from '../graph/builder.ts'
import type { Graph, Node, Value } from '../graph/graph.ts'

/** What a rewriting rule may look at and write to. */
export interface Rewriter extends Builder {
  /** The node of the new graph that makes a value; `undefined` for inputs and constants. */
  producer(value: Value | null | undefined): Node | undefined
}

/**
 * Replaces the outputs of a node by other values, in order. `undefined` keeps the node as it is. Inputs of the node are values of the
 * new graph already.
 */
export type RewriteRule = (node: Node, r: Rewriter) => readonly Value[] | undefined

/** Walks the graph once in its order and builds a new one. */
export function rewrite(graph: Graph, rule: RewriteRule): Graph {
  const builder = createBuilder()
  const made = new Map<Value, Node>()
  let seen = 0
  const index = (): void => {
    for (; seen < builder.nodes.length; seen++) {
      for (const output of builder.nodes[seen].outputs) made.set(output, builder.nodes[seen])
    }
  }
  const rewriter: Rewriter = {
    ...builder,
    producer: (value) => {
      index()
      return value === null || value === undefined ? undefined : made.get(value)
    },
  }
  const replaced = new Map<Value, Value>()
  const current = (value: Value): Value => replaced.get(value) ?? value
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => (input === null ? null : current(input)))
    const updated = inputs.every((input, i) => input === node.inputs[i]) ? node : { ...node, inputs }
    const values = rule(updated, rewriter)
    if (values === undefined) builder.nodes.push(updated)
    else node.outputs.forEach((output, i) => replaced.set(output, values[i]))
  }
  return { inputs: graph.inputs, nodes: builder.nodes, outputs: graph.outputs.map(current) }
}
