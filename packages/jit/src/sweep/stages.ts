/**
 * Taking a function apart where arrays of the state are replaced by what is computed from them element by element, as optimisers and moving averages
 * do. ONNX Runtime goes through memory once for each operator there and copies each result out; a sweep goes through it once.
 */
import { sizeOf, type Graph, type Node, type Value } from '../graph/graph.ts'
import type { Traced } from '../trace/trace.ts'
import { isSingle, operandsOf, type KernelSpec } from './kernel.ts'
import { planSweeps, readsOf, type SweepPlan } from './plan.ts'
import { scheduleNodes } from './schedule.ts'

/** One loop over arrays of the same size, some of which are leaves of the state and replaced. */
export interface Sweep extends KernelSpec {
  readonly size: number
  /** Which leaves of the state the results are, in their order. */
  readonly leaves: readonly number[]
}

/** A graph for ONNX Runtime, and the sweeps that follow it. */
export interface Stage {
  readonly graph: Graph
  readonly sweeps: readonly Sweep[]
}

/** A leaf of the state as a sweep makes it. */
export interface SweptLeaf {
  readonly leaf: number
  /** Whether the old array may be overwritten: nobody reads it later, and nothing that comes later can fail. */
  readonly inPlace: boolean
}

/** A function as stages. */
export interface Staged {
  readonly stages: readonly Stage[]
  /** The leaf that each result of a sweep is, the first where it is several. */
  readonly swept: ReadonlyMap<Value, SweptLeaf>
  /** The inputs of the stages' graphs that stand for values of earlier stages. */
  readonly handedOn: ReadonlyMap<Value, Value>
}

/** Operands and results of a sweep at most: WebAssembly's functions have up to 1,000 parameters. */
const MOST_OPERANDS = 500

/** The stages of a function: a single one without sweeps where there is nothing to sweep, or too much at once. */
export function stagesOf({ graph, outputCount }: Pick<Traced, 'graph' | 'outputCount'>): Staged {
  const plan = planSweeps(graph, outputCount)
  if (plan.results.size === 0) return unswept(graph)
  const sweeps = sweepsOf(plan)
  const isTooLarge = (sweep: Sweep): boolean =>
    operandsOf(sweep).length + sweep.results.length > MOST_OPERANDS
  if ([...sweeps.values()].flat().some(isTooLarge)) return unswept(graph)
  const handedOn = new Map<Value, Value>()
  const graphs = graphsOf(plan, { sweeps, handedOn })
  const stages = graphs.map((part, stage) => ({ graph: part, sweeps: sweeps.get(stage) ?? [] }))
  const swept = [...plan.results].map(([value, leaves]): [Value, SweptLeaf] => {
    const inPlace = leaves.every((leaf) => isLast(plan, stages, { result: value, old: graph.inputs[leaf] }))
    return [value, { leaf: leaves[0], inPlace }]
  })
  return { stages, swept: new Map(swept), handedOn }
}

/** A function as a single graph. */
export function unswept(graph: Graph): Staged {
  return { stages: [{ graph, sweeps: [] }], swept: new Map(), handedOn: new Map() }
}

/** The sweeps of each stage. Results that share nodes, or are made from each other, are of one. */
function sweepsOf({ results, cones, earliest }: SweepPlan): Map<number, Sweep[]> {
  let groups: {
    readonly stage: number
    readonly made: readonly Value[]
    readonly nodes: ReadonlySet<Node>
  }[] = []
  for (const [result, cone] of cones) {
    const stage = earliest(result)
    const read = new Set(readsOf(cone))
    const joins = ({ stage: other, made, nodes }: (typeof groups)[number]): boolean =>
      other === stage && (cone.some((node) => nodes.has(node)) || made.some((value) => read.has(value)))
    const joined = groups.filter(joins)
    groups = groups.filter((group) => !joined.includes(group))
    groups.push({
      stage,
      made: [...joined.flatMap(({ made }) => made), result],
      nodes: new Set([...joined.flatMap(({ nodes }) => [...nodes]), ...cone]),
    })
  }
  const sweeps = new Map<number, Sweep[]>()
  for (const { stage, made, nodes } of groups) {
    const reads = readsOf([...nodes])
    const written = made.flatMap((value) => (results.get(value) ?? []).map((leaf) => ({ value, leaf })))
    const sweep = {
      size: sizeOf(made[0].shape),
      arrays: reads.filter((value) => !isSingle(value)),
      singles: reads.filter((value) => isSingle(value) && value.constant?.kind !== 'fill'),
      nodes: [...nodes],
      results: written.map(({ value }) => value),
      leaves: written.map(({ leaf }) => leaf),
    }
    sweeps.set(stage, [...(sweeps.get(stage) ?? []), sweep])
  }
  return sweeps
}

