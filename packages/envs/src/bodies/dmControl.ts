import type { Body } from '../mujoco/model.ts'

/**
 * How dm_control's locomotion integrates; source: its composer's base arena, and the times of its task `go_to_target`. Poses are
 * those of the state reached, because it steps in halves and stops after the positions.
 */
export const CONTROL: Pick<Body, 'timing' | 'physics' | 'feelsPose'> = {
  timing: { timestep: 0.005, frameSkip: 5 },
  physics: { cone: 'elliptic', noslip_iterations: 5, noslip_tolerance: 0 },
  feelsPose: true,
}
