import { toWorld, type Frame } from './frame.ts'
import type { Camera, Pose, Recording, Segment } from './film.ts'

const dt = 0.05

/** A capsule of the model: its centre in the frame of the body, the turn of its axis against the vertical, half its length. */
interface Capsule {
  readonly centre: readonly [x: number, z: number]
  readonly turn: number
  readonly half: number
}

/** A leg joint: where it sits in the frame of the body above it, and the capsule that hangs from it. */
interface Joint extends Capsule {
  readonly at: readonly [x: number, z: number]
}

/** The dimensions of half_cheetah.xml, in metres and radians. */
const torso: readonly Capsule[] = [
  { centre: [0, 0], turn: Math.PI / 2, half: 0.5 },
  { centre: [0.6, 0.1], turn: 0.87, half: 0.15 },
]
const legs: readonly (readonly Joint[])[] = [
  [
    { at: [-0.5, 0], centre: [0.1, -0.13], turn: -3.8, half: 0.145 },
    { at: [0.16, -0.25], centre: [-0.14, -0.07], turn: -2.03, half: 0.15 },
    { at: [-0.28, -0.14], centre: [0.03, -0.097], turn: -0.27, half: 0.094 },
  ],
  [
    { at: [0.5, 0], centre: [-0.07, -0.12], turn: 0.52, half: 0.133 },
    { at: [-0.14, -0.24], centre: [0.065, -0.09], turn: -0.6, half: 0.106 },
    { at: [0.13, -0.18], centre: [0.045, -0.07], turn: -0.6, half: 0.07 },
  ],
]
const standingHeight = 0.7

function limb(frame: Frame, { centre, turn, half }: Capsule): Segment {
  const [u, w] = centre
  const reach: [number, number] = [Math.sin(turn) * half, Math.cos(turn) * half]
  return [...toWorld(frame, [u - reach[0], w - reach[1]]), ...toWorld(frame, [u + reach[0], w + reach[1]])]
}

/**
 * The body at positions (x, z, pitch, back thigh, back shin, back foot, front thigh, front shin, front foot), z counted from the standing
 * height: forward kinematics in the plane.
 */
export function halfCheetahPose([x, z, pitch, ...angles]: readonly number[]): Pose {
  const root: Frame = { x, z: z + standingHeight, angle: pitch }
  const segments = torso.map((capsule) => limb(root, capsule))
  legs.forEach((leg, l) => {
    let frame = root
    leg.forEach((joint, j) => {
      const [jx, jz] = toWorld(frame, joint.at)
      frame = { x: jx, z: jz, angle: frame.angle + angles[l * leg.length + j] }
      segments.push(limb(frame, joint))
    })
  })
  return segments
}

function poses({ observations, info }: Recording): Pose[] {
  const start = info[0]?.xPosition ?? 0
  return observations.map((observation, i) =>
    halfCheetahPose([(info[i].xPosition ?? 0) - start, ...observation.slice(0, 8)]),
  )
}

/** The first five seconds on the track. */
export const halfCheetahCamera: Camera = {
  steps: 100,
  film: (takes) => ({
    title: 'Five seconds on the same track, a picture each second',
    lanes: takes.map(({ label, recording }) => ({ label, poses: poses(recording) })),
    dt,
    ghostEvery: 20,
    limb: 0.046,
    ground: 0,
    width: 9,
  }),
}
