import type { JsonValue, Suite } from '../suite.ts'

/** Rows of a suite's `paperTable` or `paperRows`. */
type Rows = Suite['paperTable']

/** What differs between the experiments of appendix C.1. */
export interface ExperimentC1 {
  /** Steps between copies of the targets; 1,000 but for the snake. */
  readonly interval?: number
  /** Environment steps; none where the appendix does not speak of the task. */
  readonly steps?: number
}

/** What differs between the experiments of soft Q-learning. */
export interface SoftC1 {
  /** 0.1 but for the first experiment. */
  readonly alpha?: number
  /** K = M; 32 but for the first experiment. */
  readonly particles?: number
}

const noise: Readonly<Record<string, JsonValue>> = {
  'config.exploration': { kind: 'ornsteinUhlenbeck', theta: 0.15, sigma: 0.3 },
}

/** Steps of an epoch, and the epochs in which fine-tuning makes a policy deterministic. */
const [epoch, epochs] = [10_000, 20] as const

/** Rows at the settings of an arm that trains, or of one of the runs of an arm. */
function at(run: string | undefined, rows: Readonly<Record<string, JsonValue>>): Rows {
  const prefix = run === undefined ? '' : `settings.${run}.`
  return Object.fromEntries(Object.entries(rows).map(([name, value]) => [`${prefix}${name}`, value]))
}

/** Thesis, appendix C.1, what soft Q-learning and DDPG have in common but for {@link noiseC1}. */
export function tableC1(run?: string, { interval = 1_000, steps }: ExperimentC1 = {}): Rows {
  return at(run, {
    'config.batchSize': 64,
    'config.hidden': [200, 200],
    'config.activation': 'relu',
    'config.policyLearningRate': 1e-4,
    'config.criticLearningRate': 1e-3,
    'config.target': { kind: 'hard', interval },
    'train.replayCapacity': 1_000_000,
    'train.warmupSteps': 10_000,
    'train.updatesPerStep': 1,
    ...(steps !== undefined && { 'train.steps': steps }),
  })
}

/** The noise on top of the actions of both. */
export function noiseC1(run?: string): Rows {
  return at(run, noise)
}

/** What differs from the thesis wherever the samples before training are uniform. */
export const uniformWarmUp: string =
  'the samples before training are uniform actions; the released code takes those of the untrained policy'

/** What differs from the thesis in when the episodes of a body end. */
export function endDifferences(body: 'ant' | 'ball'): readonly string[] {
  return body === 'ball'
    ? []
    : [
        'an episode ends when the trunk of the ant is tilted past its side; the thesis ends it when the ant flips over, and does not say when that is',
      ]
}

/** What soft Q-learning alone has. */
export function softC1(run?: string, { alpha = 0.1, particles = 32 }: SoftC1 = {}): Rows {
  return at(run, {
    ...soft(particles),
    'config.temperature': { kind: 'fixed', alpha },
    'config.latents': { kind: 'fresh' },
  })
}

/** What it has in fine-tuning, where both fall within 20 epochs. */
export function fineTuningC1(run?: string): Rows {
  return at(run, {
    ...soft(32),
    'config.temperature': { kind: 'annealed', from: 0.1, to: 0.001, steps: epochs * epoch },
    'config.latents.kind': 'set',
    'config.latents.steps': epochs * epoch,
  })
}

function soft(particles: number): Readonly<Record<string, JsonValue>> {
  return {
    'config.value': { kind: 'uniform', samples: 50, shared: false },
    'config.particles': { kind: 'disjoint', fixed: particles, updated: particles },
    // The appendix weighs rewards by α alone.
    'config.rewardScale': 1,
  }
}
