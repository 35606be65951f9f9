import type { SummaryEntry } from '../report/summary.ts'
import type { Arm, CellsByRole, Judgement, ProfileName, Roles, Suite } from '../suites/suite.ts'
import type { CellResult } from './cellResult.ts'
import { flatSettings, sameValue } from './flatSettings.ts'
import { armsOf, resolveArm } from './grid.ts'
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
  const { id, paper, figure, verdict: rule, control } = suite
  const { current, stale, missing } = found
  const arms = armsOf(suite, suite.profiles[profile] ?? {})
  const [roles, controlRoles] = [rule.roles, control.roles].map((all) => rolesIn(all, arms))
  const claimed = judge(suite, roles, current)
  const controlled = judge(suite, controlRoles, current)
  const judged = new Set(Object.values(roles).flat())
  const seeds = leastOf(judgedSeeds(rule, [...judged], current))
  const lacking = lackingCells([...judged, ...Object.values(controlRoles).flat()], arms, found)
  const { verdict, reason } = withWhatLacks(discriminating(claimed, controlled), lacking)
  const differences = differencesFromPaper(suite, profile)
  const reduced = profile !== 'paper' && Object.keys(suite.paperTable).length > 0
  return {
    id,
    paper,
    figure,
    profile,
    claim: suite.profiles[profile]?.claim ?? suite.claim,
    verdict,
    reason: reduced ? `at reduced scale: ${reason}` : reason,
    control: controlled.verdict,
    metrics: {
      ...claimed.metrics,
      ...Object.fromEntries(
        Object.entries(controlled.metrics).map(([name, metric]) => [`control.${name}`, metric]),
      ),
    },
    seeds,
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

/** The roles that a profile has: those of arms that it leaves out are not there. */
function rolesIn(roles: Roles, arms: readonly Arm[]): Roles {
  const ids = new Set(arms.map(({ id }) => id))
  return Object.fromEntries(
    Object.entries(roles)
      .map(([role, of]) => [role, of.filter((id) => ids.has(id))] as const)
      .filter(([, of]) => of.length > 0),
  )
}

/** No verdict stands on cells that others would have to be beside. */
function withWhatLacks(
  { verdict, reason }: Pick<Judgement, 'verdict' | 'reason'>,
  lacking: string,
): Pick<Judgement, 'verdict' | 'reason'> {
  return lacking === '' ? { verdict, reason } : { verdict: 'inconclusive', reason: `${reason}; ${lacking}` }
}

/** Which cells of the judged arms, and of the searches that decide them, are not there, and which of those are of another revision. */
function lackingCells(
  judged: readonly string[],
  arms: readonly Arm[],
  { current, stale, missing }: FoundCells,
): string {
  const searches = arms.flatMap((arm) =>
    arm.kind === 'train' && judged.includes(arm.id) ? (arm.choice?.among ?? []) : [],
  )
  const wanted = new Set([...searches, ...judged])
  const lines = arms.flatMap((arm) => {
    if (!wanted.has(arm.id)) return []
    const seeds = missing.filter((cell) => cell.arm.id === arm.id).map(({ seed }) => seed)
    const isStale = (seed: number): boolean => stale.some((cell) => cell.arm === arm.id && cell.seed === seed)
    if (seeds.length === 0) {
      const isOpen = arm.kind === 'train' && arm.choice !== undefined
      return isOpen && !current.some((cell) => cell.arm === arm.id) ? [`${arm.id} is not decided`] : []
    }
    const old = seeds.filter(isStale)
    const none = seeds.filter((seed) => !isStale(seed))
    return [
      ...(none.length > 0 ? [`${arm.id} lacks ${seedText(none)}`] : []),
      ...(old.length > 0 ? [`${arm.id} is stale in ${seedText(old)}`] : []),
    ]
  })
  return lines.join(', ')
}

function seedText(seeds: readonly number[]): string {
  return `seed${seeds.length === 1 ? '' : 's'} ${seeds.join(', ')}`
}

/**
 * Applies the suite's rule to cells in roles. Seeds that some arm has not finished are left out, so that all arms have the same, but where the
 * rule takes all that each has.
 */
export function judge({ verdict: rule }: Suite, roles: Roles, cells: readonly CellResult[]): Judgement {
  const seedsOf = judgedSeeds(rule, Object.values(roles).flat(), cells)
  const least = leastOf(seedsOf)
  const needs = `${least} of the ${rule.leastSeeds} seeds that the rule needs`
  if (least === 0) return { verdict: 'inconclusive', reason: needs, metrics: {} }
  const byRole: CellsByRole = Object.fromEntries(
    Object.entries(roles).map(([role, arms]) => [
      role,
      arms.flatMap((arm) =>
        (seedsOf.get(arm) ?? []).flatMap((seed) =>
          cells.filter((cell) => cell.arm === arm && cell.seed === seed),
        ),
      ),
    ]),
  )
  const judgement = rule.judge(byRole)
  if (least >= rule.leastSeeds) return judgement
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

/** The seeds that each of the arms is judged by, rising: those that all have finished, or all that it has itself. */
function judgedSeeds(
  { unpaired = false }: Pick<Suite['verdict'], 'unpaired'>,
  arms: readonly string[],
  cells: readonly CellResult[],
): ReadonlyMap<string, readonly number[]> {
  const finished = new Map(
    [...new Set(arms)].map((arm) => [
      arm,
      new Set(cells.filter((cell) => cell.arm === arm).map(({ seed }) => seed)),
    ]),
  )
  const all = [...finished.values()]
  return new Map(
    [...finished].map(([arm, seeds]) => [
      arm,
      [...seeds].filter((seed) => unpaired || all.every((one) => one.has(seed))).sort((a, b) => a - b),
    ]),
  )
}

/** How many seeds the arm has that has the fewest. */
function leastOf(seeds: ReadonlyMap<string, readonly number[]>): number {
  return Math.min(...[...seeds.values()].map(({ length }) => length))
}

/** A line for every field of the paper's table that a profile has otherwise, and the suite's own declarations. */
export function differencesFromPaper(suite: Suite, name: ProfileName): string[] {
  const { paperArms, paperTable, paperRows = {}, profiles, differences = [] } = suite
  const profile = profiles[name]
  if (profile === undefined) return [...differences]
  const arms = armsOf(suite, profile)
  const kept = arms.filter(({ id }) => paperArms.includes(id))
  // Where the paper's own arms are left out, those that stand for them are set against its table.
  const standIns = arms.filter(
    (arm) =>
      arm.kind === 'train' && [undefined, arm.algorithm].includes(paperTable.algorithm as string | undefined),
  )
  const lines: string[] = []
  /** By what is otherwise: the arms that have it so. */
  const owned = new Map<string, Arm[]>()
  const compared = kept.length > 0 ? kept : standIns
  for (const arm of compared) {
    const seeds = Math.min(profile.seeds, arm.mostSeeds ?? Infinity)
    const settings = flatSettings({ seeds, ...resolveArm(arm, 1) })
    const own = flatSettings(Object.hasOwn(paperRows, arm.id) ? paperRows[arm.id] : {})
    for (const [path, value] of new Map([...flatSettings(paperTable), ...own])) {
      const here = settings.get(path)
      if (sameValue(here, value)) continue
      const line = `${path}: ${JSON.stringify(here) ?? 'none'} here, ${JSON.stringify(value)} in the paper`
      if (own.has(path)) owned.set(line, [...(owned.get(line) ?? []), arm])
      else lines.push(line)
    }
  }
  for (const [line, [arm, ...others]] of owned)
    lines.push(`${others.length === 0 ? arm.label : armNames([arm, ...others], compared)}, ${line}`)
  return [...leftOut(suite, arms), ...distinct(lines), ...differences]
}

/** What the profile leaves out of the paper's arms: whole tasks by their names. */
function leftOut({ grid, paperArms }: Suite, arms: readonly Arm[]): readonly string[] {
  const left = grid.filter(({ id }) => paperArms.includes(id) && !arms.some((arm) => arm.id === id))
  if (left.length === 0) return []
  const tasks = new Set(arms.map(taskName))
  const names = left.map((arm) => (tasks.has(taskName(arm)) ? arm.label : taskName(arm)))
  return [`left out: ${distinct(names).join('; ')}`]
}

/** `Hopper`, of `Hopper, reward scale 5`. */
function taskName({ label }: Arm): string {
  return label.split(', ')[0]
}

/** `Hopper and Ant`, and `Hopper and Ant (SAC)` where other arms stand beside these on the same tasks. */
function armNames(arms: readonly Arm[], all: readonly Arm[]): string {
  const tasks = distinct(arms.map(taskName))
  const rest = ({ label }: Arm): string => label.split(', ').slice(1).join(', ')
  const named = distinct(arms.map(rest))
  const there = distinct(all.filter((arm) => tasks.includes(taskName(arm))).map(rest))
  return named.length === there.length ? tasks.join(' and ') : `${tasks.join(' and ')} (${named.join('; ')})`
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)]
}
