import type { Key } from '@maxent/core/keys'
import { foldIn, integers, key as seedKey, uniform } from '@maxent/core/keys'
import {
  BOX_SIZE,
  boxElements,
  boxesChosen,
  checkRoom,
  drawPlace,
  isClear,
  MASS,
  takeBoxes,
} from '../arenas/boxes.ts'
import { bodyRadius } from '../arenas/fit.ts'
import { discMark, moveMark } from '../arenas/marks.ts'
import type { Point } from '../arenas/walls.ts'
import { chosen } from '../chosen.ts'
import type { Task } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import { floor } from './arena.ts'
import { POSE, takeBearings } from './bearing.ts'
import { ON_TARGET } from './moveBox.ts'

/** source: Galashov et al. 2020, appendix B: side of the room and most from box to target, m; reward, tasks, steps in 20 s at 20 Hz. */
const ROOM = 8
const MOST = 2
const REWARD = 10
const TRAINING = 100
const TEST = 30
const STEPS = 400

const SEED = chosen(
  'seed of the keys that draw places of a box and its target',
  2020,
  'the year of the paper, which gives none; task i has the key (seed, name of the task, i)',
)
const DRAWN = chosen(
  'box and target of an episode without a task',
  'those of one of the training set',
  'test tasks stay unseen',
)
const START = chosen(
  'start with a box that keeps its place',
  'body anywhere beside the box, heading anywhere; the box not on its target, along the walls',
  'the paper tells where box and target are, not where the body starts',
)
const OPEN = chosen('walls around the room of a box', 'none', 'a box in a corner could never be moved again')
const TOLD = chosen(
  'group `task` of a box that keeps its place',
  'x and y of the target in a training task, zeros in a test task',
  'the paper gives the place in training and nothing in a test',
)
const SEEN = chosen(
  'groups `boxes` and `target` of a box that keeps its place',
  'shown, to be left out',
  'the paper shows proprioception and the pose of the body; what else a learner sees is its own choice',
)

const TASKS = {
  train: Array.from({ length: TRAINING }, (_, i) => i),
  test: Array.from({ length: TEST }, (_, i) => TRAINING + i),
}
const NAME = 'hidden-box'

/** Where the box of a task begins, and its target: in the room, at most 2 m apart. */
function placesOf(task: number): { readonly box: Point; readonly target: Point } {
  const own = foldIn(foldIn(seedKey(SEED.value), NAME), task)
  for (let attempt = 0; ; attempt++) {
    const key: Key = foldIn(own, attempt)
    const box = drawPlace(foldIn(key, 'box'), ROOM)
    const target = drawPlace(foldIn(key, 'target'), ROOM)
    const apart = Math.hypot(box[0] - target[0], box[1] - target[1])
    if (apart <= MOST && apart > ON_TARGET.value) return { box, target }
  }
}

/**
 * Move a box to a target where both stay what they are from episode to episode: 10 when it is there and the end, else 0 (Galashov et
 * al. 2020, appendix B). The tasks 0 to 99 are to learn from, 100 to 129 to be tested on. `reset({ task })` keeps one; without it
 * every episode draws one to learn from. The groups `task` (where the target is) and `target` (the same, ahead and to the left) are
 * what a learner may be told, `boxes` tells the corners of the box, and `pose` where the body is and heads.
 */
export const moveHiddenBox: Task = {
  name: NAME,
  source: 'Galashov et al. 2020, appendix B',
  chosen: [...boxesChosen, ON_TARGET, SEED, DRAWN, START, OPEN, TOLD, SEEN],
  maxEpisodeSteps: STEPS,
  arena: (surface) => ({
    ...floor(surface),
    objects: [
      discMark({ name: 'target', color: 'green', radius: ON_TARGET.value }),
      ...boxElements(1, MASS.value),
    ],
  }),
  observation: { pose: POSE, boxes: BOX_SIZE, target: 2, task: 2 },
  tasks: TASKS,
  bind: (body, simulation) => {
    const bearing = takeBearings(body, simulation, NAME)
    const root = ability(body, NAME, 'root')
    const radius = bodyRadius(simulation)
    if (radius === 0) {
      throw new RangeError(
        `${NAME}: body must touch boxes, got "${body.name}", which nothing touches, take another body`,
      )
    }
    checkRoom(NAME, body.name, { side: ROOM, bodyRadius: radius })
    const all = takeBoxes(simulation, 1)
    const boxes = new Float32Array(BOX_SIZE)
    const target = new Float32Array(2)
    const task = new Float32Array(2)
    const info = { distance: 0, success: 0 }
    const outcome = { reward: 0, terminated: false, info }
    // The number of the task, whether it was given, and x and y of the target.
    const memory = new Float64Array(4)
    const place = memory.subarray(2)
    const look = (): void => {
      bearing.take()
      bearing.see(place, target)
      all.see(bearing, boxes)
      info.distance = all.distance(0, place[0], place[1])
      info.success = info.distance < ON_TARGET.value ? 1 : 0
    }
    return {
      outcome,
      memory,
      observation: { pose: bearing.pose, boxes, target, task },
      setTask: (wanted) => {
        if (
          typeof wanted !== 'number' ||
          !(wanted >= 0 && wanted < TRAINING + TEST && Number.isInteger(wanted))
        ) {
          throw new RangeError(
            `reset: task must be a number from 0 to ${TRAINING + TEST - 1}, got ${JSON.stringify(wanted)}`,
          )
        }
        memory[0] = wanted
        memory[1] = 1
      },
      place: (key) => {
        if (memory[1] === 0) memory[0] = integers(foldIn(key, 'task'), 1, TRAINING)[0]
        const { box, target: goal } = placesOf(memory[0])
        place.set(goal)
        moveMark(simulation, 0, goal)
        all.place(0, box, 0)
        let start = drawPlace(foldIn(key, 'start'), ROOM)
        for (let attempt = 1; !isClear(start, box, radius); attempt++) {
          start = drawPlace(foldIn(foldIn(key, 'start'), attempt), ROOM)
        }
        const yaw = 2 * Math.PI * uniform(foldIn(key, 'yaw'), 1)[0]
        root.place(simulation, { x: start[0], y: start[1], yaw })
      },
      start: () => {
        task.fill(0)
        if (memory[0] < TRAINING) task.set(place)
        look()
      },
      after: () => {
        look()
        outcome.reward = REWARD * info.success
        outcome.terminated = info.success === 1
      },
    }
  },
}
