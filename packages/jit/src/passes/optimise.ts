import type { Graph } from '../graph/graph.ts'
import { biasIntoGemm } from './bias.ts'
import { narrowOperands } from './broadcast.ts'
import { shareCommon } from './cse.ts'
import { removeDead } from './dead.ts'
import { foldFills } from './fold.ts'
import { collapseLayout, transposeIntoGemm } from './layout.ts'
import { removeNeutral } from './neutral.ts'
import { maskFromRelu } from './reluMask.ts'
import { rowSumsAsProducts } from './rowSums.ts'

type Pass = (graph: Graph) => Graph

/** Make the graph smaller; each may open the way for another. */
const simplifying: readonly Pass[] = [
  removeDead,
  foldFills,
  removeNeutral,
  narrowOperands,
  collapseLayout,
  shareCommon,
]

/** Fit the graph to what ONNX Runtime does fast. */
const fitting: readonly Pass[] = [
  transposeIntoGemm,
  removeDead,
  biasIntoGemm,
  maskFromRelu,
  rowSumsAsProducts,
  removeDead,
]

/** Simplification stops when a round changes nothing, or after this many. */
const ROUNDS = 4

/** All passes, in order. */
export function optimise(graph: Graph): Graph {
  let current = graph
  for (let round = 0; round < ROUNDS; round++) {
    const before = current.nodes.length
    current = simplifying.reduce((g, pass) => pass(g), current)
    if (round > 0 && current.nodes.length === before) break
  }
  return fitting.reduce((g, pass) => pass(g), current)
}
