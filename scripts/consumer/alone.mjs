/**
 * An algorithm package with `@maxent/core` and an environment of the user's own, nothing else of ours: a point on a line that is to be
 * held at 0. `node alone.mjs @maxent/sac sac` acts, collects transitions, and learns from them on the eager cpu backend.
 */
import { drawNoise, foldIn, integers, key, leaves, mapTree, uniform } from '@maxent/core'
import { envChecks } from '@maxent/core/env-checks'
import * as tf from '@tensorflow/tfjs'

const [name, factory] = process.argv.slice(2)
const { [factory]: make } = await import(name)

function point() {
  const position = new Float32Array(1)
  let [steps, episodes, seed] = [0, 0, 0]
  let isOpen = true
  const result = { observation: { position }, reward: 0, terminated: false, truncated: false, info: {} }
  const demand = (isFine, what) => {
    if (!isFine) throw new Error(`point: ${what}`)
  }
  let isRunning = false
  return {
    spec: {
      id: 'point',
      observation: { position: 1 },
      action: { low: [-1], high: [1] },
      maxEpisodeSteps: 50,
    },
    reset(options = {}) {
      demand(isOpen, 'the environment is closed')
      if (options.seed !== undefined) [seed, episodes] = [options.seed, 0]
      position[0] = 4 * uniform(foldIn(key(seed), episodes), 1)[0] - 2
      ;[steps, episodes, isRunning] = [0, episodes + 1, true]
      return { observation: { position }, info: {} }
    },
    step([force, ...more]) {
      demand(isOpen, 'the environment is closed')
      demand(isRunning, 'reset comes before step')
      if (more.length > 0 || !Number.isFinite(force)) throw new RangeError('point: action must be one number')
      position[0] += 0.2 * Math.min(1, Math.max(-1, force))
      steps += 1
      result.reward = -Math.abs(position[0])
      result.truncated = steps === 50
      isRunning = !result.truncated
      return result
    },
    snapshot() {
      demand(isOpen, 'the environment is closed')
      return { state: Float64Array.of(position[0], steps, episodes, seed, Number(isRunning)) }
    },
    restore({ state }) {
      demand(isOpen, 'the environment is closed')
      ;[position[0], steps, episodes, seed] = state
      isRunning = state[4] === 1
    },
    close() {
      isOpen = false
    },
  }
}

for (const { title, run } of envChecks({ make: point })) {
  try {
    await run()
  } catch (cause) {
    throw new Error(`the environment fails: ${title}`, { cause })
  }
}

const rows = 16
const env = point()
const algorithm = make(env.spec, { batchSize: rows, hidden: [16, 16] })
const tensors = (drawn, specs) => {
  const arrays = leaves(drawn)
  return mapTree(specs, ({ shape }) => tf.tensor(arrays.shift(), shape))
}
const noiseOf = (specs, seed) => tensors(drawNoise(seed, specs), specs)

let state = algorithm.init(key(1))
const first = leaves(state).map((tensor) => tensor.dataSync().slice())
const memory = []
let { observation } = env.reset({ seed: 1 })
for (let step = 0; step < 100; step++) {
  const from = observation.position[0]
  const seen = { position: tf.tensor2d([[from]]) }
  const { action } = algorithm.act(state, seen, noiseOf(algorithm.noise.act(1), foldIn(key(2), step)))
  const taken = action.dataSync().slice()
  if (!(Math.abs(taken[0]) <= 1)) throw new Error(`action ${taken[0]} is out of bounds`)
  const result = env.step(taken)
  memory.push({ from, action: taken[0], reward: result.reward, to: result.observation.position[0] })
  if (result.truncated) observation = env.reset().observation
}
let metrics = {}
const steps = algorithm.schedule ?? [algorithm]
for (let u = 0; u < 20; u++) {
  const sampled = Array.from(integers(foldIn(key(3), u), rows, memory.length), (i) => memory[i])
  const column = (field) => tf.tensor2d(sampled.map((row) => [row[field]]))
  const batch = {
    observation: { position: column('from') },
    action: column('action'),
    reward: tf.tensor1d(sampled.map(({ reward }) => reward)),
    discount: tf.ones([rows]),
    nextObservation: { position: column('to') },
  }
  const noise = noiseOf(algorithm.noise.update, foldIn(key(4), u))
  ;({ state, metrics } = steps[u % steps.length].update(state, batch, noise))
}
for (const [metric, value] of Object.entries(metrics)) {
  if (!Number.isFinite(value.dataSync()[0])) throw new Error(`metric ${metric} is not finite`)
}
const moved = leaves(state).filter((tensor, i) => tensor.dataSync().some((x, j) => x !== first[i][j]))
if (moved.length === 0) throw new Error('20 updates changed nothing')
const { action } = algorithm.actDeterministic(state, { position: tf.tensor2d([[1]]) })
console.log(
  `${algorithm.id}: 20 updates, ${Object.keys(metrics).join(', ')}; acts ${action.dataSync()[0].toFixed(3)}`,
)
env.close()
