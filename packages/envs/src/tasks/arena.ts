import type { Arena } from '../mujoco/model.ts'
import { element } from '../mujoco/xml.ts'

/** A plane without end, drawn as large as Gymnasium's; source: its model assets. */
export const floor: Arena = (surface) => ({
  ground: ['floor'],
  worldbody: [
    element('geom', {
      name: 'floor',
      type: 'plane',
      size: [40, 40, 40],
      contype: 1,
      conaffinity: 1,
      ...surface,
    }),
  ],
})

/** Nothing but the body. */
export const emptySpace: Arena = () => ({})
