/** Operators over floats that IEEE 754 rounds correctly: in double precision, rounded to a float, they are what every runtime gives. */
export const EXACT_UNARY: Readonly<Record<string, (x: number) => number>> = {
  Abs: Math.abs,
  Neg: (x) => -x,
  Relu: (x) => Math.max(x, 0),
  Sqrt: Math.sqrt,
}

/** Those of two numbers. */
export const EXACT_BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
}
