/** A cell to be run, as an estimate sees it. */
export interface Work {
  readonly name: string
  /** Cells of one kind take about the same time per step. */
  readonly kind: string
  readonly steps: number
}

/** The time that is left. */
export interface Remaining {
  readonly seconds: number
  /** Whether a kind of cell has not been seen yet, so that it may well take longer. */
  readonly atLeast: boolean
}

/** Learns how long cells take while they run. Times are in milliseconds, of any one clock. */
export interface Estimate {
  /** Where a running cell stands. The first call is its start in this sitting: a cell that is taken up starts above 0. */
  at(name: string, step: number, now: number): void
  done(name: string, now: number): void
  /** Without effect on what is known about its kind. */
  failed(name: string): void
  /** `undefined` before anything is known. */
  remaining(now: number): Remaining | undefined
}

interface Sitting {
  readonly from: number
  readonly since: number
  step: number
  now: number
}

/** A rate is believed after this share of a cell: what comes first (starting, compiling, the warm-up) is not like the rest. */
const believed = 0.1

/** An estimate for cells that are run in their order, `jobs` at a time. */
export function createEstimate(works: readonly Work[], jobs: number): Estimate {
  const open = new Map(works.map((work) => [work.name, work]))
  const running = new Map<string, Sitting>()
  const finished = new Map<string, { steps: number; milliseconds: number }>()

  /** Milliseconds per step of a kind, as far as they are known. */
  const pace = (kind: string): number | undefined => {
    let { steps, milliseconds } = finished.get(kind) ?? { steps: 0, milliseconds: 0 }
    for (const [name, { from, since, step, now }] of running) {
      const work = open.get(name)
      if (work?.kind !== kind || step - from < believed * work.steps) continue
      steps += step - from
      milliseconds += now - since
    }
    return steps > 0 ? milliseconds / steps : undefined
  }

  return {
    at: (name, step, now) => {
      const sitting = running.get(name)
      if (sitting === undefined) running.set(name, { from: step, since: now, step, now })
      else Object.assign(sitting, { step, now })
    },
    done: (name, now) => {
      const work = open.get(name)
      const sitting = running.get(name)
      open.delete(name)
      running.delete(name)
      if (work === undefined || sitting === undefined) return
      const { steps, milliseconds } = finished.get(work.kind) ?? { steps: 0, milliseconds: 0 }
      finished.set(work.kind, {
        steps: steps + work.steps - sitting.from,
        milliseconds: milliseconds + now - sitting.since,
      })
    },
    failed: (name) => {
      open.delete(name)
      running.delete(name)
    },
    remaining: (now) => {
      const paces = new Map([...new Set(works.map(({ kind }) => kind))].map((kind) => [kind, pace(kind)]))
      const known = [...paces.values()].filter((value) => value !== undefined)
      if (open.size === 0) return { seconds: 0, atLeast: false }
      if (known.length === 0) return undefined
      const usual = Math.min(...known)
      const left = ({ name, kind, steps }: Work): number => {
        const sitting = running.get(name)
        const perStep = paces.get(kind) ?? usual
        if (sitting === undefined) return steps * perStep
        return Math.max(0, (steps - sitting.step) * perStep - (now - sitting.now))
      }
      return {
        seconds: finishingTime([...open.values()], running, { left, jobs }) / 1000,
        atLeast: [...open.values()].some(({ kind }) => paces.get(kind) === undefined),
      }
    },
  }
}

/** When the last cell ends, where each that waits goes to the worker that is free first. */
function finishingTime(
  works: readonly Work[],
  running: ReadonlyMap<string, unknown>,
  { left, jobs }: { readonly left: (work: Work) => number; readonly jobs: number },
): number {
  const free = works.filter(({ name }) => running.has(name)).map(left)
  while (free.length < jobs) free.push(0)
  for (const work of works) {
    if (running.has(work.name)) continue
    const first = free.indexOf(Math.min(...free))
    free[first] += left(work)
  }
  return Math.max(...free)
}
