import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { vi } from 'vitest'
import type { Algorithm, NamedRows } from '../../contracts.ts'
import { foldIn, key } from '../../keys/index.ts'
import { eachLeaf, type Tree } from '../../tree.ts'
import type { Tolerance } from '../toBeAllClose.ts'
import {
  actNoiseSpecs,
  drawActArgs,
  drawUpdateArgs,
  extremeKinds,
  observationSpecs,
  toObservation,
  toTensors,
} from './batches.ts'
import { assert, type Check } from './checks.ts'
import { registerChecks } from './register.ts'
import { compiledChecks, type CompileHook } from './compiled.ts'
import { greedyLearningChecks, learningChecks, type LearnHook } from './learning.ts'
import { discard, runBytes, start, updateName, updateOf, updateTensors } from './run.ts'
import { bytesOf, parse, serialize, shapesOf } from './serial.ts'

/** The algorithm under test and what it is tested with. */
export interface AlgorithmConformanceOptions<State extends Tree<Tensor>> {
  /** What the group of tests is called. */
  readonly name: string
  /** The algorithm with small networks and a small batch: the tests run it eagerly. */
  make(): Algorithm<State>
  /** Compiles functions over a state, as `createProgram` of `@maxent/jit` does; without it parity is not tested. */
  readonly compile?: CompileHook<State>
  /** Trains on an oracle task; without it learning is not tested. */
  readonly learn?: LearnHook
  /** As `learn`, for an algorithm without entropy: α is 0, and the deterministic actions count. */
  readonly learnGreedy?: LearnHook
  /** How far compiled and eager results may be apart; 1e-4 relative and 1e-5 absolute when absent. */
  readonly parity?: Tolerance
}

/** Tests that an algorithm keeps the `Algorithm` contract. Called at the top of a test file. */
export function algorithmConformance<State extends Tree<Tensor>>(
  options: AlgorithmConformanceOptions<State>,
): void {
  registerChecks(`${options.name} keeps the algorithm contract`, algorithmChecks(options))
}

