import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { createProgram } from '../program/createProgram.ts'
import { cases, type Case } from '../testing/cases.ts'
import type { KernelName } from '../rules/kernels.ts'
import type { HostData } from '../types.ts'

tf.env().set('PROD', true)
beforeAll(async () => {
  await tf.setBackend('cpu')
})

const members = 3

/** Kernels some of whose cases have no form for several members. */
const refused: readonly string[] = [
  'Conv2D',
  'Conv2DBackpropFilter',
  'Conv2DBackpropInput',
  'Einsum',
  'FusedConv2D',
  'GatherNd',
  'GatherV2',
  'ScatterNd',
  'TensorScatterUpdate',
  'UnsortedSegmentSum',
]

/** The data of a case for a member: turned by as many places, which keeps every number where its operator is defined. */
function turned(data: HostData, by: number): HostData {
  const copy = data.slice()
  for (let i = 0; i < data.length; i++) copy[i] = data[(i + by) % data.length]
  return copy
}

function stackedData(parts: readonly HostData[]): HostData {
  const [first] = parts
  const all = new (first.constructor as Float32ArrayConstructor)(parts.length * first.length)
  for (const [k, part] of parts.entries()) all.set(part, k * first.length)
  return all
}

/** The results of a case for one member, or for several together, by inputs. */
async function results(
  c: Case,
  count: number | undefined,
  calls: readonly (readonly HostData[])[],
): Promise<readonly HostData[][]> {
  const program = await createProgram({
    name: 'case',
    state: { x: count === undefined ? tf.scalar(0) : tf.zeros([count]) },
    functions: {
      f: {
        run: (_: unknown, ...given: tf.Tensor[]) => ({ results: [c.f(...given)].flat() }),
        args: c.inputs.map(({ shape, dtype }) => ({ shape, dtype })),
      },
    },
    ...(count !== undefined && { members: count }),
  })
  const all: HostData[][] = []
  for (const inputs of calls) all.push((await program.call('f', inputs)).results as HostData[])
  await program.dispose()
  return all
}

describe('a program of several members', () => {
  it.each(Object.keys(cases) as KernelName[])('computes %s for each as for one alone', async (name) => {
    for (const [i, c] of cases[name].entries()) {
      const perMember = Array.from({ length: members }, (_, k) => c.inputs.map(({ data }) => turned(data, k)))
      const joined = c.inputs.map((_, at) => stackedData(perMember.map((inputs) => inputs[at])))
      const together = await results(c, members, [joined]).catch((error: unknown) => {
        expect(String(error), name).toMatch(/functions of several members must be made of operators/)
        expect(refused).toContain(name)
      })
      if (together === undefined) continue
      for (const [k, alone] of (await results(c, undefined, perMember)).entries()) {
        for (const [at, expected] of alone.entries()) {
          const found = together[0][at].slice(k * expected.length, (k + 1) * expected.length)
          const label = `${name}, case ${i}, member ${k}`
          expect(together[0][at].length, label).toBe(members * expected.length)
          for (const [e, value] of expected.entries()) {
            if (Object.is(found[e], value) || found[e] === value) continue
            expect(Math.abs(found[e] - value), label).toBeLessThanOrEqual(1e-6 + 1e-6 * Math.abs(value))
          }
        }
      }
    }
  })

  it('keeps a state per member, scalars and constants included', async () => {
    const program = await createProgram({
      name: 'several',
      members: 2,
      state: { x: tf.tensor1d([1, 10]), w: tf.tensor3d([1, 2, 3, 4], [2, 1, 2]) },
      functions: {
        step: {
          run: ({ x, w }, y: tf.Tensor) => ({
            state: { x: tf.add<tf.Tensor1D>(x, tf.sum(y)), w: tf.mul<tf.Tensor3D>(w, tf.tensor2d([[1, 2]])) },
            last: x,
            constant: tf.scalar(7),
          }),
          args: [{ shape: [3] }],
        },
      },
    })
    const { last, constant } = await program.call('step', [Float32Array.of(1, 1, 1, 2, 2, 2)])
    expect([...(last as HostData)]).toEqual([1, 10])
    expect([...(constant as HostData)]).toEqual([7, 7])
    expect(await program.getState()).toMatchObject({
      x: { shape: [2], data: Float32Array.of(4, 16) },
      w: { shape: [2, 1, 2], data: Float32Array.of(1, 4, 3, 8) },
    })
    await program.dispose()
  })

  it('says what does not fit', async () => {
    const make = (options: object): Promise<unknown> =>
      createProgram({
        name: 'several',
        state: { x: tf.zeros([2]) },
        functions: { f: { run: ({ x }: { x: tf.Tensor }) => ({ x }), args: [] } },
        ...options,
      })
    await expect(make({ members: 3 })).rejects.toThrow(
      new RangeError(
        'createProgram: state "x" of several must have the members = 3 as its leading axis, got [2], stack the states of the members',
      ),
    )
    await expect(make({ members: 0 })).rejects.toThrow(
      new RangeError('createProgram: members must be an integer of at least 1, got 0'),
    )
    await expect(make({ members: 2, mode: { kind: 'eager' } })).rejects.toThrow(
      new RangeError('createProgram: mode.kind must be compiled where members are given, got eager'),
    )
  })
})
