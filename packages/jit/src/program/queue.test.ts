import { describe, expect, it } from 'vitest'
import { createQueue } from './queue.ts'

describe('createQueue', () => {
  it('runs tasks in order, one at a time, and the first at once', async () => {
    const queue = createQueue()
    const log: string[] = []
    const task = (name: string) => async (): Promise<string> => {
      log.push(`${name} starts`)
      await new Promise((resolve) => setTimeout(resolve, 1))
      log.push(`${name} ends`)
      return name
    }
    const results = [queue.add(task('a')), queue.add(task('b'))]
    expect(log).toEqual(['a starts'])
    expect(await Promise.all(results)).toEqual(['a', 'b'])
    expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends'])
    void queue.add(task('c'))
    expect(log.at(-1)).toBe('c starts')
  })

  it('goes on after a task that fails', async () => {
    const queue = createQueue()
    const fails = queue.add(() => Promise.reject(new Error('first')))
    const next = queue.add(() => Promise.resolve(2))
    await expect(fails).rejects.toThrow('first')
    expect(await next).toBe(2)
  })
})