/** What ONNX Runtime computes in each stage, in the order of the whole graph. */
function graphsOf(
  plan: SweepPlan,
  { sweeps, handedOn }: { sweeps: ReadonlyMap<number, readonly Sweep[]>; handedOn: Map<Value, Value> },
): Graph[] {
  const { graph, maker } = plan
  const runs = scheduleNodes(plan, sweeps)
  const isMade = (value: Value | null): value is Value => value !== null && maker.has(value)
  const last = Math.max(...sweeps.keys(), ...[...runs.values()].flatMap((stages) => [...stages]))
  const parts = Array.from({ length: last + 1 }, (_, stage) => {
    const nodes = graph.nodes.filter((node) => runs.get(node)?.has(stage))
    const given = new Map(
      readsOf(nodes)
        .filter(isMade)
        .map((value) => [value, standIn(value, handedOn)]),
    )
    return { nodes, made: new Set(nodes.flatMap(({ outputs }) => outputs)), given }
  })
  const operands = [...sweeps.values()].flat().flatMap(operandsOf)
  const asked = new Set([...graph.outputs, ...operands, ...parts.flatMap(({ given }) => [...given.keys()])])
  return parts.map(({ nodes, made, given }, stage) => {
    const isFirst = (value: Value): boolean => !parts.slice(0, stage).some((part) => part.made.has(value))
    return {
      inputs: [...graph.inputs, ...given.values()],
      nodes: nodes.map((node) => ({
        ...node,
        inputs: node.inputs.map((value) => (isMade(value) ? (given.get(value) ?? value) : value)),
      })),
      outputs: [...made].filter((value) => asked.has(value) && isFirst(value)),
    }
  })
}

/** An input in place of a value of an earlier stage. */
function standIn(value: Value, handedOn: Map<Value, Value>): Value {
  const { shape, dtype } = value
  const input = { shape, dtype, input: `handedOn${handedOn.size}` }
  handedOn.set(input, value)
  return input
}

/** Operators that fail on indices outside the range. */
const INDEXED: ReadonlySet<string> = new Set([
  'Gather',
  'GatherElements',
  'GatherND',
  'ScatterElements',
  'ScatterND',
])

const canFail = ({ op, outputs: [{ dtype }] }: Node): boolean =>
  INDEXED.has(op) || (dtype !== 'float32' && (op === 'Div' || op === 'Mod'))

/** Whether nothing that comes after a result is made reads what it replaces, or can fail. */
function isLast(
  { graph, earliest }: SweepPlan,
  stages: readonly Stage[],
  { result, old }: { readonly result: Value; readonly old: Value },
): boolean {
  const stage = earliest(result)
  const later = stages.slice(stage + 1).flatMap(({ graph: { nodes } }) => nodes)
  const others = stages
    .slice(stage)
    .flatMap(({ sweeps }) => sweeps)
    .filter(({ results }) => !results.includes(result))
  const isRead =
    graph.outputs.includes(old) ||
    later.some(({ inputs }) => inputs.includes(old)) ||
    others.some(({ arrays }) => arrays.includes(old))
  return !isRead && !later.some(canFail)
}
