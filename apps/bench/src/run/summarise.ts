import type { SummaryEntry } from '../report/summary.ts'
import type { CellsByRole, Judgement, ProfileName, Roles, Suite } from '../suites/suite.ts'
import type { CellResult } from './cellResult.ts'
import { flatSettings, sameValue } from './flatSettings.ts'
import { resolveArm } from './grid.ts'
import type { FoundCells } from './results.ts'
import type { Revision } from './revision.ts'

/** What is summed up. */
export interface SummaryRequest {
  readonly profile: ProfileName
  readonly revision: Revision
  readonly found: FoundCells
}

/** What came of a suite in a profile: the verdict of its rule on the finished cells of the present revision, and that on its control. */
export function summarise(suite: Suite, { profile, revision, found }: SummaryRequest): SummaryEntry {
  const { id, paper, figure, claim, verdict: rule, control } = suite
  const { current, stale, missing } = found
  const claimed = judge(suite, rule.roles, current)
  const controlled = judge(suite, control.roles, current)
  const { verdict, reason } = discriminating(claimed, controlled)
  const judged = new Set(Object.values(rule.roles).flat())
  const differences = differencesFromPaper(suite, profile)
  const reduced = profile !== 'paper' && Object.keys(suite.paperTable).length > 0
  return {
    id,
    paper,
    figure,
    profile,
    claim,
    verdict,
    reason: reduced ? `at reduced scale: ${reason}` : reason,
    control: controlled.verdict,
    metrics: {
      ...claimed.metrics,
      ...Object.fromEntries(
        Object.entries(controlled.metrics).map(([name, metric]) => [`control.${name}`, metric]),
      ),
    },
    seeds: commonSeeds([...judged], current).length,
    cells: { current: current.length, stale: stale.length, missing: missing.length },
    differences,
    commit: distinct(current.map(({ commit }) => commit)),
    machine: distinct(
      current.map(({ machine: { cpu, cores, platform } }) => `${cpu}, ${cores} cores, ${platform}`),
    ),
    runtime: distinct(current.map(({ runtime }) => runtime)),
    revision,
    startedAt: current.map(({ startedAt }) => startedAt).sort()[0] ?? null,
    wallSeconds: current.reduce((sum, { wallSeconds }) => sum + wallSeconds, 0),
  }
}

/** Applies the suite's rule to cells in roles. Seeds that some arm has not finished are left out, so that all arms have the same. */
export function judge({ verdict: rule }: Suite, roles: Roles, cells: readonly CellResult[]): Judgement {
  const seeds = commonSeeds(Object.values(roles).flat(), cells)
  const needs = `${seeds.length} of the ${rule.leastSeeds} seeds that the rule needs`
  if (seeds.length === 0) return { verdict: 'inconclusive', reason: needs, metrics: {} }
  const byRole: CellsByRole = Object.fromEntries(
    Object.entries(roles).map(([role, arms]) => [
      role,
      arms.flatMap((arm) =>
        seeds.flatMap((seed) => cells.filter((cell) => cell.arm === arm && cell.seed === seed)),
      ),
    ]),
  )
  const judgement = rule.judge(byRole)
  if (seeds.length >= rule.leastSeeds) return judgement
  return { ...judgement, verdict: 'inconclusive', reason: `${needs}; ${judgement.reason}` }
}

/** A claim holds only where the same rule turns its control down. */
function discriminating(claimed: Judgement, control: Judgement): Pick<Judgement, 'verdict' | 'reason'> {
  if (claimed.verdict !== 'holds' || control.verdict === 'fails') return claimed
  return {
    verdict: 'inconclusive',
    reason: `${claimed.reason}; but the rule must fail for the negative control, and it says ${control.verdict} (${control.reason})`,
  }
}

/** The seeds that every one of the arms has finished. */
function commonSeeds(arms: readonly string[], cells: readonly CellResult[]): readonly number[] {
  const seedsOf = (arm: string): Set<number> =>
    new Set(cells.filter((cell) => cell.arm === arm).map(({ seed }) => seed))
  const [first, ...others] = [...new Set(arms)].map(seedsOf)
  return [...first].filter((seed) => others.every((seeds) => seeds.has(seed))).sort((a, b) => a - b)
}

/** A line for every field of the paper's table that a profile has otherwise, and the suite's own declarations. */
export function differencesFromPaper(suite: Suite, name: ProfileName): string[] {
  const { grid, paperArms, paperTable, profiles, differences = [] } = suite
  const profile = profiles[name]
  if (profile === undefined) return [...differences]
  const lines: string[] = []
  for (const arm of grid.filter(({ id }) => paperArms.includes(id))) {
    const settings = flatSettings({ seeds: profile.seeds, ...resolveArm(profile.change?.(arm) ?? arm, 1) })
    for (const [path, value] of flatSettings(paperTable)) {
      const here = settings.get(path)
      if (sameValue(here, value)) continue
      lines.push(`${path}: ${JSON.stringify(here) ?? 'none'} here, ${JSON.stringify(value)} in the paper`)
    }
  }
  return [...distinct(lines), ...differences]
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)]
}
