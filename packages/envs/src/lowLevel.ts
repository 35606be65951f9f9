import type { EnvId } from './registry.ts'

/** What a low level is shown: the groups of an environment, as `selectGroups` takes them. */
export interface LowLevel {
  /** The environment. */
  readonly id: EnvId
  /** Groups of its observations, at least one. */
  readonly groups: readonly [string, ...string[]]
}

/** The rows of the table of {@link lowLevels}. */
export type LowLevelName =
  | 'go-to-target'
  | 'move-box'
  | 'two-boxes-two-targets'
  | 'box-or-target-1'
  | 'box-or-target-2'
  | 'gather-boxes'

/**
 * What the low level of a hierarchy is shown in each setting; the high level sees everything (Tirumala et al. 2019, table 1).
 *
 * ```ts
 * const { id, groups } = lowLevels['move-box']
 * const low = selectGroups(await makeEnv(id), groups)
 * ```
 */
export const lowLevels: Readonly<Record<LowLevelName, LowLevel>> = {
  'go-to-target': { id: 'walking-ant-targets', groups: ['proprio'] },
  'move-box': { id: 'walking-ant-box', groups: ['proprio', 'boxes'] },
  'two-boxes-two-targets': { id: 'ball-two-boxes', groups: ['proprio', 'boxes', 'targets'] },
  'box-or-target-1': { id: 'walking-ant-box-or-target', groups: ['proprio'] },
  'box-or-target-2': { id: 'walking-ant-box-or-target', groups: ['proprio', 'boxes'] },
  // The table adds targets, of which this task has none.
  'gather-boxes': { id: 'ball-gather-boxes', groups: ['proprio', 'boxes'] },
}
