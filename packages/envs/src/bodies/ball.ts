import { foldIn, uniform } from '@maxent/core/keys'
import { chosen } from '../chosen.ts'
import type { Body } from '../mujoco/model.ts'
import type { Attributes } from '../mujoco/xml.ts'
import { element } from '../mujoco/xml.ts'
import { joinGroups, stateGroup } from './egocentric.ts'
import { CONTROL } from './dmControl.ts'
import { uprightRoot } from './root.ts'

/** source: dm_control, locomotion, `RollingBallWithHead` and `JumpingBallWithHead`. Metres, kilograms, N m at the action 1. */
const HEAD_HEIGHT = 0.6
const HEAD_MASS = 20
const HEAD_INERTIA = [0.10987294, 0.10986016, 0.14683229]
const HEAD_CENTRE = [0, 0, -0.08]
const CAMERA = { place: [0.15, 0, 0.9], mass: 1, inertia: [1, 1, 1] }
const WHEEL = { radius: 0.2, mass: 1, below: 0.4, damping: 2 }
const STEER_DAMPING = 4
const GEARS = { roll: 50, steer: 30, kick: 1000 }
const KICK = { reach: 0.4, damping: 100, limit: [0.95, 0.99, 0.001] }
const CONTACT: Attributes = { condim: 4, friction: [0.5, 0.02, 0.02] }

const START_YAW = chosen('start of the ball: yaw uniform within ±, rad', Math.PI, 'the source gives no law')
const SENSES = chosen(
  'proprioception of the ball',
  'own velocity (x, y, z), rates of steering and wheel, and of the jumping ball the kick: position and velocity',
  'the source shows accelerations, which noise dominates, and hides the wheel, without which the state is not known',
)
const FORWARD = chosen(
  'sign of the action that rolls',
  'positive rolls forward, positive steers to the left',
  'the signs of the source are opposite; the physics is its mirror image',
)

/** x, y and z of the head, its yaw, then the kick if there is one, then the wheel's angle. */
const SLIDES = ['x', 'y', 'z']
const YAW = SLIDES.length

const disc = (name: string, size: readonly number[], more: Attributes): string =>
  element('geom', { name, type: 'cylinder', size, mass: 0, ...more })

function rolling(name: string, jumps: boolean): Body {
  const wheelAngle = YAW + (jumps ? 2 : 1)
  const motors = [
    ['roll', GEARS.roll],
    ['steer', GEARS.steer],
    ...(jumps ? ([['kick', GEARS.kick]] as const) : []),
  ] as const
  const root = uprightRoot({ x: 0, y: 1, z: 2, height: HEAD_HEIGHT, yaw: YAW })
  return {
    name,
    source: `dm_control, locomotion, ${jumps ? 'JumpingBallWithHead' : 'RollingBallWithHead'}`,
    chosen: [START_YAW, SENSES, FORWARD],
    ...CONTROL,
    action: { low: motors.map(() => -1), high: motors.map(() => 1) },
    surface: {},
    root,
    frail: [],
    forward: ({ qpos }) => qpos[0],
    velocity: ({ qvel }, out) => {
      for (let i = 0; i < 3; i++) out[i] = qvel[i]
    },
    fragment: {
      default: [element('default', { class: name }, [element('geom', CONTACT)])],
      worldbody: [
        element('body', { name: 'head', childclass: name, pos: [0, 0, HEAD_HEIGHT] }, [
          ...SLIDES.map((name, axis) =>
            element('joint', { name, type: 'slide', axis: [0, 1, 2].map((i) => (i === axis ? 1 : 0)) }),
          ),
          element('joint', { name: 'steer', type: 'hinge', axis: [0, 0, 1], damping: STEER_DAMPING }),
          element('inertial', { pos: HEAD_CENTRE, mass: HEAD_MASS, diaginertia: HEAD_INERTIA }),
          // source: as above; discs of the head, the face in front, and the neck.
          ...[
            disc('head', [0.1, 0.06], { pos: [0, 0, -0.07] }),
            disc('face', [0.05, 0.035], { pos: [0.1, 0, -0.07], zaxis: [1, 0, 0] }),
            disc('neck', [0.07, 0.02], { pos: [0, 0, -0.13] }),
          ],
          element('camera', { name: 'egocentric', pos: CAMERA.place, xyaxes: [0, -1, 0, 0, 0, 1], fovy: 80 }),
          element('body', { name: 'camera', pos: CAMERA.place }, [
            element('inertial', { pos: [0, 0, 0], mass: CAMERA.mass, diaginertia: CAMERA.inertia }),
          ]),
          element('body', { name: 'wheel', pos: [0, 0, -WHEEL.below] }, [
            ...(jumps
              ? [
                  element('joint', {
                    name: 'kick',
                    type: 'slide',
                    axis: [0, 0, -1],
                    range: [0, KICK.reach],
                    damping: KICK.damping,
                    solimplimit: KICK.limit,
                  }),
                ]
              : []),
            element('joint', { name: 'roll', type: 'hinge', axis: [0, 1, 0], damping: WHEEL.damping }),
            element('geom', { name: 'wheel', type: 'sphere', size: WHEEL.radius, mass: WHEEL.mass }),
          ]),
        ]),
      ],
      actuator: motors.map(([joint, gear]) =>
        element('motor', { name: joint, joint, gear, ctrlrange: [-1, 1] }),
      ),
    },
    proprioception: {
      proprio: joinGroups(
        {
          size: 3,
          write: ({ qpos, qvel }, out) => {
            const c = Math.cos(qpos[YAW])
            const s = Math.sin(qpos[YAW])
            out[0] = c * qvel[0] + s * qvel[1]
            out[1] = c * qvel[1] - s * qvel[0]
            out[2] = qvel[2]
          },
        },
        stateGroup('qvel', YAW, 1),
        stateGroup('qvel', wheelAngle, 1),
        ...(jumps ? [stateGroup('qpos', YAW + 1, 1), stateGroup('qvel', YAW + 1, 1)] : []),
      ),
    },
    start: (simulation, key) => {
      const yaw = START_YAW.value * (2 * uniform(foldIn(key, 'yaw'), 1)[0] - 1)
      root.place(simulation, { x: 0, y: 0, yaw })
    },
  }
}

/** A head on a wheel that rolls forward and back and turns; two motors. */
export const ball: Body = rolling('ball', false)

/** A ball that also kicks itself off the ground; three motors. */
export const jumpingBall: Body = rolling('jumping-ball', true)
