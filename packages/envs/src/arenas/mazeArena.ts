import type { Arena } from '../mujoco/model.ts'
import { floor } from '../tasks/arena.ts'
import type { Maze } from './mazes.ts'
import { wallElements } from './walls.ts'

/** A floor with the walls of a maze, and what lies or stands between them. */
export function mazeArena({ walls }: Pick<Maze, 'walls'>, objects: readonly string[] = []): Arena {
  return (surface) => {
    const ground = floor(surface)
    return {
      ...ground,
      worldbody: [
        ...(ground.worldbody ?? []),
        ...wallElements(walls, { contype: 1, conaffinity: 1, ...surface }),
      ],
      objects,
    }
  }
}
