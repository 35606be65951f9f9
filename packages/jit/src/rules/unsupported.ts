import type * as tf from '@tensorflow/tfjs'
import type { KernelName } from './kernels.ts'

type Constants = { [K in keyof typeof tf]: (typeof tf)[K] extends string ? K : never }
type StringConstant = Constants[keyof typeof tf]

/** The names of all kernels of tfjs: those of its constants that are their own names. */
export type TfjsKernel = { [K in StringConstant]: (typeof tf)[K] extends K ? K : never }[StringConstant]

/** Why a kernel has no rule, and what to do instead. */
interface Unsupported {
  readonly reason: string
  readonly remedy: string
}

const pooling: Unsupported = { reason: 'pooling is not recorded', remedy: 'use a convolution with strides' }
const volumes: Unsupported = {
  reason: 'three-dimensional convolutions are not recorded',
  remedy: 'use tf.conv2d',
}
const depthwise: Unsupported = { reason: 'depthwise convolutions are not recorded', remedy: 'use tf.conv2d' }
const morphology: Unsupported = { reason: 'morphological filters are not recorded', remedy: 'use tf.conv2d' }
const images: Unsupported = {
  reason: 'image transforms are not recorded',
  remedy: 'prepare images before the call',
}
const complex: Unsupported = {
  reason: 'complex numbers have no ONNX type',
  remedy: 'carry real and imaginary parts in two tensors',
}
const strings: Unsupported = {
  reason: 'strings are not recorded',
  remedy: 'encode them as numbers before the call',
}
const sparse: Unsupported = {
  reason: 'sparse and ragged tensors are not recorded',
  remedy: 'use dense tensors',
}
const dataShape: Unsupported = {
  reason: 'the shape of its result depends on data',
  remedy: 'use a mask of fixed shape, as tf.where takes',
}
const counting: Unsupported = {
  reason: 'bin counts are not recorded',
  remedy: 'sum a tf.oneHot over the samples',
}
const searching: Unsupported = {
  reason: 'searches are not recorded',
  remedy: 'compare with every boundary and sum',
}
const blocks: Unsupported = {
  reason: 'block moves are not recorded',
  remedy: 'use tf.reshape and tf.transpose',
}
const response: Unsupported = {
  reason: 'local response normalisation is not recorded',
  remedy: 'use tf.moments over the channels',
}
const shapeValues: Unsupported = {
  reason: 'shapes are known when tracing',
  remedy: 'compute the shape in JavaScript',
}

/** Every kernel of tfjs without a rule. A kernel in neither table does not compile. */
export const unsupported: { readonly [K in Exclude<TfjsKernel, KernelName>]: Unsupported } = {
  AvgPool: pooling,
  AvgPool3D: pooling,
  AvgPool3DGrad: pooling,
  AvgPoolGrad: pooling,
  BatchToSpaceND: blocks,
  Bincount: counting,
  BroadcastArgs: shapeValues,
  Complex: complex,
  ComplexAbs: complex,
  Conv3D: volumes,
  Conv3DBackpropFilterV2: volumes,
  Conv3DBackpropInputV2: volumes,
  CropAndResize: images,
  DenseBincount: counting,
  DepthToSpace: blocks,
  DepthwiseConv2dNative: depthwise,
  DepthwiseConv2dNativeBackpropFilter: depthwise,
  DepthwiseConv2dNativeBackpropInput: depthwise,
  Dilation2D: morphology,
  Dilation2DBackpropFilter: morphology,
  Dilation2DBackpropInput: morphology,
  Draw: images,
  FFT: complex,
  FlipLeftRight: images,
  FromPixels: images,
  FusedDepthwiseConv2D: depthwise,
  IFFT: complex,
  Imag: complex,
  LRN: response,
  LRNGrad: response,
  LowerBound: searching,
  MatrixBandPart: { reason: 'bands of matrices are not recorded', remedy: 'multiply with a constant mask' },
  MaxPool: pooling,
  MaxPool3D: pooling,
  MaxPool3DGrad: pooling,
  MaxPoolGrad: pooling,
  MaxPoolWithArgmax: pooling,
  Multinomial: {
    reason: 'it draws random numbers',
    remedy: 'take Gumbel noise as an argument and use tf.argMax of logits plus noise',
  },
  NonMaxSuppressionV3: dataShape,
  NonMaxSuppressionV4: dataShape,
  NonMaxSuppressionV5: dataShape,
  Pool: pooling,
  RaggedGather: sparse,
  RaggedRange: sparse,
  RaggedTensorToTensor: sparse,
  Real: complex,
  ResizeBilinear: images,
  ResizeBilinearGrad: images,
  ResizeNearestNeighbor: images,
  ResizeNearestNeighborGrad: images,
  RotateWithOffset: images,
  SearchSorted: searching,
  SpaceToBatchND: blocks,
  SparseFillEmptyRows: sparse,
  SparseReshape: sparse,
  SparseSegmentMean: sparse,
  SparseSegmentSum: sparse,
  SparseToDense: sparse,
  StaticRegexReplace: strings,
  StringNGrams: strings,
  StringSplit: strings,
  StringToHashBucketFast: strings,
  Transform: images,
  Unique: dataShape,
  UpperBound: searching,
}
