/** source: Gymnasium `Hopper-v5` and `Walker2d-v5`, their model assets. */
import { element } from '../mujoco/xml.ts'

const DEGREE = Math.PI / 180

/** Height of the trunk's middle above the sole. */
export const STANDING_HEIGHT = 1.25

/** The trunk of the hopper and the walker, with its three coordinates x, z and pitch; z is the height itself. */
export const trunk = (friction: number): string[] => {
  const free = { armature: 0, damping: 0 }
  const below = [0, 0, -STANDING_HEIGHT]
  return [
    element('joint', { ...free, name: 'rootx', type: 'slide', axis: [1, 0, 0], pos: below }),
    element('joint', {
      ...free,
      name: 'rootz',
      type: 'slide',
      axis: [0, 0, 1],
      pos: below,
      ref: STANDING_HEIGHT,
    }),
    element('joint', { ...free, name: 'rooty', type: 'hinge', axis: [0, 1, 0] }),
    element('geom', { name: 'torso', type: 'capsule', size: [0.05, 0.2], friction }),
  ]
}

/** What differs between the hopper's leg and the walker's. */
interface PlanarLeg {
  /** Appended to the names of links, joints and geoms. */
  readonly suffix: string
  /** Friction of thigh and shin. */
  readonly friction: number
  readonly foot: {
    /** The foot's middle lies half of this before the ankle. */
    readonly reach: number
    readonly halfLength: number
    readonly friction: number
  }
}

/** Names of a leg's joints, from the hip down. */
export const legJoints = (suffix: string): string[] => ['thigh', 'shin', 'foot'].map((name) => name + suffix)

/** A leg under the trunk: thigh of 0.45 m, shin of 0.5 m, foot; hinges at hip, knee and ankle. */
export function planarLeg({ suffix, friction, foot }: PlanarLeg): string {
  const [thighName, shinName, footName] = legJoints(suffix)
  const hinge = (name: string, range: readonly [number, number], pos: readonly number[]): string =>
    element('joint', { name, type: 'hinge', axis: [0, -1, 0], pos, range: range.map((a) => a * DEGREE) })
  const capsule = { type: 'capsule', friction }
  return element('body', { name: thighName, pos: [0, 0, -0.2] }, [
    hinge(thighName, [-150, 0], [0, 0, 0]),
    element('geom', { ...capsule, name: thighName, size: [0.05, 0.225], pos: [0, 0, -0.225] }),
    element('body', { name: shinName, pos: [0, 0, -0.7] }, [
      hinge(shinName, [-150, 0], [0, 0, 0.25]),
      element('geom', { ...capsule, name: shinName, size: [0.04, 0.25] }),
      element('body', { name: footName, pos: [foot.reach, 0, -0.35] }, [
        hinge(footName, [-45, 45], [-foot.reach, 0, 0.1]),
        element('geom', {
          name: footName,
          type: 'capsule',
          size: [0.06, foot.halfLength],
          pos: [-foot.reach / 2, 0, 0.1],
          quat: [Math.SQRT1_2, 0, -Math.SQRT1_2, 0],
          friction: foot.friction,
        }),
      ]),
    ]),
  ])
}
