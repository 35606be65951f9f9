/** The contracts between environments, algorithms and the loop, as `@maxent/core` states them. */
export type {
  ActionSpec,
  Algorithm,
  AlgorithmSpec,
  DType,
  Env,
  EnvSnapshot,
  EnvSpec,
  NoiseSpec,
  Observation,
  ObservationBatch,
  ObservationSpec,
  ResetOptions,
  StepInfo,
  StepResult,
  TensorSpec,
  TransitionBatch,
} from '@maxent/core/contracts'
