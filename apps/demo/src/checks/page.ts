/** Lets a test run checks in a worker of this page: `window.check(name, args)`, one at a time. */
const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })

type Reply = { readonly result: unknown } | { readonly error: string }

function check(name: string, args: readonly unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message))
    worker.onmessage = ({ data }: MessageEvent<Reply>) =>
      'error' in data ? reject(new Error(data.error)) : resolve(data.result)
    worker.postMessage({ name, args })
  })
}

Object.assign(window, { check })
