import type { Graph } from '../graph/graph.ts'
import { removeDead } from './dead.ts'

/** All passes, in order. */
export function optimise(graph: Graph): Graph {
  return removeDead(graph)
}
