import type { Arm, Roles } from '../suite.ts'
import { unlearnedRoles } from './gains.ts'
import { reduced, type Reduced } from './tasks.ts'

/** A task by its name. */
interface Named {
  readonly name: string
}

/** A setting that is tried at several values on every task. */
export interface SettingAxis {
  /** What the ids of its arms have. */
  readonly id: string
  /** What the rule calls it. */
  readonly role: string
  readonly values: readonly number[]
  /** By value, what the ids of arms have that stand on another axis with the same settings: they are run once. */
  readonly shared?: Readonly<Record<number, string>>
}

/** The id of the arm with one value of the setting, as in `hopper-scale-0-5`. */
export function axisArmId(
  { name }: Named,
  { id, shared = {} }: Pick<SettingAxis, 'id' | 'shared'>,
  value: number,
): string {
  return `${name}-${Object.hasOwn(shared, value) ? shared[value] : `${id}-${String(value).replace('.', '-')}`}`
}

/** The ids of the arms with all of its values. */
export function axisArmIds(task: Named, axis: SettingAxis): readonly string[] {
  return axis.values.map((value) => axisArmId(task, axis, value))
}

/** The arms of two settings in their roles on every task; in the control random actions are in the place of the first. */
export function axisRoles(
  tasks: readonly Named[],
  [first, second]: readonly [SettingAxis, SettingAxis],
): { readonly roles: Roles; readonly control: Roles } {
  const rolesWith = (idsOfFirst: (task: Named) => readonly string[]): Roles =>
    Object.fromEntries(
      tasks.flatMap((task) => [
        [`${task.name}/${first.role}`, idsOfFirst(task)],
        [`${task.name}/${second.role}`, axisArmIds(task, second)],
        ...Object.entries(unlearnedRoles(task.name)),
      ]),
    )
  return {
    roles: rolesWith((task) => axisArmIds(task, first)),
    control: rolesWith(({ name }) => [`${name}-random`]),
  }
}

const steps = 100_000

/** The scale of the `standard` profiles of suites with axes: as large as leaves 600 minutes enough for 50 runs on each of two tasks. */
export function atAxesScale(given: Pick<Reduced, 'tasks' | 'envs'>): (arm: Arm) => Arm | undefined {
  return reduced({
    ...given,
    steps,
    evaluateEvery: 2_000,
    config: { hidden: [128, 128], batchSize: 128 },
  })
}

/** What there is to say of that scale, on tasks in words. */
export function axesScaleOn(tasks: string): string {
  return `128x128 networks, batch 128, ${tasks}, ${steps.toLocaleString('en')} steps`
}
