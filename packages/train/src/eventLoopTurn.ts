/**
 * Lets the event loop take a turn, in which messages and interrupts arrive. ONNX Runtime gives it one per call in Node; in browsers, and
 * eagerly, nothing does. A channel of messages, since browsers hold back timers that follow each other.
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
