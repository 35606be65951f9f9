import * as tf from '@tensorflow/tfjs'
import type { Builder } from '../graph/builder.ts'
import type { Value } from '../graph/graph.ts'
import { binary } from './elementwise.ts'
import type { Rules } from './kernels.ts'
import { finish } from './matmul.ts'
import { reshape, transpose } from './reshape.ts'
import { slice } from './shape.ts'

type Shape4D = [number, number, number, number]
type Info = ReturnType<typeof tf.backend_util.computeConv2DInfo>

interface ConvAttrs {
  readonly strides: [number, number] | number
  readonly pad: tf.Conv2DAttrs['pad']
  readonly dataFormat: 'NHWC' | 'NCHW'
  readonly dilations?: [number, number] | number
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** How many places a window of `size` has on an axis. */
const places = (input: number, [padding, size, dilation, stride]: readonly number[]): number =>
  Math.floor((input + padding - ((size - 1) * dilation + 1)) / stride) + 1

/**
 * Sizes and paddings as tfjs works them out.
 * @throws RangeError where padding is a number and window or strides are not square: tfjs uses the height's for both.
 */
function infoOf(input: readonly number[], filter: readonly number[], attrs: ConvAttrs): Info {
  const info = tf.backend_util.computeConv2DInfo(
    input as Shape4D,
    filter as Shape4D,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    false,
    tf.backend_util.convertConv2DDataFormat(attrs.dataFormat),
  )
  const {
    padInfo: pad,
    filterHeight,
    filterWidth,
    dilationHeight,
    dilationWidth,
    strideHeight,
    strideWidth,
  } = info
  const height = places(info.inHeight, [pad.top + pad.bottom, filterHeight, dilationHeight, strideHeight])
  const width = places(info.inWidth, [pad.left + pad.right, filterWidth, dilationWidth, strideWidth])
  if (height !== info.outHeight || width !== info.outWidth) {
    throw new RangeError(
      `tf.conv2d: the result must be [${height}, ${width}] for these windows, got [${info.outHeight}, ${info.outWidth}] from tfjs, ` +
        `give padding as same, valid or one pair per dimension`,
    )
  }
  return info
}

const isNhwc = (attrs: ConvAttrs): boolean => attrs.dataFormat !== 'NCHW'
/** Images with channels first, as ONNX has them. */
const toNchw = (b: Builder, x: Value, attrs: ConvAttrs): Value =>
  isNhwc(attrs) ? transpose(b, x, [0, 3, 1, 2]) : x
const fromNchw = (b: Builder, x: Value, attrs: ConvAttrs): Value =>
  isNhwc(attrs) ? transpose(b, x, [0, 2, 3, 1]) : x
/** [height, width, in, out] to [out, in, height, width]. */
const filterToOnnx = (b: Builder, filter: Value): Value => transpose(b, filter, [3, 2, 0, 1])

function conv2d(b: Builder, [x, filter]: readonly [Value, Value], attrs: ConvAttrs): Value {
  const info = infoOf(x.shape, filter.shape, attrs)
  const { top, left, bottom, right } = info.padInfo
  const made = b.op(
    [
      'Conv',
      {
        strides: [info.strideHeight, info.strideWidth],
        dilations: [info.dilationHeight, info.dilationWidth],
        pads: [top, left, bottom, right],
      },
    ],
    [toNchw(b, x, attrs), filterToOnnx(b, filter)],
    { shape: [info.batchSize, info.outChannels, info.outHeight, info.outWidth], dtype: 'float32' },
  )
  return fromNchw(b, made, attrs)
}

/** The transposed convolution; rows and columns of the input that no window reached come back through `output_padding`. */
function backpropInput(
  b: Builder,
  [dy, filter]: readonly [Value, Value],
  attrs: tf.Conv2DBackpropInputAttrs,
): Value {
  const info = infoOf(attrs.inputShape, filter.shape, attrs)
  const { top, left, bottom, right } = info.padInfo
  const missing = (input: number, [output, stride, size, padding]: readonly number[]): number =>
    input - ((output - 1) * stride + size - padding)
  const made = b.op(
    [
      'ConvTranspose',
      {
        strides: [info.strideHeight, info.strideWidth],
        pads: [top, left, bottom, right],
        output_padding: [
          missing(info.inHeight, [info.outHeight, info.strideHeight, info.filterHeight, top + bottom]),
          missing(info.inWidth, [info.outWidth, info.strideWidth, info.filterWidth, left + right]),
        ],
      },
    ],
    [toNchw(b, dy, attrs), filterToOnnx(b, filter)],
    { shape: [info.batchSize, info.inChannels, info.inHeight, info.inWidth], dtype: 'float32' },
  )
  return fromNchw(b, made, attrs)
}

/** A convolution of the input with the gradient, batch and channels changing places; strides become dilations. */
function backpropFilter(
  b: Builder,
  [x, dy]: readonly [Value, Value],
  attrs: tf.Conv2DBackpropFilterAttrs,
): Value {
  const info = infoOf(x.shape, attrs.filterShape, attrs)
  const { top, left, bottom, right } = info.padInfo
  const swap = (y: Value): Value => transpose(b, toNchw(b, y, attrs), [1, 0, 2, 3])
  const span = (size: number, [padding, output, stride]: readonly number[]): number =>
    size + padding - ((output - 1) * stride + 1) + 1
  const height = span(info.inHeight, [top + bottom, info.outHeight, info.strideHeight])
  const width = span(info.inWidth, [left + right, info.outWidth, info.strideWidth])
  const made = b.op(
    ['Conv', { dilations: [info.strideHeight, info.strideWidth], pads: [top, left, bottom, right] }],
    [swap(x), swap(dy)],
    { shape: [info.inChannels, info.outChannels, height, width], dtype: 'float32' },
  )
  const size = [info.inChannels, info.outChannels, info.filterHeight, info.filterWidth]
  return transpose(b, slice(b, made, { begin: [0, 0, 0, 0], size }), [2, 3, 0, 1])
}

export const convolutions: Rules<
  'Conv2D' | 'Conv2DBackpropFilter' | 'Conv2DBackpropInput' | 'FusedBatchNorm' | 'FusedConv2D'
> = {
  Conv2D: (b, { x, filter }, attrs) => conv2d(b, [x, filter], attrs),
  Conv2DBackpropFilter: (b, { x, dy }, attrs) => backpropFilter(b, [x, dy], attrs),
  Conv2DBackpropInput: (b, { dy, filter }, attrs) => backpropInput(b, [dy, filter], attrs),
  FusedBatchNorm: (b, { x, mean, variance, scale, offset }, { varianceEpsilon }) => {
    const spread = binary(b, 'Add', [variance, b.scalar(varianceEpsilon)])
    const deviation = b.op('Sqrt', [spread], spread)
    const normal = binary(b, 'Div', [binary(b, 'Sub', [x, mean]), deviation])
    const scaled = scale === undefined ? normal : binary(b, 'Mul', [normal, scale])
    return offset === undefined ? scaled : binary(b, 'Add', [scaled, offset])
  },
  FusedConv2D: (b, { x, filter, bias, preluActivationWeights }, attrs) => {
    const column = (weights: Value): Value =>
      attrs.dataFormat === 'NCHW' && weights.shape.length === 1
        ? reshape(b, weights, [weights.shape[0], 1, 1])
        : weights
    return finish(b, conv2d(b, [x, filter], attrs), {
      ...(bias === undefined ? {} : { bias: column(bias) }),
      ...(preluActivationWeights === undefined
        ? {}
        : { preluActivationWeights: column(preluActivationWeights) }),
      activation: attrs.activation,
      ...(attrs.leakyreluAlpha === undefined ? {} : { leakyreluAlpha: attrs.leakyreluAlpha }),
    })
  },
}
