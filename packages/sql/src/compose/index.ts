/** Composition of soft Q-functions: Haarnoja 2018 (thesis), chapter 6. */
export { composeSql } from './composeSql.ts'
export type { ComposedSql, ComposedSqlState, ComposeSqlOptions, SqlConstituent } from './composeSql.ts'
export { boundTargets, boundsDefaults } from './bounds.ts'
export type { BoundsConfig, BoundsState, BoundTargetsArgs } from './bounds.ts'
export { compositionPenalty, meanDivergence } from './penalty.ts'
export type { CompositionPenalty, CompositionSamples } from './penalty.ts'
