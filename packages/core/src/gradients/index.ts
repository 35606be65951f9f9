export { valueAndGrad, type Objective, type ValueAndGrad } from './valueAndGrad.ts'
