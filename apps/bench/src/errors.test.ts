import { expect, it } from 'vitest'
import {
  blamingTheCommand,
  claimError,
  describeError,
  exitCodes,
  interruption,
  usageError,
} from './errors.ts'

it('gives each kind of error its exit status', () => {
  expect(describeError(usageError('wrong'), false)).toEqual({ text: 'wrong', exitCode: 2 })
  expect(describeError(claimError('failed'), false)).toEqual({ text: 'failed', exitCode: 1 })
  expect(describeError(interruption('stopped'), false).exitCode).toBe(exitCodes.interrupted)
  expect(describeError(new Error('broken'), false).exitCode).toBe(1)
  expect(describeError('thrown text', false)).toEqual({ text: 'thrown text', exitCode: 1 })
})

it('shows the stack only when asked', () => {
  const error = new Error('broken')
  expect(describeError(error, false).text).toBe('broken')
  expect(describeError(error, true).text).toContain('errors.test.ts')
})

it('turns errors about arguments into usage errors, and lets others pass', async () => {
  await expect(blamingTheCommand(() => Promise.reject(new RangeError('gamma')))).rejects.toMatchObject({
    exitCode: 2,
  })
  await expect(
    blamingTheCommand(() => {
      throw new Error('disk')
    }),
  ).rejects.not.toHaveProperty('exitCode')
})
