import { makeEnv } from '@maxent/envs'

/** Rows and columns of the picture whose mean brightness is one number for the regressor, and its ridge. */
const POOL = { rows: 2, columns: 4 }
const RIDGE = 1
const SIDE = 64
/** The camera of the ball stands so high, m, and sees so far to each side, rad. */
const HEIGHT = 1.5
const HALF_VIEW = (40 * Math.PI) / 180

/** How far estimates of bearings are off, in degrees. */
export interface BearingErrors {
  readonly mean: number
  /** Share of them within 10°. */
  readonly withinTen: number
  /** Of always guessing the mean bearing. */
  readonly blind: number
}

/** A frame: brightness in the picture, coarsely and with a 1 at the end, and the bearing of the black target in degrees. */
interface Frame {
  readonly brightness: Float64Array
  readonly bearing: number
}

/** Starts of `ball-targets` in which the middle of the black target is in the picture. */
async function takeFrames(count: number): Promise<Frame[]> {
  const env = await makeEnv('ball-targets', { vision: true })
  const frames: Frame[] = []
  for (let seed = 0; frames.length < count; seed++) {
    const { vision, targets, task } = env.reset({ seed }).observation
    const black = task.indexOf(1)
    const [ahead, left] = targets.subarray(2 * black, 2 * black + 2)
    if (ahead * Math.tan(HALF_VIEW) < Math.max(HEIGHT, Math.abs(left))) continue
    frames.push({ brightness: pool(vision), bearing: (Math.atan2(left, ahead) * 180) / Math.PI })
  }
  env.close()
  return frames
}

function pool(picture: Float32Array): Float64Array {
  const perRow = SIDE / POOL.columns
  const pooled = new Float64Array((SIDE / POOL.rows) * perRow + 1)
  pooled[pooled.length - 1] = 1
  const share = 1 / (3 * POOL.rows * POOL.columns)
  for (let k = 0; k < picture.length; k++) {
    const pixel = Math.floor(k / 3)
    const row = Math.floor(pixel / SIDE / POOL.rows)
    pooled[row * perRow + Math.floor((pixel % SIDE) / POOL.columns)] += share * picture[k]
  }
  return pooled
}

/** Weights w that minimise Σ (w · x − y)² + ridge ‖w‖², by Cholesky's decomposition of the normal equations. */
export function ridgeRegression(inputs: readonly Float64Array[], outputs: readonly number[]): Float64Array {
  const size = inputs[0].length
  const matrix = Array.from({ length: size }, () => new Float64Array(size))
  const weights = new Float64Array(size)
  inputs.forEach((x, i) => {
    for (let a = 0; a < size; a++) {
      weights[a] += x[a] * outputs[i]
      for (let b = 0; b <= a; b++) matrix[a][b] += x[a] * x[b]
    }
  })
  for (let a = 0; a < size; a++) {
    matrix[a][a] += RIDGE
    for (let b = 0; b <= a; b++) {
      let rest = matrix[a][b]
      for (let k = 0; k < b; k++) rest -= matrix[a][k] * matrix[b][k]
      matrix[a][b] = a === b ? Math.sqrt(rest) : rest / matrix[b][b]
    }
  }
  for (let a = 0; a < size; a++) {
    for (let k = 0; k < a; k++) weights[a] -= matrix[a][k] * weights[k]
    weights[a] /= matrix[a][a]
  }
  for (let a = size - 1; a >= 0; a--) {
    for (let k = a + 1; k < size; k++) weights[a] -= matrix[k][a] * weights[k]
    weights[a] /= matrix[a][a]
  }
  return weights
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length

/** Errors on held-out frames of a regressor that is linear in the pixels, fitted to so many frames. */
export async function bearingErrors(frames: number, heldOut: number): Promise<BearingErrors> {
  const taken = await takeFrames(frames + heldOut)
  const [seen, unseen] = [taken.slice(0, frames), taken.slice(frames)]
  const bearings = seen.map(({ bearing }) => bearing)
  const weights = ridgeRegression(
    seen.map(({ brightness }) => brightness),
    bearings,
  )
  const errors = unseen.map(({ brightness, bearing }) =>
    Math.abs(weights.reduce((sum, weight, i) => sum + weight * brightness[i], 0) - bearing),
  )
  const middle = mean(bearings)
  return {
    mean: mean(errors),
    withinTen: errors.filter((error) => error <= 10).length / errors.length,
    blind: mean(unseen.map(({ bearing }) => Math.abs(bearing - middle))),
  }
}