/** The properties that {@link algorithmConformance} tests. */
export function algorithmChecks<State extends Tree<Tensor>>(
  options: AlgorithmConformanceOptions<State>,
): readonly Check[] {
  const { compile, learn, learnGreedy, parity = { rtol: 1e-4, atol: 1e-5 } } = options
  const check = (title: string, run: (algorithm: Algorithm<State>) => void | Promise<void>): Check => ({
    title,
    run: () => run(options.make()),
  })
  return [
    check('gives the same bytes for the same seed', (algorithm) => {
      const first = runBytes(algorithm, { seed: 1, updates: 5 })
      assert(
        first === runBytes(options.make(), { seed: 1, updates: 5 }),
        () => 'the state after 5 updates must repeat bit for bit',
      )
    }),
    check('starts from other bytes for another seed', (algorithm) => {
      const [first, second] = [1, 2].map((seed) => runBytes(algorithm, { seed, updates: 0 }))
      assert(first !== second, () => 'the states of the seeds 1 and 2 must differ, got the same')
    }),
    check('continues with the same bytes after its state was written and read', (algorithm) => {
      const whole = start(algorithm, 1)
      whole.run(5)
      const half = start(algorithm, 1)
      half.run(2)
      const rest = start(options.make(), 1)
      rest.resume(parse(JSON.stringify(serialize(half.state)), half.state), 2)
      rest.run(3)
      assert(
        bytesOf(whole.state) === bytesOf(rest.state),
        () => 'a state read back by another instance must go on bit for bit, got other bytes',
      )
      for (const run of [whole, half, rest]) run.dispose()
    }),
    check('keeps the structure, shapes and types of its state', (algorithm) => {
      const run = start(algorithm, 1)
      const before = shapesOf(run.state)
      run.run(2)
      const after = shapesOf(run.state)
      run.dispose()
      assert(before === after, () => `update must keep the state's structure ${before}, got ${after}`)
    }),
    check('leaves the state and the batch that it is given as they are', (algorithm) => {
      const { state, dispose } = start(algorithm, 1)
      const args = updateTensors(algorithm, drawUpdateArgs(algorithm, key(3)))
      const before = bytesOf([state, args.batch, args.noise])
      const result = updateOf(algorithm, 0)(state, args)
      assert(
        bytesOf([state, args.batch, args.noise]) === before,
        () => 'update must not change its arguments',
      )
      discard([result.state, result.metrics, args.batch, args.noise], state)
      dispose()
    }),
    check('stays finite on extreme batches', (algorithm) => {
      for (const kind of extremeKinds) {
        const run = start(algorithm, 1)
        for (let i = 0; i < 3; i++) {
          const metrics = run.step(drawUpdateArgs(algorithm, foldIn(key(4), i), kind))
          for (const [name, value] of Object.entries(metrics)) {
            assert(Number.isFinite(value), () => `metric ${name} must be finite after ${kind}, got ${value}`)
          }
        }
        eachLeaf<Tensor>(run.state, (leaf, path) => {
          const bad = leaf.dataSync().find((x) => !Number.isFinite(x))
          assert(bad === undefined, () => `state ${path} must be finite after ${kind}, got ${bad}`)
        })
        run.dispose()
      }
    }),
    check('gives the same metrics in every update, each a scalar', (algorithm) => {
      const run = start(algorithm, 1)
      // By name of the update: those of a schedule may differ.
      const names = new Map<string, Set<string>>()
      for (const [i, kind] of metricBatches.entries()) {
        const metrics = run.step(drawUpdateArgs(algorithm, key(5), kind))
        const updated = updateName(algorithm, i)
        const known = names.get(updated) ?? new Set()
        names.set(updated, known.add(Object.keys(metrics).join()))
        for (const [name, shape] of Object.entries(run.metricShapes)) {
          assert(shape === '', () => `metric ${name} must be a scalar, got shape [${shape}]`)
        }
      }
      run.dispose()
      for (const known of names.values()) {
        assert(
          known.size === 1,
          () => `metrics must be the same in every update of one name, got ${[...known].join(' and ')}`,
        )
      }
    }),
    check('acts within the bounds', checkBounds),
    check('explores by its noise, and not at all when it acts deterministically', checkExploration),
    check('frees every tensor that it makes', checkMemory),
    check('writes nothing to the console', (algorithm) => {
      // The first tensor of a process prints a banner, which is not the algorithm's.
      tf.scalar(0).dispose()
      const methods = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
        vi.spyOn(console, name).mockReturnValue(),
      )
      try {
        runBytes(algorithm, { seed: 1, updates: 2 })
        const calls = methods.flatMap((spy) => spy.mock.calls)
        assert(calls.length === 0, () => `the console must stay empty, got ${String(calls[0])}`)
      } finally {
        for (const spy of methods) spy.mockRestore()
      }
    }),
    ...(compile === undefined ? [] : compiledChecks({ make: () => options.make(), compile, parity })),
    ...(learn === undefined ? [] : learningChecks(learn)),
    ...(learnGreedy === undefined ? [] : greedyLearningChecks(learnGreedy)),
  ]
}

const metricBatches = ['ordinary', 'ordinary', ...extremeKinds, 'ordinary'] as const

interface ActRequest {
  /** Of the observations. */
  readonly seed: number
  /** That of the observations when absent. */
  readonly noiseSeed?: number
  readonly rows: number
  /** Size of the observations. */
  readonly scale: number
}

