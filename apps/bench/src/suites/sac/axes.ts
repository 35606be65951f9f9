import type { Roles } from '../suite.ts'
import { unlearnedRoles } from './gains.ts'

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
}

/** The id of the arm with one value of the setting, as in `hopper-scale-0-5`. */
export function axisArmId({ name }: Named, { id }: Pick<SettingAxis, 'id'>, value: number): string {
  return `${name}-${id}-${String(value).replace('.', '-')}`
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
