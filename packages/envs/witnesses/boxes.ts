import type { Push } from './boxWishes.ts'
import { wishOf } from './boxWishes.ts'
import type { Driver } from './drivers.ts'
import { driveBall } from './drivers.ts'
import { pushQuadruped, walkAnt } from './legs.ts'
import { roll } from './rolls.ts'
import type { Shove } from './shoves.ts'
import { shove } from './shoves.ts'
import type { Controller, Witness } from './witness.ts'

/** What moves boxes: how it goes to places, and how it pushes. */
interface Mover {
  readonly drive: Driver
  readonly push: Push
}

const ANT: Shove = {
  around: 1.15,
  keep: 1.04,
  ready: 0.285,
  lost: 0.8,
  back: 0.743,
  turning: 0.784,
  most: 0.395,
}
const QUADRUPED: Shove = {
  around: 1.23,
  keep: 1.79,
  ready: 0.15,
  lost: 1,
  back: 1.56,
  turning: 0.533,
  most: 0.869,
}
const INTERVAL = 0.02

const walking = (drive: Driver, how: Shove): Mover => ({ drive, push: shove(drive, how) })

/** The mover of an environment, by the name of its body. */
function moverOf(id: string): Mover {
  if (id.startsWith('walking-ant')) return walking(walkAnt(), ANT)
  if (id.startsWith('quadruped')) return walking(pushQuadruped(INTERVAL), QUADRUPED)
  return { drive: driveBall, push: roll() }
}

function begin({ id }: { readonly id: string }): Controller {
  const wish = wishOf(id)
  const { drive, push } = moverOf(id)
  return (observation, action) => {
    action.fill(0)
    const { box, target } = wish(observation)
    if (box !== undefined) push(observation, { box, target }, action)
    else drive(observation, { ahead: target[0], left: target[1] }, action)
  }
}

const moving = (ids: Witness['ids'], claim: string, rarely?: string): Witness => ({
  ids,
  claim,
  ...(rarely === undefined ? {} : { rarely }),
  begin,
  done: ({ info }) => info.success === 1,
})

export const boxWitnesses: readonly Witness[] = [
  moving(
    [
      'walking-ant-box',
      'quadruped-box',
      'ball-box',
      'walking-ant-box-of-three',
      'ball-box-of-three',
      'ball-two-boxes',
      'ball-heavy-box',
      'jumping-ball-hidden-box',
    ],
    'the box gets onto the target',
  ),
  moving(
    ['walking-ant-heavy-box'],
    'the box gets onto the target',
    'the way round the box takes 180 of the 400 steps, and its 15 kg move at 0.4 m/s',
  ),
  moving(['ball-gather-boxes'], 'the boxes touch'),
  moving(
    ['walking-ant-box-or-target', 'ball-box-or-target'],
    'the box gets onto the target, or the body gets to it',
  ),
  moving(['ball-box-and-target'], 'the box gets onto its target, and then the body to the other'),
  moving(
    ['walking-ant-box-and-target'],
    'the box gets onto its target, and then the body to the other',
    'some boxes come off sideways, and both ways take most of the 400 steps',
  ),
]
