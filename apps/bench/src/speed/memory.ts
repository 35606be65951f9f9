import { liveHandles } from '@maxent/envs/diagnostics'
import { liveSessions, liveTensors, type Program } from '@maxent/jit'
import * as tf from '@tensorflow/tfjs'
import { median } from './blocks.ts'
import { createLearner } from './endToEnd.ts'

/** One look at the process. */
export interface MemorySample {
  readonly update: number
  /** Resident size: the median over the updates since half a tenth before, as it swings with each garbage collection. */
  readonly rssMb: number
  readonly heapMb: number
  /** Tensors that tfjs holds. */
  readonly tensors: number
  /** ONNX Runtime tensors that the program holds between calls. */
  readonly values: number
  readonly sessions: number
  /** MuJoCo objects that wait for `delete`. */
  readonly handles: number
}

/** What `bench speed --memory --json` prints. */
export interface MemoryReport {
  readonly samples: readonly MemorySample[]
  /** Resident size at the end over that after a tenth of the updates, less 1. */
  readonly growth: number
  /** Whether tensors, values, sessions and handles are as many at the end as after a tenth. */
  readonly constant: boolean
  readonly holds: boolean
}

/** Growth of resident size that the claim allows. */
export const allowedGrowth = 0.05

export interface MemoryOptions {
  readonly updates: number
  readonly onSample: (sample: MemorySample) => void
}

/**
 * Learns HalfCheetah with a replay whose memory is written at the start, and looks at the process ten times. The claim is about the growth
 * from a tenth of the way to the end: what comes before is warming up.
 */
export async function measureMemory({ updates, onSample }: MemoryOptions): Promise<MemoryReport> {
  const learner = await createLearner(1_000_000)
  const samples: MemorySample[] = []
  for (let tenth = 1; tenth <= 10; tenth++) {
    const due = Math.round((updates * tenth) / 10)
    const sizes: number[] = []
    while (learner.stepper.counters.updates < due) {
      await learner.stepper.advance()
      if (learner.stepper.counters.updates > due - updates / 20) sizes.push(process.memoryUsage.rss())
    }
    const sample = look(learner.agent.program, due, median(sizes))
    samples.push(sample)
    onSample(sample)
  }
  await learner.close()
  const [first] = samples
  const last = samples[samples.length - 1]
  const growth = last.rssMb / first.rssMb - 1
  const constant = (['tensors', 'values', 'sessions', 'handles'] as const).every((k) => first[k] === last[k])
  return { samples, growth, constant, holds: growth < allowedGrowth && constant }
}

function look(program: Program, update: number, rss: number): MemorySample {
  return {
    update,
    rssMb: rss / 2 ** 20,
    heapMb: process.memoryUsage().heapUsed / 2 ** 20,
    tensors: tf.memory().numTensors,
    values: liveTensors(program),
    sessions: liveSessions(),
    handles: liveHandles(),
  }
}
