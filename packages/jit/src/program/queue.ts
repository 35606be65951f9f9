/** Runs tasks one after another; a task that fails does not stop the next. */
export interface Queue {
  /** Where none is under way, the task starts at once. */
  add<T>(task: () => Promise<T>): Promise<T>
}

/** An empty queue. */
export function createQueue(): Queue {
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()
  return {
    add: (task) => {
      const start = waiting === 0
      waiting += 1
      const result = start ? task() : last.then(task)
      last = result.then(
        () => (waiting -= 1),
        () => (waiting -= 1),
      )
      return result
    },
  }
}
