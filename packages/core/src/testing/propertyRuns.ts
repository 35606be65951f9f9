/** How many random processes a property is run on. */

/** What is asked of every theorem; fewer are a quick look and no proof. */
const LEAST = 1000

/**
 * The number of random processes from the environment variable MAXENT_PROPERTY_RUNS, 1,000 where it is not set. Fewer are said in a
 * warning.
 * @throws RangeError when it is no positive integer: a property run on no process holds whatever it says.
 */
export function propertyRuns(setting: string | undefined): number {
  if (setting === undefined) return LEAST
  const runs = Number(setting)
  if (setting.trim() === '' || !(Number.isInteger(runs) && runs >= 1))
    throw new RangeError(
      `propertyRuns: MAXENT_PROPERTY_RUNS must be a positive integer, got '${setting}', unset it for ${LEAST}`,
    )
  if (runs < LEAST)
    process.emitWarning(
      `MAXENT_PROPERTY_RUNS: ${runs} random processes in place of at least ${LEAST}, a quick look only`,
    )
  return runs
}
