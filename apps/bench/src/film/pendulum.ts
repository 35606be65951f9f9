import type { Camera, Pose, Recording } from './film.ts'

const dt = 0.05
const rodLength = 1
/** Metres that the strip moves on per second, so that successive pictures stand side by side. */
const stripSpeed = 4.6

/**
 * The rod at (cos θ, sin θ, θ̇), θ measured from upright; the pivot wanders to the right with time, like pictures on a film strip.
 */
function pendulumPose([cos, sin]: readonly number[], step: number): Pose {
  const pivot = step * dt * stripSpeed
  const tip: [number, number] = [pivot - sin * rodLength, cos * rodLength]
  return [[pivot, 0, ...tip]]
}

const poses = ({ observations }: Recording): Pose[] => observations.map(pendulumPose)

/** The first five seconds of swinging up. */
export const pendulumCamera: Camera = {
  steps: 100,
  film: (takes) => ({
    title: 'Five seconds, a picture each half second',
    lanes: takes.map(({ label, recording }) => ({ label, poses: poses(recording) })),
    dt,
    ghostEvery: 10,
    limb: 0.07,
    ground: 0,
    width: 0,
  }),
}
