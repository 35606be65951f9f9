import { listEnvs, makeEnv } from '@maxent/envs'
import { uniformPolicy } from '../../run/baseline.ts'
import type { CellResult } from '../../run/cellResult.ts'
import { digits } from '../../run/digits.ts'
import { meanOf, medianOf } from '../../statistics/samples.ts'
import { rollOut, type Rollout } from '../staged/rollouts.ts'
import type { ThesisRun } from '../staged/scale.ts'
import type { Sight, StagedRun } from '../staged/stagedArm.ts'
import type { Units } from '../staged/units.ts'
import type { CellsByRole, ComputeArm, JsonValue, Judgement } from '../suite.ts'
import { chosenOf, robotRun, smallRobot, stepsBeforePush } from './robot.ts'

/** From a centimetre off to a millimetre the brick gains 0.4 per step: at reduced scale that counts so many times, 13 nats at α = 0.3. */
const rewardScale = 10

/** Of the joints with the held brick on its seat, rad. */
const seatAngles = [-0.0481, -0.8527, 0.0471, 1.741, -0.0491, 0.6836, 3.3416] as const

/**
 * What small networks see an arm with a brick in: how far it is from its seat, a tenth of a radian, half a radian a second, five centimetres and 50 N each as 1.
 * In radians and newtons a tilt of 4°, which keeps a brick from sitting, is hardly seen: seed 11, which is not judged, then ends pressed on askew after 200,000
 * steps, and in these units on its seat after 45,000.
 */
export const seatUnits: Units = {
  proprio: {
    centre: [...seatAngles, ...seatAngles.map(() => 0)],
    unit: [...seatAngles.map(() => 0.1), ...seatAngles.map(() => 0.5)],
  },
  hand: { centre: [0.6, 0.15, 0.0292], unit: [0.05, 0.05, 0.05] },
  force: { centre: [0], unit: [50] },
}

/**
 * The horizon at reduced scale, half a second. At the five of the thesis' γ = 0.99 the hand hovers two to three centimetres above, or presses the brick
 * down astride of the studs; at half a second it comes to millimetres or a centimetre (seeds 11 and 12, which are not judged).
 */
const gamma = 0.9

/**
 * α at reduced scale, where rewards count ten times: three times that of the thesis, from ten times. From three times on seed 12, which is not judged, ends half
 * on, a row of studs too far; down to that of the thesis it sits after 80,000 steps and presses itself askew after 90,000.
 */
const temperature = { kind: 'annealed', from: 1, to: 0.3 } as const
/** Gradient steps in which it falls, and the share of a run that they may be. */
const annealing = { steps: 60_000, share: 0.6 } as const

/** What `quick` and `standard` have in place of the thesis' learners, in words. */
export const brickScale: string = `${smallRobot()}, γ = ${gamma}, α from ${temperature.from} to ${temperature.to}, rewards times ${rewardScale}`

/** What differs from the thesis wherever a brick is held. */
export const stackingDifference: string = `at reduced scale γ = ${gamma}, at 0.99 the brick stays two to three centimetres off its seat, and networks see angles, place and force as deviations from those on the seat, in a tenth of a radian, 5 cm and 50 N; found on seeds that are not judged`

/** A run of the arm that holds a brick. */
export function brickRun(asked: ThesisRun): StagedRun {
  if (asked.size === 'thesis') return robotRun({ ...asked, rewardScale })
  const steps = Math.min(annealing.steps, annealing.share * asked.length.steps)
  const config = { gamma, temperature: { ...temperature, steps }, ...asked.config }
  return { ...robotRun({ ...asked, rewardScale, config }), units: seatUnits }
}

/** What the rule of figure 3.10 asks for. */
export const stackBars = {
  /** Share of the trials in which the brick sits at the end. */
  stacked: 0.8,
  /** Share of the pushes after which it does. */
  recovered: 0.8,
  /** A push has to take the brick so far from its place to be one, m. */
  away: 0.1,
  /** Share of the pushes that must do so. */
  pushed: 0.8,
  /** Share of the seeds that must meet both. */
  seeds: 0.8,
} as const

/** The pushes that a stacking policy is tested on, and the steps before they begin. */
export function pushes(count: number): { readonly tasks: readonly JsonValue[]; readonly since: number } {
  const found = listEnvs().find(({ id }) => id === 'sawyer-stack')?.tasks?.test ?? []
  return { tasks: found.slice(0, count), since: stepsBeforePush }
}

