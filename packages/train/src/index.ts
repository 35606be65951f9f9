/**
 * Contents of @maxent/train. Run records in folders are in `@maxent/train/node`.
 * @module
 */

// contracts
export type * from './contracts.ts'

// training
export { train } from './train.ts'
export type { TrainOptions, TrainResult } from './trainOptions.ts'
export { trainOffline } from './trainOffline.ts'
export type { OfflineResult, TrainOfflineOptions } from './trainOffline.ts'
export { SeedsError, trainSeeds } from './trainSeeds.ts'
export type { TrainSeedsOptions } from './trainSeeds.ts'
export { resolveTrainConfig, trainDefaults, trainSchema } from './config.ts'
export type { TrainConfig } from './config.ts'
export type { TrainEvent } from './progress.ts'
export { EnvironmentError } from './environmentError.ts'
export { NonFiniteError } from './finite.ts'

// the parts of the loop
export { batchOf } from './batches.ts'
export { createAgent } from './agent.ts'
export { startFrom, type Pretrained } from './startFrom.ts'
export type { Agent, AgentOptions, Exploration, Memory, ProgramMode } from './agent.ts'
export { exportPolicy, type ExportPolicyOptions } from './exportPolicy.ts'
export { exportState, importState } from './stateFile.ts'
export type { ExportStateOptions, ImportStateOptions, StateOwner } from './stateFile.ts'
export { createStepper } from './stepper.ts'
export type { Counters, Interval, Stepper, StepperOptions, StepperSnapshot } from './stepper.ts'
export { createBatch, createReplay } from './replay.ts'
export type { BatchArrays, Replay, ReplayOptions, StepsArrays, StepsSampling } from './replay.ts'
export { sampleUnion } from './replayUnion.ts'
export type { ReplayLane, ReplayPosition, ReplaySpec } from './replayLane.ts'
export { evaluate, meanAndStd } from './evaluate.ts'
export type { EvaluateOptions, Evaluation } from './evaluate.ts'
export { stateHash } from './stateHash.ts'

// run records
export { memoryStore } from './store.ts'
export type { RunStore } from './store.ts'
export { parseRecord } from './record.ts'
export type { DamagedLine, EvalLine, MetricsLine, RecordTexts, RunRecord } from './record.ts'
export { decodeContainer, encodeContainer } from './container.ts'
export type { Container, StoredArray, StoredTensor } from './container.ts'
