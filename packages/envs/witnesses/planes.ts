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

/** Goes to the left side, and up and down along it; without other weights the left side pays. */
export const goLeft: Witness = {
  ids: ['grid-diagonal'],
  claim: 'a reward of 1 in at least 90 of 100 steps',
  begin: () => {
    let up = true
    return ({ proprio: [, row] }, action) => {
      if (row === 7) up = false
      if (row === 0) up = true
      action[0] = -1
      action[1] = up ? 1 : -1
    }
  },
  done: ({ return: total }) => total >= 90,
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
