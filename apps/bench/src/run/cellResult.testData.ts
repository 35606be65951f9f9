import type { CellResult } from './cellResult.ts'

/** A finished cell as a test wants it. */
export function cellResult(given: Partial<CellResult> = {}): CellResult {
  return {
    format: 1,
    suite: 'made-up',
    arm: 'a',
    seed: 1,
    identity: '0123456789abcdef',
    settings: { kind: 'compute', settings: {}, threads: 1 },
    revision: { '@maxent/sac': 1 },
    commit: '0123456789ab',
    machine: { cpu: 'a processor', cores: 2, memoryGb: 8, platform: 'linux x64' },
    runtime: 'Node v24.0.0',
    startedAt: '2026-01-01T00:00:00.000Z',
    wallSeconds: 1,
    damagedLines: 0,
    curves: {},
    scalars: {},
    samples: {},
    recordings: {},
    ...given,
  }
}
