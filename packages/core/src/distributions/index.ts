export { diagonalGaussian, type DiagonalGaussian, type GaussianParams } from './diagonalGaussian.ts'
export { tanhGaussian, type SquashedSample, type TanhGaussian } from './tanhGaussian.ts'
