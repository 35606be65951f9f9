import { fill, type Attributes, type ElementType, type Node, type Value } from './graph.ts'

/** What an operator gives. */
export interface OutputSpec {
  readonly shape: readonly number[]
  readonly dtype: ElementType
}

/** Collects nodes. Rules and passes write through it. */
export interface Builder {
  readonly nodes: Node[]
  /** Appends an operator with one output and returns the output. */
  op(name: string, inputs: readonly (Value | null)[], output: OutputSpec, attributes?: Attributes): Value
  /** Appends an operator with several outputs. */
  ops(
    name: string,
    inputs: readonly (Value | null)[],
    outputs: readonly OutputSpec[],
    attributes?: Attributes,
  ): Value[]
  /** A rank 0 constant, made once per builder for each number and type. */
  scalar(value: number, dtype?: ElementType): Value
}

/** An empty builder. */
export function createBuilder(): Builder {
  const nodes: Node[] = []
  const scalars = new Map<string, Value>()
  const ops: Builder['ops'] = (name, inputs, outputs, attributes = {}) => {
    const values = outputs.map(({ shape, dtype }) => ({ shape: [...shape], dtype }))
    nodes.push({ op: name, inputs, outputs: values, attributes })
    return values
  }
  return {
    nodes,
    ops,
    op: (name, inputs, output, attributes) => ops(name, inputs, [output], attributes)[0],
    scalar: (value, dtype = 'float32') => {
      const key = `${dtype}:${Object.is(value, -0) ? '-0' : value}`
      const known = scalars.get(key)
      if (known !== undefined) return known
      const made = fill([], dtype, value)
      scalars.set(key, made)
      return made
    },
  }
}
