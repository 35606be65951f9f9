import { sizeOf, type Graph, type Node, type Value } from '../graph/graph.ts'

/** A part of an input that is an input itself: as many elements as its shape holds, from an offset. */
export interface View {
  readonly value: Value
  readonly whole: Value
  readonly offset: number
}

/**
 * Takes the inputs among `flat` apart outside the graph: `Split` of an input, and the `Reshape` that follows it, copy what a view of the same memory
 * shows as it is. Worth it where a function only reads its parameters, as acting does: there the copy costs more than the products.
 */
export function viewInputs(
  graph: Graph,
  flat: readonly Value[],
): { readonly graph: Graph; readonly views: readonly View[] } {
  const parts = new Map<Value, Omit<View, 'value'>>()
  const views = new Map<Value, View>()
  const viewOf = (value: Value, part: Omit<View, 'value'>): Value => {
    const known = views.get(value)
    if (known !== undefined) return known.value
    const { shape, dtype } = value
    const view = { ...part, value: { shape, dtype, input: `view${views.size}` } }
    views.set(value, view)
    return view.value
  }
  const outputs = new Set(graph.outputs)
  const isKept = (node: Node): boolean => node.outputs.some((output) => outputs.has(output))
  const nodes: Node[] = []
  for (const node of graph.nodes) {
    const [source] = node.inputs
    if (source !== null && !isKept(node)) {
      if (node.op === 'Split' && flat.includes(source) && source.shape.length === 1) {
        let offset = 0
        for (const output of node.outputs) {
          parts.set(output, { whole: source, offset })
          offset += sizeOf(output.shape)
        }
        continue
      }
      const part = parts.get(source)
      if (node.op === 'Reshape' && part !== undefined) {
        parts.set(node.outputs[0], part)
        continue
      }
    }
    const inputs = node.inputs.map((input) => {
      const part = input === null ? undefined : parts.get(input)
      return input === null || part === undefined ? input : viewOf(input, part)
    })
    nodes.push({ ...node, inputs })
  }
  return { graph: { ...graph, nodes }, views: [...views.values()] }
}
