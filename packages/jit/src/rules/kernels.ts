/** The tfjs kernels that have a rule: their inputs and attributes. The table of rules is typed by this interface. */
import type * as tf from '@tensorflow/tfjs'
import type { Builder } from '../graph/builder.ts'
import type { Value } from '../graph/graph.ts'

interface Kernel<Inputs, Attrs = object> {
  readonly inputs: Inputs
  readonly attrs: Attrs
}
type Named<Names extends string> = { readonly [N in Names]: Value }
type Unary<Attrs = object> = Kernel<Named<'x'>, Attrs>
type Binary = Kernel<Named<'a' | 'b'>>
type List<Attrs = object> = Kernel<readonly Value[], Attrs>

/** Axes of a reduction. `tf.max` passes `reductionIndices` where the others pass `axis`. */
export interface ReductionAttrs {
  readonly axis?: number | readonly number[] | null
  readonly reductionIndices?: number | readonly number[] | null
  readonly keepDims?: boolean
}

/** Bias and activation of the fused kernels. */
export type FusedInputs = { readonly bias?: Value; readonly preluActivationWeights?: Value }

interface Kernels {
  Abs: Unary
  Acos: Unary
  Acosh: Unary
  Add: Binary
  AddN: List
  All: Unary<ReductionAttrs>
  Any: Unary<ReductionAttrs>
  ArgMax: Unary<tf.ArgMaxAttrs>
  ArgMin: Unary<tf.ArgMinAttrs>
  Asin: Unary
  Asinh: Unary
  Atan: Unary
  Atan2: Binary
  Atanh: Unary
  BatchMatMul: Kernel<Named<'a' | 'b'>, tf.BatchMatMulAttrs>
  BitwiseAnd: Binary
  BroadcastTo: Unary<tf.BroadCastToAttrs>
  Cast: Unary<tf.CastAttrs>
  Ceil: Unary
  ClipByValue: Unary<tf.ClipByValueAttrs>
  Concat: List<tf.ConcatAttrs>
  Conv2D: Kernel<Named<'x' | 'filter'>, tf.Conv2DAttrs>
  Conv2DBackpropFilter: Kernel<Named<'x' | 'dy'>, tf.Conv2DBackpropFilterAttrs>
  Conv2DBackpropInput: Kernel<Named<'dy' | 'filter'>, tf.Conv2DBackpropInputAttrs>
  Cos: Unary
  Cosh: Unary
  Cumprod: Unary<tf.CumprodAttrs>
  Cumsum: Unary<tf.CumsumAttrs>
  Diag: Unary
  Einsum: List<tf.EinsumAttrs>
  Elu: Unary
  EluGrad: Kernel<Named<'dy' | 'y'>>
  Equal: Binary
  Erf: Unary
  Exp: Unary
  ExpandDims: Kernel<Named<'input'>, tf.ExpandDimsAttrs>
  Expm1: Unary
  Fill: Kernel<object, tf.FillAttrs>
  Floor: Unary
  FloorDiv: Binary
  FusedBatchNorm: Kernel<
    Named<'x' | 'mean' | 'variance'> & Partial<Named<'scale' | 'offset'>>,
    tf.FusedBatchNormAttrs
  >
  FusedConv2D: Kernel<Named<'x' | 'filter'> & FusedInputs, tf.FusedConv2DAttrs>
  GatherNd: Kernel<Named<'params' | 'indices'>>
  GatherV2: Kernel<Named<'x' | 'indices'>, tf.GatherV2Attrs>
  Greater: Binary
  GreaterEqual: Binary
  Identity: Unary
  IsFinite: Unary
  IsInf: Unary
  IsNan: Unary
  LeakyRelu: Unary<tf.LeakyReluAttrs>
  Less: Binary
  LessEqual: Binary
  LinSpace: Kernel<object, tf.LinSpaceAttrs>
  Log: Unary
  Log1p: Unary
  LogicalAnd: Binary
  LogicalNot: Unary
  LogicalOr: Binary
  LogicalXor: Binary
  LogSoftmax: Kernel<Named<'logits'>, Partial<tf.LogSoftmaxAttrs>>
  Max: Unary<ReductionAttrs>
  Maximum: Binary
  Mean: Unary<ReductionAttrs>
  Min: Unary<ReductionAttrs>
  Minimum: Binary
  MirrorPad: Unary<tf.MirrorPadAttrs>
  Mod: Binary
  Multiply: Binary
  Neg: Unary
  NotEqual: Binary
  OneHot: Kernel<Named<'indices'>, tf.OneHotAttrs>
  OnesLike: Unary
  Pack: List<tf.PackAttrs>
  PadV2: Unary<tf.PadV2Attrs>
  Pow: Binary
  Prelu: Kernel<Named<'x' | 'alpha'>>
  Prod: Unary<ReductionAttrs>
  Range: Kernel<object, tf.RangeAttrs>
  RealDiv: Binary
  Reciprocal: Unary
  Relu: Unary
  Relu6: Unary
  Reshape: Unary<tf.ReshapeAttrs>
  Reverse: Unary<tf.ReverseAttrs>
  Round: Unary
  Rsqrt: Unary
  ScatterNd: Kernel<Named<'indices' | 'updates'>, tf.ScatterNdAttrs>
  Select: Kernel<Named<'condition' | 't' | 'e'>>
  Selu: Unary
  Sigmoid: Unary
  Sign: Unary
  Sin: Unary
  Sinh: Unary
  Slice: Unary<tf.SliceAttrs>
  Softmax: Kernel<Named<'logits'>, tf.SoftmaxAttrs>
  Softplus: Unary
  SplitV: Unary<tf.SplitVAttrs>
  Sqrt: Unary
  Square: Unary
  SquaredDifference: Binary
  Step: Unary<Partial<tf.StepAttrs>>
  StridedSlice: Unary<tf.StridedSliceAttrs>
  Sub: Binary
  Sum: Unary<ReductionAttrs>
  Tan: Unary
  Tanh: Unary
  TensorScatterUpdate: Kernel<Named<'tensor' | 'indices' | 'updates'>>
  Tile: Unary<tf.TileAttrs>
  TopK: Unary<tf.TopKAttrs>
  Transpose: Unary<tf.TransposeAttrs>
  UnsortedSegmentSum: Kernel<Named<'x' | 'segmentIds'>, tf.UnsortedSegmentSumAttrs>
  Unpack: Kernel<Named<'value'>, tf.UnpackAttrs>
  ZerosLike: Unary
  _FusedMatMul: Kernel<Named<'a' | 'b'> & FusedInputs, tf._FusedMatMulAttrs>
}

/** Names of the kernels that have a rule. */
export type KernelName = keyof Kernels

/** How one kernel is written in ONNX operators. */
type Rule<K extends KernelName> = (
  b: Builder,
  inputs: Kernels[K]['inputs'],
  attrs: Kernels[K]['attrs'],
) => Value | readonly Value[]

/** A part of the table of rules. */
export type Rules<K extends KernelName> = { readonly [N in K]: Rule<N> }