const share = (values: readonly boolean[]): number => meanOf(values.map(Number))

/** At which distance of its seat a brick sits, m. */
export const seated: number = chosenOf('stacking: distance at which')[0]

/** Whether the brick sits at the end. */
export const sits = ({ info }: Rollout): boolean => info.distance.last < seated

/** Places of the hand, as figures draw them: to the left, and up. */
export function pathsOf(name: string, rollouts: readonly Rollout[]): Readonly<Record<string, number[]>> {
  const paths = rollouts.map(({ path }) => path)
  return {
    [`${name}.x`]: paths.flatMap((path) => path.map(([x]) => x)),
    [`${name}.y`]: paths.flatMap((path) => path.map(([, y]) => y)),
    [`${name}.lengths`]: paths.map(({ length }) => length),
  }
}

/** Whether the brick sits at the end of trials, and of those in which it is pushed. */
export function lookAtStacking(
  rollouts: readonly Rollout[],
  _before: Sight['numbers'] | undefined,
  tests: readonly Rollout[],
): Sight {
  const farthest = tests.map(({ info }) => info.distance.most)
  return {
    numbers: {
      stacked: share(rollouts.map(sits)),
      ever: share(rollouts.map(({ info }) => info.distance.least < seated)),
      distance: meanOf(rollouts.map(({ info }) => info.distance.last)),
      return: meanOf(rollouts.map(({ discountedReturn }) => discountedReturn)),
    },
    ...(tests.length > 0 && {
      scalars: {
        recovered: share(tests.map(sits)),
        pushed: share(farthest.map((distance) => distance >= stackBars.away)),
        farthest: medianOf(farthest),
      },
      samples: { ...pathsOf('trial', rollouts), ...pathsOf('push', tests) },
    }),
  }
}

/** Uniform actions in the same trials. */
export function randomStacking(
  id: string,
  settings: { readonly trials: number; readonly pushes: number },
): ComputeArm {
  return {
    kind: 'compute',
    id,
    label: 'uniform actions',
    settings,
    compute: async ({ seed, signal }) => {
      const env = await makeEnv('sawyer-stack')
      try {
        const policy = uniformPolicy(env.spec.action, seed)
        const request = { env, policy, gamma: 0.99, seed, signal }
        const rollouts = await rollOut({ ...request, count: settings.trials })
        const { tasks, since } = pushes(settings.pushes)
        const tests = await rollOut({ ...request, count: tasks.length, tasks, since })
        const { numbers, scalars, samples } = lookAtStacking(rollouts, undefined, tests)
        return {
          scalars: scalarsInDigits({ ...numbers, ...scalars }),
          samples: samplesInDigits(samples ?? {}),
        }
      } finally {
        env.close()
      }
    },
  }
}

/** Scalars to five digits, as cells keep them. */
export function scalarsInDigits(values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, digits(value)]))
}

/** Samples, likewise. */
export function samplesInDigits(
  samples: Readonly<Record<string, readonly number[]>>,
): Record<string, number[]> {
  return Object.fromEntries(Object.entries(samples).map(([name, values]) => [name, values.map(digits)]))
}

/** The rule of figure 3.10: seed by seed, the brick sits after trials, and after pushes that took it off its place. */
export function judgeStacking({ policy }: CellsByRole): Judgement {
  const of = (name: string): readonly number[] => policy.map(({ scalars }: CellResult) => scalars[name])
  const [stacked, recovered, pushed] = ['stacked', 'recovered', 'pushed'].map(of)
  const met = policy.filter(
    (_, i) => stacked[i] >= stackBars.stacked && recovered[i] >= stackBars.recovered,
  ).length
  const tested = pushed.filter((one) => one >= stackBars.pushed).length
  const enough = (count: number): boolean => count >= stackBars.seeds * policy.length
  const percent = (values: readonly number[]): string => `${(100 * meanOf(values)).toFixed(0)} %`
  return {
    verdict: !enough(met) ? 'fails' : enough(tested) ? 'holds' : 'inconclusive',
    reason:
      `${met} of ${policy.length} seeds meet the bars; the brick sits in ${percent(stacked)} of the trials and after ${percent(recovered)} of the pushes, ` +
      `of which ${percent(pushed)} took it ${stackBars.away} m off its place`,
    metrics: {
      seeds: { value: met },
      stacked: { value: meanOf(stacked) },
      recovered: { value: meanOf(recovered) },
      pushed: { value: meanOf(pushed) },
    },
  }
}
