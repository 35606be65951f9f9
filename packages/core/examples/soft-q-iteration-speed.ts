/**
 * How the time of soft Q-iteration grows with the number of states: 8 actions, 4 successors near the state, gamma 0.95, 100 sweeps.
 * Then convergence to a proved error of 1e-10 at 10,000 states. Processor time is counted, so that other work on the machine matters
 * little. Exit status 1 where the slope is not 1 to within 0.1, or the error is not proved.
 *
 *     node --conditions=@maxent/source packages/core/examples/soft-q-iteration-speed.ts
 */
import { foldIn, integers, key, uniform } from '@maxent/core/keys'
import { finiteMdp, softProblem, softQIteration, type SoftProblem } from '@maxent/core/tabular'

const ACTIONS = 8
const SUCCESSORS = 4
/** The fastest of as many repetitions as fit in this many seconds, at least one. */
const BUDGET = 3

function processorSeconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/** A ring of states: every action leads up to 16 places on or back. */
function ring(states: number): SoftProblem {
  const at = key(states)
  const rows = states * ACTIONS
  const entries = rows * SUCCESSORS
  const offsets = integers(foldIn(at, 'offsets'), entries, 33)
  const nextState = new Int32Array(entries)
  for (let i = 0; i < entries; i++)
    nextState[i] = (Math.floor(i / (ACTIONS * SUCCESSORS)) + offsets[i] - 16 + states) % states
  const mdp = finiteMdp({
    states,
    actions: ACTIONS,
    transitions: {
      kind: 'sparse',
      rowStart: Int32Array.from({ length: rows + 1 }, (_, row) => row * SUCCESSORS),
      nextState,
      probability: new Float64Array(entries).fill(1 / SUCCESSORS),
    },
    rewards: [Float64Array.from(uniform(foldIn(at, 'reward'), rows))],
    gamma: 0.95,
  })
  return softProblem({ mdp, alpha: 0.1 })
}

console.log('    states   100 sweeps, s   ns per state and action')
const points: { x: number; y: number }[] = []
for (const states of [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000]) {
  const problem = ring(states)
  softQIteration(problem, { maxSweeps: 5 })
  let best = Infinity
  for (let spent = 0; spent < BUDGET;) {
    const seconds = processorSeconds(() => softQIteration(problem, { maxSweeps: 100, tolerance: 1e-300 }))
    best = Math.min(best, seconds)
    spent += seconds
  }
  points.push({ x: Math.log(states), y: Math.log(best) })
  console.log(
    `${String(states).padStart(10)}${best.toFixed(3).padStart(16)}${((best * 1e9) / (100 * states * ACTIONS)).toFixed(1).padStart(26)}`,
  )
}
const mean = (pick: (point: { x: number; y: number }) => number): number =>
  points.reduce((sum, point) => sum + pick(point), 0) / points.length
const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)]
const slope = mean(({ x, y }) => (x - mx) * (y - my)) / mean(({ x }) => (x - mx) ** 2)
console.log(`log-log slope ${slope.toFixed(3)}`)

const large = ring(10_000)
let error = Infinity
let iterations = 0
const seconds = processorSeconds(() => ({ error, iterations } = softQIteration(large, { tolerance: 1e-10 })))
console.log(
  `10,000 states: proved error ${error.toExponential(1)} after ${iterations} sweeps, ${seconds.toFixed(2)} s`,
)
process.exitCode = Math.abs(slope - 1) <= 0.1 && error <= 1.01e-10 ? 0 : 1
