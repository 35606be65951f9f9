/** The lines of a run record, and how they are read back. */

/** A line of `metrics.jsonl`: what happened since the line before. */
export interface MetricsLine {
  /** Environment steps taken. */
  readonly step: number
  /** Gradient steps taken. */
  readonly updates: number
  /** Episodes finished. */
  readonly episodes: number
  /** Mean return of the episodes that finished since the last line, `null` when none did. Exploration noise included. */
  readonly episodeReturn: number | null
  /** Mean length of the same episodes. */
  readonly episodeLength: number | null
  /** The algorithm's metrics, averaged over the updates since the last line whose metrics were fetched. Empty before the first update. */
  readonly metrics: Readonly<Record<string, number>>
  /** Seconds of work, summed over all sittings: the only field that differs between equal runs. */
  readonly wallSeconds: number
}

/** A line of `eval.jsonl`: one evaluation with deterministic actions. */
export interface EvalLine {
  /** Environment steps taken. */
  readonly step: number
  /** Gradient steps taken. */
  readonly updates: number
  /** Whether it is the evaluation at the end of the run. */
  readonly final: boolean
  /** Mean over episodes of the undiscounted return. */
  readonly returnMean: number
  /** Standard deviation over episodes, divisor n - 1. */
  readonly returnStd: number
  /** The return of each episode. */
  readonly returns: readonly number[]
  /** The length of each episode. */
  readonly lengths: readonly number[]
  /** Seconds of work, as in {@link MetricsLine}. */
  readonly wallSeconds: number
}

/** A line that could not be read. */
export interface DamagedLine {
  /** `metrics.jsonl` or `eval.jsonl`. */
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** What is wrong with it. */
  readonly reason: string
}

/** A run record as read back. */
export interface RunRecord {
  /** `config.json`, or `undefined` when there is none that can be read. */
  readonly config: Readonly<Record<string, unknown>> | undefined
  /** Lines of `metrics.jsonl`. */
  readonly metrics: readonly MetricsLine[]
  /** Lines of `eval.jsonl`. */
  readonly evaluations: readonly EvalLine[]
  /** What was skipped. The last line of a file that is being written may be among them. */
  readonly damaged: readonly DamagedLine[]
}

const metricsShape: Shape = {
  step: 'number',
  updates: 'number',
  episodes: 'number',
  metrics: 'object',
  wallSeconds: 'number',
}
const evalShape: Shape = {
  step: 'number',
  updates: 'number',
  returnMean: 'number',
  returnStd: 'number',
  returns: 'object',
  lengths: 'object',
  wallSeconds: 'number',
}

/** The texts of a record's three files; one that does not exist is the empty string. */
export interface RecordTexts {
  /** Of `config.json`. */
  readonly config: string
  /** Of `metrics.jsonl`. */
  readonly metrics: string
  /** Of `eval.jsonl`. */
  readonly evaluations: string
}

/** Reads the texts of a run record. Lines that are cut or damaged are skipped, and listed in `damaged`. */
export function parseRecord(texts: RecordTexts): RunRecord {
  const damaged: DamagedLine[] = []
  const config = texts.config === '' ? undefined : parseObject(texts.config)
  if (typeof config === 'string') damaged.push({ file: 'config.json', line: 1, reason: config })
  return {
    config: typeof config === 'string' ? undefined : config,
    metrics: parseLines<MetricsLine>('metrics.jsonl', texts.metrics, { shape: metricsShape, damaged }),
    evaluations: parseLines<EvalLine>('eval.jsonl', texts.evaluations, { shape: evalShape, damaged }),
    damaged,
  }
}

type Shape = Readonly<Record<string, 'number' | 'object'>>

function parseLines<Line>(
  file: string,
  text: string,
  { shape, damaged }: { readonly shape: Shape; readonly damaged: DamagedLine[] },
): Line[] {
  const lines = text.split('\n')
  const good: Line[] = []
  lines.forEach((line, i) => {
    const last = i === lines.length - 1
    if (last && line === '') return
    const value = last ? 'is cut: it has no end' : parseObject(line)
    const reason = typeof value === 'string' ? value : misfit(value, shape)
    if (reason === undefined) good.push(value as Line)
    else damaged.push({ file, line: i + 1, reason })
  })
  return good
}

function parseObject(text: string): Record<string, unknown> | string {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
    return 'is not a JSON object'
  } catch {
    return 'is not JSON'
  }
}

function misfit(value: Record<string, unknown>, shape: Shape): string | undefined {
  for (const field in shape) {
    if (typeof value[field] !== shape[field] || value[field] === null)
      return `has no ${shape[field]} "${field}"`
  }
  return undefined
}
