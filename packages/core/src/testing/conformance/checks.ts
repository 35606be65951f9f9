import { describeValue } from '../../check.ts'

/** One property: its name as a sentence, and a function that throws where it does not hold. */
export interface Check {
  /** The property, as a sentence about what is tested. */
  readonly title: string
  /** Throws where the property does not hold. */
  run(): void | Promise<void>
}

/** @throws Error with the message when the condition is false. */
export function assert(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new Error(message())
}

/** @throws Error when `f` does not throw an instance of the given type. */
export function assertThrows(what: string, type: new (message: string) => Error, f: () => unknown): void {
  let thrown: unknown
  try {
    f()
  } catch (error) {
    thrown = error
  }
  assert(thrown !== undefined, () => `${what} must throw, got no error`)
  assert(thrown instanceof type, () => `${what} must throw a ${type.name}, got ${describeValue(thrown)}`)
  assert(thrown.message.length > 0, () => `${what} must throw an error with a message, got none`)
}
