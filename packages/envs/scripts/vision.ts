/**
 * What pictures cost, and what they tell: `node --conditions=@maxent/source scripts/vision.ts [frames]` in packages/envs. Fits a linear
 * regressor to so many frames, 5,000 by default.
 */
import { argv } from 'node:process'
import type { EnvId } from '@maxent/envs'
import { bearingErrors } from './bearing.ts'
import { frameRate } from './frameRate.ts'

const ids: readonly EnvId[] = [
  'ball-targets',
  'walking-ant-targets',
  'quadruped-targets',
  'ant-cross-maze',
  'humanoid',
]
const HELD_OUT = 1000

for (const id of ids) {
  const { framesPerSecond, halfCheetahSteps } = await frameRate(id)
  console.log(
    `${id.padEnd(20)} ${framesPerSecond.toFixed(0)} frames/s, one is ${halfCheetahSteps.toFixed(1)} steps of the bare half-cheetah`,
  )
}
const frames = argv.length > 2 ? Number(argv[2]) : 5000
const { mean, withinTen, blind } = await bearingErrors(frames, HELD_OUT)
console.log(
  `bearing of the black target from ${frames} frames, on ${HELD_OUT} others: off by ${mean.toFixed(1)}°, ` +
    `${(100 * withinTen).toFixed(0)} % within 10°; blind ${blind.toFixed(1)}°`,
)
