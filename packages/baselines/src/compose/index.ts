/** What DDPG and NAF learned of several tasks, combined: Haarnoja 2018 (thesis), section 6.3. */
export { composeDdpg } from './composeDdpg.ts'
export type { ComposeDdpgOptions, ComposedDdpgState, DdpgConstituent } from './composeDdpg.ts'
export { composeNaf } from './composeNaf.ts'
export type { ComposedNafState, ComposeNafOptions, NafConstituent } from './composeNaf.ts'
export { mergedMean, type QuadraticBatch } from './mergedMean.ts'
