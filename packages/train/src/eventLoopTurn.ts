/**
 * Lets the event loop take a turn, in which messages and interrupts arrive. Calls of a compiled program that change its state give it one in
 * Node; those that only read, browsers and eager programs do not. A channel of messages, since browsers hold back timers that follow each other.
 */
export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}
