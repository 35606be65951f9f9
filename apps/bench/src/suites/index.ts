import { readdir } from 'node:fs/promises'
import { lookUp } from '../names.ts'
import { experiments, type Experiment } from './experiments.ts'
import { profileNames, type Profile, type ProfileName, type Suite } from './suite.ts'

const folder = new URL('./', import.meta.url)

/** Every suite by id: the export `suite` of every `*.suite.ts` in this folder (`.js` where it has been built). */
export async function loadSuites(): Promise<Readonly<Record<string, Suite>>> {
  const files = (await readdir(folder)).filter((name) => /\.suite\.[jt]s$/.test(name)).sort()
  const suites: Record<string, Suite> = {}
  for (const file of files) {
    const { suite } = (await import(new URL(file, folder).href)) as { readonly suite?: Suite }
    if (suite === undefined) {
      throw new Error(`loadSuites: ${file} must export a suite, got none, name it "suite"`)
    }
    if (Object.hasOwn(suites, suite.id)) {
      throw new Error(`loadSuites: ids must be unique, got "${suite.id}" again in ${file}, rename one`)
    }
    suites[suite.id] = suite
  }
  return suites
}

/**
 * A profile of a suite by name.
 * @throws RangeError that names the profiles the suite has.
 */
export function profileOf({ id, profiles }: Suite, name: string): Profile {
  return lookUp(profiles as Readonly<Record<string, Profile>>, {
    caller: `run ${id}`,
    kind: '--profile',
    name,
  })
}

/** A suite, or an experiment that has none yet, as `bench list` shows it. */
export interface Listed extends Experiment {
  readonly status: 'ready' | 'planned'
  /** Expected minutes of one core by profile; empty where it is planned. */
  readonly profiles: Readonly<Partial<Record<ProfileName, number>>>
}

/** The tour, every experiment of the papers in their order, and the suites beside them. */
export async function listSuites(): Promise<readonly Listed[]> {
  const { tour, ...suites } = await loadSuites()
  const ready = (suite: Suite): Listed => {
    const { id, paper, figure, claim, packages, profiles } = suite
    const minutes: Partial<Record<ProfileName, number>> = {}
    for (const name of profileNames) {
      const profile = profiles[name]
      if (profile !== undefined) minutes[name] = profile.minutes
    }
    return { id, paper, figure, claim, packages, status: 'ready', profiles: minutes }
  }
  const planned = (experiment: Experiment): Listed => ({ ...experiment, status: 'planned', profiles: {} })
  const known = new Set(experiments.map(({ id }) => id))
  return [
    ready(tour),
    ...experiments.map((experiment) =>
      Object.hasOwn(suites, experiment.id) ? ready(suites[experiment.id]) : planned(experiment),
    ),
    ...Object.values(suites)
      .filter(({ id }) => !known.has(id))
      .map(ready),
  ]
}
