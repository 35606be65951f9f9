import type { ClassHandle, MainModule } from '@mujoco/mujoco'

let loading: Promise<MainModule> | undefined
let live = 0

/** MuJoCo's WASM module. There is one instance, loaded by the first call; models share its memory. */
export function loadMujoco(): Promise<MainModule> {
  loading ??= import('@mujoco/mujoco').then(({ default: instantiate }) => instantiate())
  return loading
}

/** How many MuJoCo objects are alive: models, data and buffers. They lie on the WASM heap, where nothing collects them. */
export function liveHandles(): number {
  return live
}

/** A list of MuJoCo objects that die together. */
export interface Handles {
  /** Takes an object over and gives it back. */
  own<H extends ClassHandle>(handle: H): H
  /** Deletes what is owned, latest first. Deleting twice does nothing. */
  release(): void
}

export function createHandles(): Handles {
  const owned: ClassHandle[] = []
  return {
    own: (handle) => {
      owned.push(handle)
      live++
      return handle
    },
    release: () => {
      for (let handle = owned.pop(); handle !== undefined; handle = owned.pop()) {
        handle.delete()
        live--
      }
    },
  }
}