/** The actions for observations and noise drawn from a seed, exploring and not. */
function act<State extends Tree<Tensor>>(
  algorithm: Algorithm<State>,
  state: State,
  { seed, noiseSeed = seed, rows, scale }: ActRequest,
): { readonly exploring: Float32Array; readonly deterministic: Float32Array } {
  const args = drawActArgs(algorithm, { observation: key(seed), noise: key(noiseSeed) }, { rows, scale })
  const observation = toObservation(args.observation, observationSpecs(algorithm.spec, rows))
  const noise = toTensors(args.noise, actNoiseSpecs(algorithm, rows))
  const { action: exploring, memory: carried, record } = algorithm.act(state, observation, noise)
  const deterministic = algorithm.actDeterministic(state, observation).action
  const shape = `${rows},${algorithm.spec.action.low.length}`
  for (const action of [exploring, deterministic]) {
    assert(
      action.shape.join() === shape,
      () => `actions must have shape [${shape}], got [${action.shape.join()}]`,
    )
  }
  const data = {
    exploring: exploring.dataSync<'float32'>(),
    deterministic: deterministic.dataSync<'float32'>(),
  }
  checkRows('memory', { lengths: algorithm.acting?.memory, got: carried, rows })
  checkRows('record', { lengths: algorithm.acting?.record, got: record, rows })
  const used = [observation, noise, exploring, deterministic, carried ?? [], record ?? []]
  tf.dispose(used as tf.TensorContainer)
  return data
}

interface RowsCheck {
  readonly lengths: Readonly<Record<string, number>> | undefined
  readonly got: NamedRows | undefined
  readonly rows: number
}

/** What `act` hands on must be what the algorithm says it does. */
function checkRows(name: 'memory' | 'record', { lengths = {}, got = {}, rows }: RowsCheck): void {
  const expected = Object.entries(lengths).map(([entry, length]) => `${entry} [${rows},${length}]`)
  const found = Object.entries(got).map(([entry, { shape }]) => `${entry} [${shape.join()}]`)
  assert(
    expected.join() === found.join(),
    () => `act must give the ${name} ${expected.join() || 'of no entries'}, got ${found.join() || 'none'}`,
  )
}

function checkBounds<State extends Tree<Tensor>>(algorithm: Algorithm<State>): void {
  const low = algorithm.spec.action.low.map(Math.fround)
  const high = algorithm.spec.action.high.map(Math.fround)
  const run = start(algorithm, 1)
  run.run(2)
  for (const scale of [0, 1, 1e4]) {
    for (const rows of [1, 64]) {
      const { exploring, deterministic } = act(algorithm, run.state, { seed: 9, rows, scale })
      for (const action of [exploring, deterministic]) {
        const outside = action.findIndex((a, i) => !(a >= low[i % low.length] && a <= high[i % low.length]))
        assert(
          outside < 0,
          () => `actions must be within the bounds, got ${action[outside]} for observations of size ${scale}`,
        )
        const between =
          algorithm.spec.action.choices === undefined ? -1 : action.findIndex((a) => a % 1 !== 0)
        assert(between < 0, () => `actions must be indices of choices, got ${action[between]}`)
      }
    }
  }
  run.dispose()
}

function checkExploration<State extends Tree<Tensor>>(algorithm: Algorithm<State>): void {
  const run = start(algorithm, 1)
  const [first, again, other] = [1, 1, 2].map((noiseSeed) =>
    act(algorithm, run.state, { seed: 1, noiseSeed, rows: 4, scale: 1 }),
  )
  run.dispose()
  assert(first.exploring.join() === again.exploring.join(), () => 'act must repeat for the same noise')
  assert(
    first.exploring.join() !== other.exploring.join(),
    () => 'act must explore by its noise, got the same actions',
  )
  assert(first.deterministic.join() === other.deterministic.join(), () => 'actDeterministic must repeat')
}

function checkMemory<State extends Tree<Tensor>>(algorithm: Algorithm<State>): void {
  const before = tf.memory().numTensors
  const run = start(algorithm, 1)
  run.run(1)
  const live = tf.memory().numTensors
  for (let i = 0; i < 20; i++) {
    run.run(1)
    act(algorithm, run.state, { seed: i, rows: 1, scale: 1 })
  }
  const grown = tf.memory().numTensors - live
  assert(grown === 0, () => `20 updates must leave no tensors behind, got ${grown} more`)
  run.dispose()
  const left = tf.memory().numTensors - before
  assert(left === 0, () => `disposing the state must free all, got ${left} tensors left`)
}
