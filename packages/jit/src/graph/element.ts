import type { ElementType } from './graph.ts'

/** The numbers that `onnx.proto3` gives the element types. */
export const ELEMENT_CODE: Readonly<Record<ElementType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 }
