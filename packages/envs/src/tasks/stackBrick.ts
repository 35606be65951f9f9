import { foldIn, key as seedKey, uniform } from '@maxent/core/keys'
import { lyingBrick, SEATED, studName, STUDS, studSensors } from '../arenas/bricks.ts'
import { postChosen, postElement, watchPost } from '../arenas/post.ts'
import { chosen } from '../chosen.ts'
import type { Arena, Task } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import type { Simulation } from '../mujoco/simulation.ts'
import { element } from '../mujoco/xml.ts'
import { costOf } from './armReward.ts'

const PLACE = chosen(
  'brick to stack on, m: ahead of the base, to the left, on a table at the height of the base',
  [0.6, 0.15],
  '0.3 m beside the start, within easy reach',
)
const LOG = chosen(
  'stacking: weight of −log(d² + ε), and ε, m²',
  [0.1, 1e-6],
  'a millimetre is then worth as much at 3 mm from the place as a centimetre at 3 cm; bounded at the place',
)
const PRESS = chosen(
  'stacking: reward for downward force, the force that earns all of it, N, and how near that must be, m',
  [0.2, 20, 0.007],
  'enough to overcome the friction; 6 mm up the brick stands straight on the heads, and astride of them, 10 to 15 mm off, pressing would be paid for nothing',
)
const SITS = chosen(
  'stacking: distance at which the brick sits, m',
  0.001,
  'nine tenths of the studs are inside; a brick that is pressed on by sampled torques touches all four from one moment to the next alone',
)
const CONTROL = chosen(
  'cost of torques of a stacking arm, for the sum of their squares as shares of their bounds',
  0.01,
  'as that of reaching',
)
const COLLISION = chosen(
  'avoidance: cost of a step of collision',
  1,
  'more than the distance costs anywhere near the bricks',
)
const NEAR = chosen(
  'avoidance: distance at which it has succeeded, if nothing collided, m',
  0.05,
  'the thesis: close to the brick, which it never stacks',
)
const STEPS = chosen('steps of an episode of stacking', 200, '10 s; a push comes after three of them')
const PUSH = chosen(
  'push: first step, steps, and force on the hand, N, at most',
  [60, 10, 200],
  'the brick sits by then; half a second moves the hand by decimetres',
)
const PUSHES = chosen(
  'pushes to be tested on: number, force, N, and least angle above the horizon, rad',
  [20, 90, 0.8],
  'as many trials as the thesis has; aside and up, since the brick sits on another',
)
const SEED = chosen(
  'seed of the keys that draw pushes',
  2018,
  'the year of the thesis, which pushed by hand; push i has the key (seed, i)',
)

/** layout: of a place, a rotation and a force with its torque. */
const AXES = 3
const ROTATION = 9
const WRENCH = 6

/** The pushes to be tested on, forces in N. */
function drawPushes(): number[][] {
  const [count, force, least] = PUSHES.value
  return Array.from({ length: count }, (_, i) => {
    const [u, v] = uniform(foldIn(seedKey(SEED.value), i), 2)
    const lift = least + (Math.PI / 2 - least) * u
    const [aside, up] = [Math.cos(lift), Math.sin(lift)]
    return [aside * Math.cos(2 * Math.PI * v), aside * Math.sin(2 * Math.PI * v), up].map((x) => force * x)
  })
}

const TASKS = { train: [[0, 0, 0]], test: drawPushes() }

const isPush = (task: unknown): task is readonly number[] =>
  Array.isArray(task) &&
  task.length === AXES &&
  task.every(Number.isFinite) &&
  Math.hypot(...(task as readonly number[])) <= PUSH.value[2]

/** layout: of what a run remembers: steps done, the push (3), collisions, whether the last step had one. */
const MEMORY = 6
const COLLISIONS = 4
const LAST = 5

/** Distances of the studs' tops from where the studs of a held brick should be, as a root mean square. */
function takeFit(simulation: Simulation, hand: number): () => number {
  const [x, y] = PLACE.value
  return () => {
    const places = simulation.derived('xpos')
    const turns = simulation.derived('xmat')
    let squares = 0
    for (let stud = 0; stud < STUDS.length; stud++) {
      const along = STUDS[stud][0]
      const across = STUDS[stud][1]
      for (let axis = 0; axis < AXES; axis++) {
        const row = ROTATION * hand + AXES * axis
        const held = places[AXES * hand + axis] + turns[row] * along + turns[row + 1] * across
        const wanted = axis === 0 ? x + along : axis === 1 ? y + across : SEATED
        squares += (held - wanted) ** 2
      }
    }
    return Math.sqrt(squares / STUDS.length)
  }
}

interface Parts {
  readonly name: string
  readonly source: string
  readonly stacks: boolean
  readonly avoids: boolean
}

/** A table with a brick on it, and the post where there is one. */
const table =
  (post: boolean): Arena =>
  (surface) => ({
    ground: ['table'],
    worldbody: [
      element('geom', { name: 'table', type: 'plane', size: [2, 2, 2], ...surface }),
      ...lyingBrick(...PLACE.value),
    ],
    objects: post ? [postElement()] : [],
  })

