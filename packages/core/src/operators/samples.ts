/** @throws RangeError when there is no sample: the mean over none is no number. */
export function checkSamples(caller: string, samples: number): void {
  if (samples >= 1) return
  throw new RangeError(`${caller}: K must be at least one sample per state, got ${samples}`)
}
