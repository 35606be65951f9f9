import { foldIn, integers, uniform } from '@maxent/core/keys'
import type { Layout } from '../arenas/boxes.ts'
import {
  BOX_SIZE,
  boxElements,
  boxesChosen,
  boxName,
  checkRoom,
  drawLayout,
  HEAVY,
  MASS,
  takeBoxes,
} from '../arenas/boxes.ts'
import { bodyRadius } from '../arenas/fit.ts'
import { discMark, moveMark, PATTERN, selectedMark } from '../arenas/marks.ts'
import type { Chosen } from '../chosen.ts'
import { chosen } from '../chosen.ts'
import type { Body, Task, TaskRun } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import type { Simulation } from '../mujoco/simulation.ts'
import { element } from '../mujoco/xml.ts'
import { floor } from './arena.ts'
import type { Bearing } from './bearing.ts'
import { takeBearings } from './bearing.ts'

/** source: Tirumala et al. 2019, E.2.1: side of the area, m; rewards; steps; targets of the combined tasks. */
const AREA = 3
const REWARD = 60
const PART = 10
const BONUS = 50
const STEPS = 400
const PAIR = 2

/** On how far from its middle a box is on a target. */
export const ON_TARGET: Chosen<number> = chosen(
  'radius of a target of boxes, m: a box is on it with its middle',
  0.4,
  'a box of 0.5 m then covers the middle of the target; the papers give none',
)
const AT_TARGET = chosen(
  'distance at which the body has gone to a target, in tasks with boxes, m',
  0.5,
  'half of that of the tasks without boxes, whose area is more than twice as wide',
)
const OPEN = chosen('walls around an area with boxes', 'none', 'a box in a corner could never be moved again')
const START = chosen(
  'start of an episode with boxes',
  'nothing overlaps, no box is on a target, the body has gone to none; boxes turned and body heading anywhere',
  'an episode has at least one step; bodies and boxes keep apart as upright cylinders',
)
const TOLD = chosen(
  'group `task` of two boxes',
  'the target and then the box, one-hot each',
  'the paper tells the target alone, from which nobody knows the box',
)
const ORDER = chosen(
  'box to a target and body to the other',
  'the body counts once the box has been on its target, where it need not stay; the group `task` tells whether it has',
  'the paper says "then", and its state must tell what is left to do',
)

const BASE = [...boxesChosen, ON_TARGET, OPEN, START, PATTERN] as const

/** What a task with boxes has in its area. */
interface Contents {
  readonly name: string
  readonly boxes: number
  readonly targets: number
  readonly mass: number
  /** Whether going to a target is part of the task. */
  readonly goes: boolean
}

/** An arena with boxes, discs for targets, and one for what is wanted. */
const area =
  ({ boxes, targets, mass }: Contents): Task['arena'] =>
  (surface) => ({
    ...floor(surface),
    objects: [
      ...(targets === 0 ? [] : [selectedMark(ON_TARGET.value)]),
      ...Array.from({ length: targets }, (_, i) =>
        discMark({ name: `target${i}`, color: 'grey', radius: ON_TARGET.value }),
      ),
      ...boxElements(boxes, mass),
    ],
    sensor: boxes === PAIR ? [element('contact', CONTACT)] : [],
  })

/** layout: a sensor of one number, whether the two boxes touch. */
const CONTACT = { name: 'gathered', geom1: boxName(0), geom2: boxName(1), data: 'found', num: 1 }

/** A body among boxes and targets. */
interface Scene {
  readonly bearing: Bearing
  /** x and y of each target. */
  readonly places: Float64Array
  readonly observation: { readonly boxes: Float32Array; readonly targets?: Float32Array }
  /** Draws and places everything. */
  place(key: Parameters<NonNullable<TaskRun['place']>>[0]): void
  /** Shows which target is wanted. */
  select(target: number): void
  /** Reads where everything is. */
  look(): void
  boxToTarget(box: number, target: number): number
  bodyToTarget(target: number): number
}

