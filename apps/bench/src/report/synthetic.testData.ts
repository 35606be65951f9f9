import { halfCheetahCamera, pendulumCamera, type Recording } from '../film/index.ts'
import type { Report, ReportRun } from './contents.ts'

/** A report with made-up curves and poses, for tests of the page. */
export function syntheticReport(): Report {
  return {
    title: 'Soft actor-critic in minutes',
    finishedAt: new Date('2026-11-21T10:00:00Z'),
    machine: { cpu: 'Test CPU <9000>', cores: 2, memoryGb: 8, platform: 'linux x64' },
    runtime: 'Node v24',
    wallSeconds: 312,
    runs: [pendulum, halfCheetah],
    next: [
      {
        meaning: 'Learn HalfCheetah to the end',
        command: 'pnpm bench train --env half-cheetah --algo sac --steps 100000 --seed 1',
      },
      { meaning: 'Measure this machine', command: 'pnpm bench speed' },
    ],
  }
}

const base = { algo: 'sac', seed: 1, stateHash: 'a'.repeat(64), stepsPerSecond: 118.2 }

const pendulum: ReportRun = {
  ...base,
  title: 'Pendulum: swing up and hold',
  env: 'pendulum',
  command: 'pnpm bench train --env pendulum --algo sac --steps 10000 --seed 1',
  steps: 10_000,
  wallSeconds: 84,
  curve: [-1300, -1250, -700, -220, -160, -150, -148, -155, -149, -151].map((mean, i) => ({
    step: 1000 * (i + 1),
    mean,
    std: 90,
  })),
  random: { mean: -1224, std: 290, episodes: 100 },
  learned: { mean: -149.6, std: 88, episodes: 100 },
  claim: { text: 'Mean return of at least -200 over 100 episodes', threshold: -200, holds: true },
  film: pendulumCamera.film([
    { label: 'random actions', recording: swing((t) => Math.PI + 0.9 * Math.sin(3.5 * t)) },
    { label: 'learned policy', recording: swing((t) => Math.PI * Math.exp(-1.4 * t) * Math.cos(2 * t)) },
  ]),
}

const halfCheetah: ReportRun = {
  ...base,
  title: 'HalfCheetah: run',
  env: 'half-cheetah',
  command: 'pnpm bench train --env half-cheetah --algo sac --steps 25000 --seed 1',
  steps: 25_000,
  wallSeconds: 240,
  curve: [-120, 310, 780, 1490, 2010].map((mean, i) => ({ step: 5000 * (i + 1), mean, std: 60 + 20 * i })),
  random: { mean: -284, std: 80, episodes: 5 },
  learned: { mean: 2011, std: 145, episodes: 5 },
  claim: {
    text: 'Mean return of at least 2,500 over 5 deterministic episodes',
    threshold: 2500,
    holds: false,
  },
  film: halfCheetahCamera.film([
    { label: 'random actions', recording: gallop(0.05) },
    { label: 'learned policy', recording: gallop(2.2) },
  ]),
}

function swing(angle: (t: number) => number): Recording {
  const angles = Array.from({ length: 100 }, (_, i) => angle(i * 0.05))
  return { observations: angles.map((a) => [Math.cos(a), Math.sin(a), 0]), info: angles.map(() => ({})) }
}

function gallop(speed: number): Recording {
  const times = Array.from({ length: 100 }, (_, i) => i * 0.05)
  return {
    observations: times.map((t) => {
      const s = 0.4 * Math.sin(9 * t)
      return [
        0.03 * Math.sin(18 * t),
        0.1 * Math.sin(9 * t),
        s,
        -s,
        s,
        -s,
        s,
        -s,
        ...Array<number>(9).fill(0),
      ]
    }),
    info: times.map((t) => ({ xPosition: speed * t })),
  }
}
