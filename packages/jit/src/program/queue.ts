/** Runs tasks one after another; a task that fails does not stop the next. */
export interface Queue {
  readonly idle: boolean
  add<T>(task: () => T | Promise<T>): Promise<T>
}

/** An empty queue. */
export function createQueue(): Queue {
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()
  return {
    get idle() {
      return waiting === 0
    },
    add: (task) => {
      const start = waiting === 0
      waiting += 1
      const result = start ? (async () => task())() : last.then(task)
      last = result.then(
        () => (waiting -= 1),
        () => (waiting -= 1),
      )
      return result
    },
  }
}
