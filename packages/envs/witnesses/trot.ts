import { createTrot } from '@maxent/envs/witnesses'
import type { Witness } from './witness.ts'

/** Trots ahead, and stretches the legs on the side to which it leans. */
export const trot: Witness = {
  ids: ['minitaur-walk', 'minitaur-slope', 'minitaur-blocks', 'minitaur-stairs'],
  claim: 'at the end the robot is past the terrain, on flat ground 2 m ahead, and has not fallen',
  begin: createTrot,
  done: ({ info }) => info.success === 1,
}
