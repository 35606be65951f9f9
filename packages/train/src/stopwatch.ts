/** Wall times of a run. They decide nothing. */
export interface Stopwatch {
  /** Adds the seconds of earlier sittings. */
  addEarlier(seconds: number): void
  /** Seconds of work, all sittings together. */
  wallSeconds(): number
  /** Begins, or goes on, to measure steps. */
  start(): void
  stop(): void
  countSteps(steps: number): void
  /** Forgets the steps measured so far. */
  restart(): void
  /** Steps counted per second of measured time. */
  stepsPerSecond(): number
  /** Whether a quarter of a second has passed since it last said so. */
  tick(): boolean
}

const tickMs = 250

export function createStopwatch(): Stopwatch {
  const begun = performance.now()
  let earlier = 0
  let measured = 0
  let startedAt: number | undefined
  let steps = 0
  let lastTick = begun
  const measuredMs = (): number => measured + (startedAt === undefined ? 0 : performance.now() - startedAt)
  return {
    addEarlier: (seconds) => void (earlier += seconds),
    wallSeconds: () => Math.round(1000 * earlier + performance.now() - begun) / 1000,
    start: () => void (startedAt = performance.now()),
    stop: () => {
      measured = measuredMs()
      startedAt = undefined
    },
    countSteps: (count) => void (steps += count),
    restart: () => {
      measured = 0
      steps = 0
      if (startedAt !== undefined) startedAt = performance.now()
    },
    stepsPerSecond: () => (steps === 0 ? 0 : (1000 * steps) / measuredMs()),
    tick: () => {
      const now = performance.now()
      if (now - lastTick < tickMs) return false
      lastTick = now
      return true
    },
  }
}
