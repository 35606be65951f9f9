import type { Witness } from './witness.ts'

/** Goes to the goal on the right and stays there. */
export const goToGoal: Witness = {
  ids: ['multi-goal', 'multi-goal-gaussians'],
  claim:
    'within 12 steps, or at the end where an episode has none, the point is within 1 of the goal on the right',
  begin: () => {
    return ({ proprio: [x, y] }, action) => {
      action[0] = 0.7 * (5 - x)
      action[1] = -0.7 * y
    }
  },
  done: ({ observation: { proprio }, terminated, steps }) =>
    Math.hypot(proprio[0] - 5, proprio[1]) < 1 && (!terminated || steps <= 12),
}

/** Goes straight to the goal, which the group `task` tells. */
export const findGoal: Witness = {
  ids: ['sparse-navigation'],
  claim: 'at the end the point is within 0.2 m of the goal',
  begin: () => {
    return ({ proprio, task }, action) => {
      for (let i = 0; i < 2; i++) action[i] = 10 * (task[i] - proprio[i])
    }
  },
  done: ({ info }) => info.distance <= 0.2,
}

/** Goes to the side that pays most, and to and fro along it. */
export const goToSide: Witness = {
  ids: ['grid-diagonal'],
  claim: 'at least 90 of 100 steps pay as much as the side that pays most',
  begin: () => {
    let along = 1
    return ({ proprio, task: [left, right, up] }, action) => {
      const side = up > Math.max(left, right) ? 1 : 0
      const place = proprio[1 - side]
      if (place === 7) along = -1
      if (place === 0) along = 1
      action[side] = side === 0 && left >= right ? -1 : 1
      action[1 - side] = along
    }
  },
  done: ({ return: total, observation: { task } }) => total >= 90 * Math.max(...task),
}

/** Goes along the columns and then along the rows. */
export const goToCell: Witness = {
  ids: ['grid-target-1', 'grid-target-2', 'grid-target-4', 'grid-target-8'],
  claim: 'the goal is reached on a shortest way, 14 cells at most',
  begin: () => {
    return ({ task: [x, y, goalX, goalY] }, action) => {
      action[0] = Math.sign(goalX - x)
      action[1] = action[0] === 0 ? Math.sign(goalY - y) : 0
    }
  },
  done: ({ terminated, steps }, { id }) => terminated && steps <= 14 * Number(id.split('-').at(-1)),
}
