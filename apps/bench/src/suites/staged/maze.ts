import { blockedDistance, blockedMaze } from '@maxent/envs/mujoco'
import type { ComputeArm, PathsPlot, Suite } from '../suite.ts'
import { judgeEverySeed } from './everySeed.ts'
import type { Rollout } from './rollouts.ts'
import { profilesOf, thesisRun, type Length, type ProfileLengths, type Size } from './scale.ts'
import { stagedArm, type Sight } from './stagedArm.ts'
import { endDifferences, noiseC1, softC1, tableC1, uniformWarmUp } from './tableC1.ts'

/** How near to the target any episode has been so far, and where those of the last evaluation went. */
function look(rollouts: readonly Rollout[], before: Sight['numbers'] | undefined): Sight {
  const distances = rollouts.map(({ info }) => info.distance.least)
  const paths = rollouts.map(({ path }) => path)
  return {
    numbers: {
      nearest: Math.min(before?.nearest ?? Infinity, ...distances),
      arriving: rollouts.filter(({ info }) => info.success.last === 1).length / rollouts.length,
      return: rollouts.reduce((sum, { discountedReturn }) => sum + discountedReturn, 0) / rollouts.length,
    },
    samples: {
      'path.x': paths.flatMap((path) => path.map(([x]) => x)),
      'path.y': paths.flatMap((path) => path.map(([, y]) => y)),
      'path.lengths': paths.map(({ length }) => length),
    },
  }
}

/** The outlines of the walls, seen from above. */
const walls: NonNullable<PathsPlot['lines']> = blockedMaze.walls.flatMap(
  ({ middle: [x, y], half: [dx, dy] }) => {
    const corners = [
      [x - dx, y - dy],
      [x + dx, y - dy],
      [x + dx, y + dy],
      [x - dx, y + dy],
    ] as const
    return corners.map((from, i) => ({ title: 'walls', from, to: corners[(i + 1) % corners.length] }))
  },
)

/** What differs from body to body. */
export interface MazeOptions {
  readonly id: string
  readonly body: 'ant' | 'ball'
  readonly profiles: ProfileLengths<Length>
  readonly differences?: readonly string[]
}

const epochs = { steps: 5_000_000, warmupSteps: 10_000, looks: 500, rollouts: 10 } as const

/** Haarnoja 2018, figure 3.5b: two passages that look alike, of which one is closed at its end, with a body of choice. */
export function mazeSuite({ id, body, profiles, differences = [] }: MazeOptions): Suite {
  const arms = (size: Size, length: Length): readonly ComputeArm[] => {
    const run = { name: 'maze', env: `${body}-blocked-maze`, size, length, near: body === 'ant' }
    return [
      stagedArm({ id: 'sql', label: 'SQL', runs: [thesisRun({ ...run, algorithm: 'sql' })], look }),
      stagedArm({ id: 'ddpg', label: 'DDPG', runs: [thesisRun({ ...run, algorithm: 'ddpg' })], look }),
    ]
  }
  return {
    id,
    paper: 'Haarnoja 2018',
    figure: 'fig. 3.5b',
    claim: 'every SQL run takes the open passage; some DDPG runs do not',
    packages: ['@maxent/sql', '@maxent/baselines'],
    grid: arms('thesis', epochs),
    profiles: profilesOf(profiles, arms),
    verdict: {
      statistic:
        'per seed, the least distance to the target in any evaluation episode so far: samples of soft Q-learning, and the deterministic action of DDPG, both without noise',
      threshold: `every seed of SQL gets nearer than ${blockedDistance.toFixed(2)} m, which the closed passage does not allow, and at least one of DDPG does not; inconclusive where all of both do`,
      fails: 'a seed of SQL never gets through the open passage',
      leastSeeds: 5,
      unpaired: true,
      roles: { soft: ['sql'], deterministic: ['ddpg'] },
      judge: judgeEverySeed({
        words: 'get through the open passage',
        scalar: 'nearest',
        isMet: (nearest) => nearest < blockedDistance,
      }),
    },
    control: {
      meaning: 'DDPG in the place of SQL: nothing keeps both passages open',
      roles: { soft: ['ddpg'], deterministic: ['ddpg'] },
    },
    plots: [
      {
        kind: 'curves',
        title: 'Nearest to the target so far (fig. 3.5b)',
        arms: ['sql', 'ddpg'],
        curve: 'nearest',
        over: 'seeds',
        y: 'distance, m',
        levels: [{ label: 'closed passage', value: blockedDistance }],
      },
      {
        kind: 'paths',
        title: 'Episodes of the last evaluation; start at (0, 0), target at (8, 0), closed passage above',
        arms: ['sql', 'ddpg'],
        samples: 'path',
        lines: walls,
        x: 'x, m',
        y: 'y, m',
      },
      { kind: 'curves', title: 'Discounted return', arms: ['sql', 'ddpg'], curve: 'return', y: 'return' },
      {
        kind: 'table',
        title: 'At the end',
        arms: ['sql', 'ddpg'],
        columns: [
          { scalar: 'nearest', title: 'nearest so far, m' },
          { scalar: 'arriving', title: 'share of episodes beyond the closed passage' },
          { scalar: 'return', title: 'discounted return' },
        ],
      },
    ],
    paperTable: {
      ...tableC1('maze', { steps: 5_000_000 }),
      ...noiseC1('maze'),
      'settings.maze.env': `${body}-blocked-maze`,
    },
    paperRows: { sql: softC1('maze') },
    paperArms: ['sql', 'ddpg'],
    differences: [
      'the thesis gives neither the geometry of the maze nor the width of the reward: passages of 4 m around a block of 4 m, 2 m',
      uniformWarmUp,
      'the thesis does not say how many seeds there are',
      ...endDifferences(body),
      ...differences,
    ],
  }
}
