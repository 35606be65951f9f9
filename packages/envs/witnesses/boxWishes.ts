import type { Observation } from '@maxent/core/contracts'

/** Numbers of a box in the group `boxes`, and of a corner. */
const BOX = 18
const CORNER = 3
/** A place as the body sees it: so far ahead and so far to the left. */
export type Place = readonly [number, number]

/** The middle of the corners that are shown is that of the box. */
function middle(boxes: Float32Array, box: number): Place {
  const sum = [0, 0]
  for (let i = BOX * box; i < BOX * (box + 1); i += CORNER) {
    sum[0] += boxes[i]
    sum[1] += boxes[i + 1]
  }
  return [(CORNER * sum[0]) / BOX, (CORNER * sum[1]) / BOX]
}

const place = (places: Float32Array, i: number): Place => [places[2 * i], places[2 * i + 1]]

/** Pushes a box to a target. */
export type Push = (
  observation: Observation,
  places: { box: Place; target: Place },
  action: Float32Array,
) => void

/** Where a task wants a box, and which; or where it wants the body. */
export type Wish = (observation: Observation) => { readonly box?: Place; readonly target: Place }

const wishes: Readonly<Record<string, Wish>> = {
  'hidden-box': ({ boxes, target }) => ({ box: middle(boxes, 0), target: place(target, 0) }),
  'gather-boxes': ({ boxes }) => ({ box: middle(boxes, 0), target: middle(boxes, 1) }),
  'two-boxes': ({ boxes, targets, task }) => ({
    box: middle(boxes, task.indexOf(1, 2) - 2),
    target: place(targets, task.indexOf(1)),
  }),
  'box-or-target': ({ boxes, targets, task }) => ({
    ...(task[0] === 1 ? { box: middle(boxes, 0) } : {}),
    target: place(targets, task.indexOf(1, 2) - 2),
  }),
  'box-and-target': ({ boxes, targets, task }) =>
    task[2] === 0
      ? { box: middle(boxes, 0), target: place(targets, task.indexOf(1)) }
      : { target: place(targets, 1 - task.indexOf(1)) },
}
const only: Wish = ({ boxes, targets, task }) => ({
  box: middle(boxes, 0),
  target: place(targets, task.indexOf(1)),
})

/** The wish of an environment. */
export const wishOf = (id: string): Wish =>
  Object.entries(wishes).find(([task]) => id.endsWith(task))?.[1] ?? only