/**
 * Tasks of an arm that holds a brick beside another. d is the distance of the brick from sitting on the other (root mean square over the
 * places of the four studs), F the force with which it presses down, within 0 to 20 N, aᵢ torques as shares of their bounds:
 *
 *   stack = −d − 0.1 log(d² + 10⁻⁶) + 0.2 (F / 20) [d < 7 mm] − 0.01 Σ aᵢ²
 *   avoid = −d − [the post is bent] − 0.01 Σ aᵢ²
 *
 * and for both the mean of the two, whose parts are the features. Never terminates. `reset({ task })` takes a push that comes after
 * three seconds and lasts half a second, a force of three numbers in N, and keeps it; without one there is none.
 */
function withBricks({ name, source, stacks, avoids }: Parts): Task {
  const [weight, epsilon] = LOG.value
  const [gain, most, near] = PRESS.value
  const [from, lasting, strongest] = PUSH.value
  return {
    name,
    source,
    chosen: [
      PLACE,
      ...(stacks ? [LOG, PRESS, SITS] : []),
      ...(avoids ? [COLLISION, ...postChosen] : []),
      ...(stacks ? [] : [NEAR]),
      CONTROL,
      STEPS,
      PUSH,
      PUSHES,
      SEED,
    ],
    maxEpisodeSteps: STEPS.value,
    arena: table(avoids),
    sensors: (body) => studSensors(ability(body, name, 'brick').inside),
    tasks: TASKS,
    ...(stacks && avoids ? { features: ['stack', 'avoid'] } : {}),
    bind: (body, simulation) => {
      const { hand } = ability(body, name, 'reaches')
      const { presses } = ability(body, name, 'brick')
      const fit = takeFit(simulation, hand)
      const cost = costOf(body, CONTROL.value)
      const bent = avoids ? watchPost(simulation) : () => false
      const sensors = STUDS.map((_, stud) => simulation.address('sensor', studName(stud)))
      const info = { distance: 0, studs: 0, force: 0, collision: 0, collisions: 0, success: 0 }
      const outcome = { reward: 0, terminated: false, info }
      const features = new Float32Array(2)
      const memory = new Float64Array(MEMORY)
      const push = memory.subarray(1, 1 + AXES)

      const look = (): void => {
        const felt = simulation.derived('sensordata')
        info.distance = fit()
        info.studs = 0
        for (let i = 0; i < sensors.length; i++) if (felt[sensors[i]] > 0) info.studs++
        info.force = presses(simulation)
        info.collision = bent() ? 1 : 0
        if (info.collision > memory[LAST]) memory[COLLISIONS]++
        memory[LAST] = info.collision
        info.collisions = memory[COLLISIONS]
        const there = info.distance < (stacks ? SITS.value : NEAR.value)
        info.success = there && info.collisions === 0 ? 1 : 0
      }
      /** The push of the coming step. */
      const prepare = (): void => {
        const acts = memory[0] >= from && memory[0] < from + lasting
        const forces = simulation.derived('xfrc_applied')
        for (let axis = 0; axis < AXES; axis++) forces[WRENCH * hand + axis] = acts ? push[axis] : 0
      }
      return {
        outcome,
        memory,
        ...(stacks && avoids ? { features } : {}),
        setTask: (task) => {
          if (!isPush(task)) {
            throw new RangeError(
              `reset: task must be a push of three numbers of at most ${strongest} N together, got ${JSON.stringify(task)}`,
            )
          }
          push.set(task)
        },
        start: () => {
          memory[0] = memory[COLLISIONS] = memory[LAST] = 0
          features.fill(0)
          prepare()
          look()
        },
        after: (action) => {
          memory[0]++
          prepare()
          look()
          const common = -info.distance - cost(action)
          const pressed = info.distance < near ? (gain * Math.min(Math.max(info.force, 0), most)) / most : 0
          const stack = common - weight * Math.log(info.distance ** 2 + epsilon) + pressed
          const avoid = common - COLLISION.value * info.collision
          features[0] = stack
          features[1] = avoid
          outcome.reward = stacks && avoids ? (stack + avoid) / 2 : stacks ? stack : avoid
        },
      }
    },
  }
}

/** Stack the brick on the other: done when it is within a millimetre of its seat (thesis 3.4, figure 3.10). */
export const stackBrick: Task = withBricks({
  name: 'stack',
  source: 'Haarnoja 2018, section 3.4',
  stacks: true,
  avoids: false,
})

/** Bring the brick near the other past a post, without what helps to stack it (thesis 6.3). */
export const avoidPost: Task = withBricks({
  name: 'avoid',
  source: 'Haarnoja 2018, section 6.3',
  stacks: false,
  avoids: true,
})

/** Stack the brick past the post: what the policies of the other two are composed for (thesis 6.3, equation 6.1). */
export const stackPastPost: Task = withBricks({
  name: 'stack-and-avoid',
  source: 'Haarnoja 2018, section 6.3',
  stacks: true,
  avoids: true,
})
