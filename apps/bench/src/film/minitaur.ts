import { toWorld, type Frame } from './frame.ts'
import type { Camera, Pose, Segment } from './film.ts'

/** Seconds between actions, and actions between two pictures: six or more in a cycle of a trot. */
const [interval, every] = [0.02, 3]

/** The dimensions of the robot, in metres and radians: half the chassis between its hips, the links of a leg, and their angle at rest. */
const chassis = { half: 0.21, height: 0.035 }
const [upper, lower, spread] = [0.115, 0.2, Math.PI - 2]
/** Where the legs are along the chassis, and on which side: front left, back left, front right, back right. They lean outwards. */
const hips = [
  { ahead: chassis.half, side: 1 },
  { ahead: -chassis.half, side: 1 },
  { ahead: chassis.half, side: -1 },
  { ahead: -chassis.half, side: -1 },
] as const
type Hip = (typeof hips)[number]
const [aside, lean] = [0.1, 0.0872665]
/** Half the height of a wooden block. */
const blockHalf = 0.02

/** What is written down of a state: x, z, pitch, roll, the two motors of each leg; then of each loose block x, z and where its top points. */
const [bodySize, blockSize] = [4 + 2 * hips.length, 4]

/** Positions in MuJoCo's order, after the time: the free root, then a leg's motor and knee ahead and those behind. */
const [root, hinges] = [7, 4]
const robotSize = root + hinges * hips.length

type Quaternion = readonly number[]

/** Where the axis that points up at rest points, ahead and up. */
function upright([w, x, y, z]: Quaternion): readonly [number, number] {
  return [2 * (x * z + w * y), 1 - 2 * (x * x + y * y)]
}

function pitchAndRoll([w, x, y, z]: Quaternion): readonly [number, number] {
  const pitch = Math.asin(Math.min(Math.max(2 * (w * y - z * x), -1), 1))
  return [pitch, Math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))]
}

/** What a side view needs of the physics of a snapshot, with so many loose blocks. */
export function minitaurNote(physics: Float64Array, blocks: number): readonly number[] {
  const positions = physics.subarray(1, 1 + robotSize + blocks * root)
  const [x, , z, ...turn] = positions.subarray(0, root)
  const motors = hips.flatMap((_, leg) => {
    const first = root + hinges * leg
    return [positions[first], positions[first + 2]]
  })
  const loose = Array.from({ length: blocks }, (_, i) => {
    const [blockX, , blockZ, ...blockTurn] = positions.subarray(
      robotSize + i * root,
      robotSize + (i + 1) * root,
    )
    return [blockX, blockZ, ...upright(blockTurn)]
  })
  return [x, z, ...pitchAndRoll(turn), ...motors, ...loose.flat()]
}

/** The four links of a leg: from the hip to the toe, ahead and behind. */
function leg(
  frame: Frame & { readonly roll: number },
  hip: Hip,
  [ahead, behind]: readonly [number, number],
): Segment[] {
  const knee = (rest: number, motor: number): readonly [number, number] => [
    hip.ahead + upper * Math.sin(rest + motor),
    -upper * Math.cos(rest + motor),
  ]
  const [a, b] = [knee(spread, ahead), knee(-spread, behind)]
  const [across, up] = [a[0] - b[0], a[1] - b[1]]
  const apart = Math.hypot(across, up)
  const reach = Math.sqrt(Math.max(lower ** 2 - (apart / 2) ** 2, 0)) / apart
  const toe = [(a[0] + b[0]) / 2 + reach * up, (a[1] + b[1]) / 2 - reach * across] as const
  const at = ([u, w]: readonly [number, number]): readonly [number, number] => {
    const left = hip.side * (aside - w * Math.sin(lean))
    return toWorld(frame, [u, left * Math.sin(frame.roll) + w * Math.cos(lean) * Math.cos(frame.roll)])
  }
  return [a, b].flatMap((bend): Segment[] => [
    [...at([hip.ahead, 0]), ...at(bend)],
    [...at(bend), ...at(toe)],
  ])
}

/** The robot and the blocks from the right of their way: chassis, then the legs, then a line for the height of each block. */
export function minitaurPose(note: readonly number[]): Pose {
  const [x, z, angle, roll] = note
  const frame = { x, z, angle, roll }
  const { half, height } = chassis
  const corners = [
    [half, height],
    [half, -height],
    [-half, -height],
    [-half, height],
  ].map(([u, w]) => toWorld(frame, [u, w]))
  const outline = corners.map((corner, i): Segment => [...corner, ...corners[(i + 1) % corners.length]])
  const legs = hips.flatMap((hip, i) => leg(frame, hip, [note[4 + 2 * i], note[5 + 2 * i]]))
  const blocks = Array.from({ length: (note.length - bodySize) / blockSize }, (_, i): Segment => {
    const [blockX, blockZ, ahead, up] = note.slice(bodySize + i * blockSize)
    const [reach, rise] = [blockHalf * ahead, blockHalf * up]
    return [blockX - reach, blockZ - rise, blockX + reach, blockZ + rise]
  })
  return [...outline, ...legs, ...blocks]
}

/** The heights of the ground along the way, in metres, where it is not level. */
const [begin, up, level, down, steepness] = [0.8, 0.8, 0.4, 0.8, 0.15]
const rise = up * Math.tan(steepness)
const slope = [
  [begin, 0],
  [begin + up, rise],
  [begin + up + level, rise],
  [begin + up + level + down, 0],
] as const
const [steps, step, tread] = [3, 0.03, 0.3]
const stairs = Array.from({ length: steps }, (_, i) => [
  [begin + i * tread, -i * step] as const,
  [begin + i * tread, -(i + 1) * step] as const,
]).flat()

interface Ground {
  readonly terrain?: readonly (readonly [x: number, y: number])[]
  readonly blocks?: number
}

function camera({ terrain, blocks = 0 }: Ground): Camera {
  return {
    steps: 500,
    every,
    note: (env) => minitaurNote(env.snapshot().physics, blocks),
    film: (takes) => ({
      title: 'Ten seconds on the same ground, a picture every second and a half',
      lanes: takes.map(({ label, recording }) => ({
        label,
        poses: recording.observations.map(minitaurPose),
      })),
      dt: every * interval,
      ghostEvery: 25,
      limb: 0.006,
      ground: 0,
      ...(terrain && { terrain }),
      width: 3.5,
    }),
  }
}

/** The four grounds of the thesis, by id of the environment. */
export const minitaurCameras: Readonly<Record<string, Camera>> = {
  'minitaur-walk': camera({}),
  'minitaur-slope': camera({ terrain: slope }),
  'minitaur-blocks': camera({ blocks: 7 }),
  'minitaur-stairs': camera({ terrain: stairs }),
}
