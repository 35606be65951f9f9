import { avoidBars, combiningArm, judgeAvoiding, type Combining, type Skill } from './sawyer/avoiding.ts'
import { robotDifferences, seenAhead } from './sawyer/robot.ts'
import { brickRun, brickScale, seated, stackingDifference } from './sawyer/stacking.ts'
import { profilesOf, type Size } from './staged/scale.ts'
import { softC1, tableC1 } from './staged/tableC1.ts'
import type { ComputeArm, Suite } from './suite.ts'

/** How far a profile goes. */
interface AvoidLength {
  /** Of each skill. */
  readonly steps: number
  readonly warmupSteps: number
  /** Gradient steps of the extraction. */
  readonly updates: number
  /** Of each policy. */
  readonly trials: number
}

function arms(size: Size, { steps, warmupSteps, updates, trials }: AvoidLength): readonly ComputeArm[] {
  const combining = (skills: readonly Skill[]): Combining => ({
    skills,
    run: (name, env) =>
      brickRun({
        name,
        env,
        algorithm: 'sql',
        size,
        length: { steps, warmupSteps, looks: 1, rollouts: trials },
      }),
    extraction: { rule: 'mean', updates, config: {} },
    trials,
  })
  return [
    combiningArm('sql', 'SQL', combining(['stack', 'avoid'])),
    combiningArm('alone', 'SQL, stacking alone', combining(['stack'])),
  ]
}

const percent = (share: number): string => `${100 * share} %`
const { post, brick } = seenAhead()

const policies = { stack: 'stacking', avoid: 'avoiding', combined: 'combined' } as const

/** Haarnoja 2018, figure 6.3: stacking and avoiding, each learned by itself, make stacking past what is in the way. */
export const suite: Suite = {
  id: 'compose-avoid',
  paper: 'Haarnoja 2018',
  figure: 'fig. 6.3',
  claim: 'stack and avoid combined does both, with no new experience; stack alone hits the obstacle',
  packages: ['@maxent/sql'],
  grid: arms('thesis', { steps: 150_000, warmupSteps: 10_000, updates: 10_000, trials: 10 }),
  profiles: profilesOf(
    {
      smoke: {
        minutes: 0.5,
        seeds: 1,
        scale: '16x16 networks, 400 steps of each skill',
        length: { steps: 400, warmupSteps: 200, updates: 50, trials: 1 },
      },
      quick: {
        minutes: 50,
        seeds: 5,
        scale: `${brickScale}, 40,000 steps of each skill, too few for a brick to sit: a look at how it runs`,
        length: { steps: 40_000, warmupSteps: 1_000, updates: 10_000, trials: 10 },
      },
      standard: {
        minutes: 145,
        seeds: 5,
        scale: `${brickScale}, 150,000 steps of each skill`,
        length: { steps: 150_000, warmupSteps: 1_000, updates: 20_000, trials: 10 },
      },
      paper: { minutes: 1_000, seeds: 5, scale: "the paper's networks, 150,000 steps of each skill" },
    },
    arms,
  ),
  verdict: {
    statistic: `the medians over seeds of shares of 10 trials beside the post: at whose end the brick is within ${1_000 * seated} mm of its seat and in which the post was never bent, for the combined policy; in which it was bent, for stacking alone; at whose end the brick sits, for avoiding alone`,
    threshold: `combined at least ${percent(avoidBars.combined)}, without a step in the environment; stacking alone collides in more than ${percent(avoidBars.collided)}; avoiding alone stacks in at most ${percent(avoidBars.stacked)}. Inconclusive where a skill does what it is for in less than ${percent(avoidBars.learned)} of the trials of its own task`,
    fails: 'both skills were learned, and combined they do not do both, or one of them does both alone',
    leastSeeds: 5,
    roles: { parts: ['sql'], combined: ['sql'] },
    judge: judgeAvoiding,
  },
  control: {
    meaning: 'a policy extracted in the same way from stacking alone',
    roles: { parts: ['sql'], combined: ['alone'] },
  },
  plots: [
    {
      kind: 'paths',
      title: 'The hand as one sees it who faces the robot, in ten trials of each policy (fig. 6.3)',
      arms: ['sql'],
      samples: [
        { name: 'own.stack', title: 'stacking, no post' },
        { name: 'avoid', title: 'avoiding' },
        { name: 'stack', title: 'stacking beside the post' },
        { name: 'combined', title: 'combined' },
      ],
      lines: [post, brick],
      x: 'to its left, m',
      y: 'up, m',
    },
    {
      kind: 'table',
      title: 'Trials beside the post (section 6.3)',
      arms: ['sql', 'alone'],
      columns: Object.entries(policies).flatMap(([name, title]) => [
        { scalar: `${name}.stacked`, title: `${title}: stacked` },
        { scalar: `${name}.collided`, title: `${title}: collided` },
        { scalar: `${name}.collisions`, title: `${title}: collisions, all trials` },
        { scalar: `${name}.success`, title: `${title}: stacked without` },
      ]),
    },
    {
      kind: 'table',
      title: 'The skills by themselves, and how far they are apart (6.4, B.28)',
      arms: ['sql', 'alone'],
      columns: [
        { scalar: 'own.stack.success', title: 'stacking, no post: stacked' },
        { scalar: 'own.avoid.success', title: 'avoiding: near without a collision' },
        { scalar: 'divergence', title: 'Rényi divergence' },
        { scalar: 'penalty', title: 'penalty P' },
        { scalar: 'newSteps', title: 'steps while combining' },
      ],
    },
  ],
  paperTable: { ...tableC1('stack'), ...softC1('stack'), ...tableC1('avoid'), ...softC1('avoid') },
  paperArms: ['sql'],
  differences: [
    ...robotDifferences,
    stackingDifference,
    'Q-functions are combined by their mean (6.2); the prose adds them up, which halves the temperature',
    'the text gives neither the length of the extraction nor where the obstacle stood: 10,000 gradient steps, and a post that gives way between start and brick',
    `a brick is stacked within ${1_000 * seated} mm of its place; the thesis counts insertions, and all ten trials of its combined policy succeed, where the bar here is ${percent(avoidBars.combined)}`,
    'the post is there while avoiding is learned and not while stacking is; no policy sees it',
    'five pairs of policies, each tried ten times, in place of one',
  ],
}
