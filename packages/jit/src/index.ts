/**
 * Traces functions of tfjs into ONNX programs and runs them; loads policies.
 * @module
 */
export { createProgram, liveTensors } from './program/createProgram.ts'
export { loadPolicy, type Policy } from './policy/loadPolicy.ts'
export { policyMetadata, type PolicyDescription } from './policy/description.ts'
export { liveSessions } from './runtime/session.ts'
export { runtimeVersion } from './runtime/version.ts'
export { registerGradients } from './trace/gradients.ts'
export type { KernelName } from './rules/kernels.ts'
export { unsupported as unsupportedKernels } from './rules/unsupported.ts'
export type {
  DType,
  ExportOptions,
  Fetch,
  FunctionSpec,
  HostData,
  HostTensor,
  Program,
  ProgramOptions,
  StateFunction,
  TensorSpec,
  Tree,
} from './types.ts'
