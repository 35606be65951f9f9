import { fill, type Attributes, type ElementType, type Node, type Value } from './graph.ts'

/** What an operator gives. */
export interface OutputSpec {
  readonly shape: readonly number[]
  readonly dtype: ElementType
}

/** An ONNX operator by name, with its attributes where it has any. */
type Operator = string | readonly [name: string, attributes: Attributes]

/** Collects nodes. Rules and passes write through it. */
export interface Builder {
  readonly nodes: Node[]
  /** Appends an operator with one output and returns the output. */
  op(operator: Operator, inputs: readonly (Value | null)[], output: OutputSpec): Value
  /** Appends an operator with several outputs. */
  ops(operator: Operator, inputs: readonly (Value | null)[], outputs: readonly OutputSpec[]): Value[]
  /** A rank 0 constant, made once per builder for each number and type. */
  scalar(value: number, dtype?: ElementType): Value
}

/** An empty builder. */
export function createBuilder(): Builder {
  const nodes: Node[] = []
  const scalars = new Map<string, Value>()
  const ops: Builder['ops'] = (operator, inputs, outputs) => {
    const [op, attributes] = typeof operator === 'string' ? [operator, {}] : operator
    const values = outputs.map(({ shape, dtype }) => ({ shape: [...shape], dtype }))
    nodes.push({ op, inputs, outputs: values, attributes })
    return values
  }
  return {
    nodes,
    ops,
    op: (operator, inputs, output) => ops(operator, inputs, [output])[0],
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