function takeScene(contents: Contents, { body, simulation, places }: Taking): Scene {
  const { name, boxes: boxCount, targets: targetCount, goes } = contents
  const bearing = takeBearings(body, simulation, name)
  const root = ability(body, name, 'root')
  const rules = {
    side: AREA,
    bodyRadius: bodyRadius(simulation),
    boxes: boxCount,
    targets: targetCount,
    boxToTarget: ON_TARGET.value,
    bodyToTarget: goes ? AT_TARGET.value : 0,
  }
  if (rules.bodyRadius === 0) {
    throw new RangeError(
      `${name}: body must touch boxes, got "${body.name}", which nothing touches, take another body`,
    )
  }
  checkRoom(name, body.name, rules)
  const all = takeBoxes(simulation, boxCount)
  const boxes = new Float32Array(BOX_SIZE * boxCount)
  const targets = new Float32Array(2 * targetCount)
  return {
    bearing,
    places,
    observation: targetCount === 0 ? { boxes } : { boxes, targets },
    place: (key) => {
      const layout: Layout = drawLayout(foldIn(key, 'layout'), rules)
      const [x, y] = layout.body
      root.place(simulation, { x, y, yaw: 2 * Math.PI * uniform(foldIn(key, 'yaw'), 1)[0] })
      const turns = uniform(foldIn(key, 'turns'), boxCount)
      layout.boxes.forEach((place, i) => all.place(i, place, 2 * Math.PI * turns[i]))
      layout.targets.forEach((place, i) => {
        places.set(place, 2 * i)
        moveMark(simulation, 1 + i, place)
      })
    },
    select: (target) => moveMark(simulation, 0, [places[2 * target], places[2 * target + 1]]),
    look: () => {
      bearing.take()
      all.see(bearing, boxes)
      bearing.see(places, targets)
    },
    boxToTarget: (box, target) => all.distance(box, places[2 * target], places[2 * target + 1]),
    bodyToTarget: (target) => bearing.distance(places[2 * target], places[2 * target + 1]),
  }
}

/** What a scene is taken from; x and y of the targets stand in the memory of the task. */
interface Taking {
  readonly body: Body
  readonly simulation: Simulation
  readonly places: Float64Array
}

/** What {@link moveBox} can be asked for. */
export interface MovedBoxes {
  /** How many boxes there are: a positive integer. Default 1. */
  readonly boxes?: number
  /** How many targets: a positive integer. Default 1. */
  readonly targets?: number
  /** Whether boxes are heavy. Default: they are not. */
  readonly heavy?: boolean
}

/**
 * Move one of N boxes to one of K targets: 60 when it is there and the end, else 0 (Tirumala et al. 2019, E.2.1). Everything is drawn
 * anew in every episode in an area of 3 m by 3. The groups `boxes` and `targets` tell where corners and targets lie as the body sees
 * them, and `task` which target it is and, of several boxes, which box.
 *
 * @throws RangeError for numbers of boxes or targets that are no positive integers.
 */
