import { halfCheetahCamera, pendulumCamera, type Camera } from '../film/index.ts'

/** One task of the tour. */
export interface TourPart {
  readonly title: string
  readonly env: string
  readonly algo: string
  /** Settings of the algorithm, by name. */
  readonly preset: string
  readonly steps: number
  /** Steps between two points of the learning curve, and episodes per point. */
  readonly evalEvery: number
  readonly curveEpisodes: number
  /** Episodes behind the claim. */
  readonly finalEpisodes: number
  readonly threshold: number
  readonly claim: string
  readonly camera: Camera
}

/** The tasks by environment id, each sized so that both together take minutes on two cores. */
const parts: Readonly<Record<string, TourPart>> = {
  pendulum: {
    title: 'Pendulum: swing up and hold',
    env: 'pendulum',
    algo: 'sac',
    preset: 'pendulum',
    steps: 20_000,
    evalEvery: 2_000,
    curveEpisodes: 10,
    finalEpisodes: 100,
    threshold: -200,
    claim: 'Mean return of at least \u2212200 over 100 deterministic episodes',
    camera: pendulumCamera,
  },
  'half-cheetah': {
    title: 'HalfCheetah: run',
    env: 'half-cheetah',
    algo: 'sac',
    preset: 'half-cheetah',
    steps: 30_000,
    evalEvery: 2_500,
    curveEpisodes: 2,
    finalEpisodes: 5,
    threshold: 1_000,
    claim: 'Mean return of at least 1,000 over 5 deterministic episodes',
    camera: halfCheetahCamera,
  },
}

/** The parts of a tour, all of `steps` steps where that is given. */
export function tourParts(steps?: number): Readonly<Record<string, TourPart>> {
  if (steps === undefined) return parts
  const shorter = (part: TourPart): TourPart => ({
    ...part,
    steps,
    evalEvery: Math.ceil(steps / 4),
  })
  return Object.fromEntries(Object.entries(parts).map(([env, part]) => [env, shorter(part)]))
}
