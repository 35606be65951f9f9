import { codeOf } from './lock.ts'

/** What a file operation gives, `undefined` where the file or folder is not there. */
export async function ifThere<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
