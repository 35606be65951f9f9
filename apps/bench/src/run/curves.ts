import { meanOf } from '../statistics/samples.ts'
import type { CellResult, Curve } from './cellResult.ts'

/** Points of a curve that a cell keeps at most. */
const mostPoints = 1_000

/** A curve of at most 1,000 points: of a longer one the means of so many successive values, each at the last of its steps. */
export function thinned(curve: Curve): Curve {
  const every = Math.ceil(curve.steps.length / mostPoints)
  if (every <= 1) return curve
  const groups = Array.from({ length: Math.ceil(curve.steps.length / every) }, (_, i) => ({
    steps: curve.steps.slice(i * every, (i + 1) * every),
    values: curve.values.slice(i * every, (i + 1) * every),
  }))
  return {
    steps: groups.map(({ steps }) => steps[steps.length - 1]),
    values: groups.map(({ values }) => meanOf(values)),
  }
}

/** A place on a cell's curve. */
export interface CurvePlace {
  readonly curve: string
  readonly step: number
}

/** The value of a curve at a step, or `undefined` where the cell has no point there. */
export function valueAt(
  { curves }: Pick<CellResult, 'curves'>,
  { curve, step }: CurvePlace,
): number | undefined {
  const found = curves[curve] as CellResult['curves'][string] | undefined
  const i = found?.steps.indexOf(step) ?? -1
  return i === -1 ? undefined : found?.values[i]
}

/** The values of a curve from a step on, the step itself included. */
export function valuesFrom({ curves }: Pick<CellResult, 'curves'>, { curve, step }: CurvePlace): number[] {
  const { steps, values } = curves[curve] ?? {
    steps: [],
    values: [],
  }
  return values.filter((_, i) => steps[i] >= step)
}

/** The part of a run at its end, as a share of its steps, over which what it came to is averaged. */
const lastPart = 0.2

/**
 * The mean of a curve over the last part of a run, a share of its steps; `undefined` where it has no point there. Random actions return the
 * same at all steps.
 */
export function lateMean(cell: CellResult, curve: string, share: number = lastPart): number | undefined {
  if (cell.settings.kind === 'uniform') return cell.scalars.return
  const { train } = cell.settings as { readonly train: { readonly steps: number } }
  const { steps, values } = cell.curves[curve] ?? { steps: [], values: [] }
  const late = values.filter((_, i) => steps[i] > (1 - share) * train.steps)
  return late.length === 0 ? undefined : meanOf(late)
}

/** The last steps of a cell's run as a share of all; its last fifth where that is less. */
export function lateShare({ settings }: CellResult, steps: number = Infinity): number {
  const { train } = settings as { readonly train: { readonly steps: number } }
  return Math.min(lastPart, steps / train.steps)
}

/** What is returned without learning, by the best of these arms in the mean over their seeds: random actions, or none. */
export function floorOf(cells: readonly CellResult[]): number {
  const arms = new Set(cells.map(({ arm }) => arm))
  return Math.max(
    ...[...arms].map((id) =>
      meanOf(cells.filter(({ arm }) => arm === id).map(({ scalars }) => scalars.return)),
    ),
  )
}

/** A cell's return at a step, `undefined` where it was not evaluated there; random actions return the same at all. */
export function returnAt(cell: CellResult, step: number): number | undefined {
  return cell.settings.kind === 'uniform' ? cell.scalars.return : valueAt(cell, { curve: 'return', step })
}
