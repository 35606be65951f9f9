/**
 * Where a run record lies. Paths are relative, with `/`. `@maxent/train/node` keeps it in a folder; {@link memoryStore} keeps it in
 * memory. The loop writes through this interface only, so that it runs where there is no file system.
 */
export interface RunStore {
  /** For messages. */
  readonly location: string
  /** The file's bytes, or `undefined` when there is none. */
  read(path: string): Promise<Uint8Array | undefined>
  /** Writes a whole file, durably and at once: a reader, or a crash, sees the old file or the new one. */
  write(path: string, bytes: Uint8Array): Promise<void>
  /** Adds text to the end of a file, which begins to exist with it. */
  append(path: string, text: string): Promise<void>
  /** Makes what was appended durable, and gives the file's length in bytes: 0 when there is none. */
  flush(path: string): Promise<number>
  /** Cuts a file to a length; one that is shorter, or is not there, stays as it is. */
  truncate(path: string, length: number): Promise<void>
  /** The names of the files in a folder, sorted. */
  list(folder: string): Promise<string[]>
  /** Gives a file another name, in place of whatever had it. */
  rename(from: string, to: string): Promise<void>
  /** Removes a file; none is no error. */
  remove(path: string): Promise<void>
  /** Lets others use the record. */
  close(): Promise<void>
}

/** A run record in memory: for tests, and where there is no file system. */
export function memoryStore(): RunStore {
  const files = new Map<string, Uint8Array>()
  return {
    location: 'memory',
    read: (path) => Promise.resolve(files.get(path)?.slice()),
    write: (path, bytes) => {
      files.set(path, bytes.slice())
      return Promise.resolve()
    },
    append: (path, text) => {
      const old = files.get(path) ?? new Uint8Array(0)
      const added = new TextEncoder().encode(text)
      const joined = new Uint8Array(old.length + added.length)
      joined.set(old)
      joined.set(added, old.length)
      files.set(path, joined)
      return Promise.resolve()
    },
    flush: (path) => Promise.resolve(files.get(path)?.length ?? 0),
    truncate: (path, length) => {
      const old = files.get(path)
      if (old !== undefined) files.set(path, old.slice(0, length))
      return Promise.resolve()
    },
    list: (folder) => {
      const prefix = `${folder}/`
      const names = [...files.keys()]
        .filter((path) => path.startsWith(prefix))
        .map((path) => path.slice(prefix.length))
      return Promise.resolve(names.sort())
    },
    rename: (from, to) => {
      const old = files.get(from)
      if (old !== undefined) files.set(to, old)
      files.delete(from)
      return Promise.resolve()
    },
    remove: (path) => {
      files.delete(path)
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
}
