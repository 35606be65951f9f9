/** A value of an environment that no source gives, and why it is what it is. */
export interface Chosen<Value extends ChosenValue = ChosenValue> {
  /** What it is, in words: `width of the hallway, m`. */
  readonly name: string
  /** What was chosen. */
  readonly value: Value
  /** Why. */
  readonly reason: string
}

/** A number, several, or a behaviour in words. */
export type ChosenValue = number | string | readonly number[]

/**
 * Declares such a value. It stands in the file that uses it, and in the list `chosen` of its body, task or entry; numbers that a
 * source gives stand under a comment or beside a field `source:` instead. A test reads the files and finds numbers that have neither,
 * and declarations that no environment lists.
 */
export function chosen<const Value extends ChosenValue>(
  name: string,
  value: Value,
  reason: string,
): Chosen<Value> {
  return { name, value, reason }
}

/** What holds for every environment, or for every one on MuJoCo. */
export const generalChosen: readonly Chosen[] = [
  chosen(
    'start states',
    'episode n of seed s starts from the key (s, n), with float32 resolution; without a seed s is 0',
    'every number is a function of seed and episode; the same seed starts elsewhere than in NumPy',
  ),
  chosen(
    'rewards',
    'float64 whatever the action',
    "Gymnasium computes the action's cost in the action's type",
  ),
  chosen(
    'a diverging simulation',
    'throws and names the environment, the step, the observation and the action',
    'MuJoCo resets the state and goes on in silence',
  ),
  chosen(
    'actions beyond the bounds',
    'no error',
    'as in Gymnasium: motors clamp them; costs of MuJoCo tasks count them as given, that of the pendulum as clamped',
  ),
  chosen(
    'actions of the wrong length or not finite, steps outside of an episode',
    'throw',
    'they are mistakes of the caller',
  ),
  chosen(
    '`xPosition` in `info`',
    'the position whose change the reward pays',
    "Gymnasium tells the root's, which is another for some bodies",
  ),
  chosen(
    '`normalizeObservations`',
    'shows at most ±10 and adds 1e-8 to the variance; without observations before the first, that one is zeros',
    "bounds entries that hardly moved while the statistics were taken; 1e-8 is Gymnasium's",
  ),
  chosen(
    'environment i of a vector',
    'has 53 bits of the key (seed, i) as its seed; a vector gives no `info`',
    'vectors of neighbouring seeds share no episodes (Gymnasium: seed + i)',
  ),
  chosen(
    '`vision`: camera of a body whose model has none',
    'above a ball around the body, at least 0.5 m above its root, along the x axis of that, 80° high and wide',
    'over its own parts, so that the ground shows; the angle is that of the camera of the ball',
  ),
  chosen(
    '`vision`: picture',
    'red, green and blue from 0 to 1, row after row from the top; no shadows; the floor fades within 30 m; not seen is what carries the camera',
    'groups are float32; the paper names the size alone',
  ),
]
