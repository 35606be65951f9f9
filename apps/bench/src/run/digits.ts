/** A number to five digits, as cells and records keep them. */
export const digits = (value: number): number => Number(value.toPrecision(5))
