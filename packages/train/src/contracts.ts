/**
 * The contracts between environments, algorithms and the loop, as `@maxent/core` states them.
 * @module
 */
export type {
  Acted,
  ActionSpec,
  Advice,
  Algorithm,
  AlgorithmSpec,
  AnyAlgorithm,
  DType,
  Env,
  EnvSnapshot,
  EnvSpec,
  EpisodesBatch,
  Experience,
  GradientStep,
  NamedRows,
  NoiseAndMemory,
  NoiseSpec,
  Observation,
  ObservationBatch,
  ObservationSpec,
  ResetOptions,
  StepInfo,
  StepResult,
  StepsBatch,
  TensorSpec,
  TransitionBatch,
  VectorEnv,
  VectorStep,
} from '@maxent/core/contracts'