export function moveBox({ boxes = 1, targets = 1, heavy = false }: MovedBoxes = {}): Task {
  for (const [name, count] of Object.entries({ boxes, targets })) {
    if (!Number.isSafeInteger(count) || count < 1) {
      throw new RangeError(`moveBox: ${name} must be a positive integer, got ${count}`)
    }
  }
  const contents = { name: 'move-box', boxes, targets, mass: heavy ? HEAVY.value : MASS.value, goes: false }
  const told = targets + (boxes > 1 ? boxes : 0)
  return {
    name: contents.name,
    source: 'Tirumala et al. 2019, appendix E.2.1',
    chosen: [...BASE, ...(heavy ? [HEAVY] : []), ...(boxes > 1 ? [TOLD] : [])],
    maxEpisodeSteps: STEPS,
    arena: area(contents),
    observation: { boxes: BOX_SIZE * boxes, targets: 2 * targets, task: told },
    distribution: 'body, boxes, targets and the selected ones uniform, for training and tests alike',
    bind: (body, simulation) => {
      // The numbers of box and target, then x and y of each target.
      const memory = new Float64Array(2 + 2 * targets)
      const scene = takeScene(contents, { body, simulation, places: memory.subarray(2) })
      const task = new Float32Array(told)
      const info = { distance: 0, success: 0 }
      const outcome = { reward: 0, terminated: false, info }
      const look = (): void => {
        scene.look()
        info.distance = scene.boxToTarget(memory[0], memory[1])
        info.success = info.distance < ON_TARGET.value ? 1 : 0
      }
      return {
        outcome,
        memory,
        observation: { ...scene.observation, task },
        place: (key) => {
          scene.place(key)
          memory[0] = integers(foldIn(key, 'box'), 1, boxes)[0]
          memory[1] = integers(foldIn(key, 'target'), 1, targets)[0]
          scene.select(memory[1])
        },
        start: () => {
          task.fill(0)
          task[memory[1]] = 1
          if (boxes > 1) task[targets + memory[0]] = 1
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
}

/** Gather two boxes: 60 when they touch and the end, else 0 (Tirumala et al. 2019, E.2.1). The group `boxes` tells where they are. */
export const gatherBoxes: Task = (() => {
  const contents = { name: 'gather-boxes', boxes: PAIR, targets: 0, mass: MASS.value, goes: false }
  return {
    name: contents.name,
    source: 'Tirumala et al. 2019, appendix E.2.1',
    chosen: [...boxesChosen, OPEN, START],
    maxEpisodeSteps: STEPS,
    arena: area(contents),
    observation: { boxes: BOX_SIZE * PAIR },
    distribution: 'body and boxes uniform, for training and tests alike',
    bind: (body, simulation) => {
      const memory = new Float64Array(0)
      const scene = takeScene(contents, { body, simulation, places: memory })
      const touching = simulation.address('sensor', CONTACT.name)
      const info = { success: 0 }
      const outcome = { reward: 0, terminated: false, info }
      return {
        outcome,
        memory,
        observation: scene.observation,
        place: scene.place,
        start: () => {
          info.success = 0
          scene.look()
        },
        after: () => {
          scene.look()
          info.success = simulation.derived('sensordata')[touching] > 0 ? 1 : 0
          outcome.reward = REWARD * info.success
          outcome.terminated = info.success === 1
        },
      }
    },
  }
})()

/** source: Tirumala et al. 2019, E.2.1. */
const COMBINED = { boxes: 1, targets: PAIR, mass: MASS.value, goes: true }

/**
 * Move a box to one of two targets or go to one of them, as each episode draws: 60 and the end, else 0 (Tirumala et al. 2019, E.2.1).
 * The group `task` tells box or body, and then which target, one-hot each.
 */
export const boxOrTarget: Task = {
  name: 'box-or-target',
  source: 'Tirumala et al. 2019, appendix E.2.1',
  chosen: [...BASE, AT_TARGET],
  maxEpisodeSteps: STEPS,
  arena: area({ name: 'box-or-target', ...COMBINED }),
  observation: { boxes: BOX_SIZE, targets: 2 * PAIR, task: 2 * PAIR },
  distribution:
    'box or body with the same chance, places and the selected target uniform, for training and tests alike',
  bind: (body, simulation) => {
    // Whether the body is to go, the number of the target, then x and y of each.
    const memory = new Float64Array(2 + 2 * PAIR)
    const scene = takeScene(
      { name: 'box-or-target', ...COMBINED },
      { body, simulation, places: memory.subarray(2) },
    )
    const task = new Float32Array(2 * PAIR)
    const info = { distance: 0, success: 0 }
    const outcome = { reward: 0, terminated: false, info }
    const look = (): void => {
      scene.look()
      const goes = memory[0] === 1
      info.distance = goes ? scene.bodyToTarget(memory[1]) : scene.boxToTarget(0, memory[1])
      info.success = info.distance < (goes ? AT_TARGET.value : ON_TARGET.value) ? 1 : 0
    }
    return {
      outcome,
      memory,
      observation: { ...scene.observation, task },
      place: (key) => {
        scene.place(key)
        memory.set(integers(foldIn(key, 'task'), 2, PAIR))
        scene.select(memory[1])
      },
      start: () => {
        task.fill(0)
        task[memory[0]] = 1
        task[PAIR + memory[1]] = 1
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

/**
 * Move a box to one of two targets and then go to the other: 10 for each and 50 more for both, which is the end (Tirumala et al. 2019,
 * E.2.1). The group `task` tells the target of the box, one-hot, and then whether the box has been there.
 */
export const boxAndTarget: Task = {
  name: 'box-and-target',
  source: 'Tirumala et al. 2019, appendix E.2.1',
  chosen: [...BASE, AT_TARGET, ORDER],
  maxEpisodeSteps: STEPS,
  arena: area({ name: 'box-and-target', ...COMBINED }),
  observation: { boxes: BOX_SIZE, targets: 2 * PAIR, task: PAIR + 1 },
  distribution: 'places and the target of the box uniform, for training and tests alike',
  bind: (body, simulation) => {
    // The number of the box's target, whether the box has been there, then x and y of each.
    const memory = new Float64Array(2 + 2 * PAIR)
    const scene = takeScene(
      { name: 'box-and-target', ...COMBINED },
      { body, simulation, places: memory.subarray(2) },
    )
    const task = new Float32Array(PAIR + 1)
    const info = { boxDistance: 0, distance: 0, moved: 0, success: 0 }
    const outcome = { reward: 0, terminated: false, info }
    const look = (): void => {
      scene.look()
      info.boxDistance = scene.boxToTarget(0, memory[0])
      info.distance = scene.bodyToTarget(1 - memory[0])
      info.moved = memory[1]
      task[PAIR] = memory[1]
    }
    return {
      outcome,
      memory,
      observation: { ...scene.observation, task },
      place: (key) => {
        scene.place(key)
        memory[0] = integers(foldIn(key, 'task'), 1, PAIR)[0]
        memory[1] = 0
        scene.select(memory[0])
      },
      start: () => {
        task.fill(0)
        task[memory[0]] = 1
        info.success = 0
        look()
      },
      after: () => {
        const before = memory[1]
        look()
        if (info.boxDistance < ON_TARGET.value) memory[1] = task[PAIR] = info.moved = 1
        info.success = memory[1] === 1 && info.distance < AT_TARGET.value ? 1 : 0
        outcome.reward = PART * (memory[1] - before) + (PART + BONUS) * info.success
        outcome.terminated = info.success === 1
      },
    }
  },
}
