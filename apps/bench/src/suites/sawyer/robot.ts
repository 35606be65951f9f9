import { stackPastPost } from '@maxent/envs/mujoco'
import type { PathsPlot } from '../suite.ts'
import { uniformWarmUp } from '../staged/tableC1.ts'
import { smallNetworks, thesisRun, type ThesisRun } from '../staged/scale.ts'
import type { StagedRun } from '../staged/stagedArm.ts'

/** What `quick` and `standard` have in place of the thesis' learners, in words: networks of so many units in each of two layers. */
export function smallRobot(units = 64): string {
  return `${smallNetworks(units, 'near')}, two critics`
}

/** Steps of a minute of the robot. */
export const stepsPerMinute = 1_200

/** A run of the thesis whose samples alone explore, where it learns by soft Q-learning (thesis, section 3.4). */
export function robotRun(asked: ThesisRun): StagedRun {
  const { size, algorithm } = asked
  const run = thesisRun({ ...asked, near: true })
  const isSoft = algorithm === 'sql'
  return {
    ...run,
    config: {
      ...run.config,
      ...(isSoft && { exploration: undefined, ...(size !== 'thesis' && { critics: 2 }) }),
    },
  }
}

/** What differs from the thesis wherever the robot is. */
export const robotDifferences: readonly string[] = [
  "a simulated Sawyer in place of the real one: torques at 20 Hz, up to half of the published limits, its weight held by the robot's own controller",
  'the thesis gives the robot no settings of its own: networks, rates, batches and copies are those of its appendix C.1, with α = 0.1, but episodes are 5 s of reaching and 10 s of a brick where that has 500 steps, and torques cost a hundredth of the squares of their shares',
  uniformWarmUp,
  'at reduced scale soft Q-learning takes the least of two critics, and its rewards count more, found on seeds that are not judged',
  'soft Q-learning explores by its samples alone, as section 3.4 says; appendix C.1 has noise on top throughout',
]

/** The numbers that the tasks with bricks have under a name that begins so. */
export function chosenOf(name: string): readonly number[] {
  const found = stackPastPost.chosen?.find((one) => one.name.startsWith(name))
  return [found?.value].flat() as readonly number[]
}

/** Steps before a push begins. */
export const stepsBeforePush: number = chosenOf('push: first step')[0]

/** As the physics has it, m. */
const brick = { half: 0.0159, height: 0.0192 }

/** What is in the way of the hand, and where it goes, as one sees them who faces the robot: to its left, and up, m. */
export function seenAhead(): Readonly<Record<'post' | 'brick', NonNullable<PathsPlot['lines']>[number]>> {
  const [, place, , height] = chosenOf('post in the way')
  const [, left] = chosenOf('brick to stack on')
  return {
    post: { title: 'the post', from: [place, 0], to: [place, height] },
    brick: {
      title: 'the lower brick',
      from: [left - brick.half, brick.height],
      to: [left + brick.half, brick.height],
    },
  }
}
