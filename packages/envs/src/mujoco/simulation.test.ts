import { afterEach, expect, it } from 'vitest'
import { createHandles, liveHandles, loadMujoco } from './module.ts'
import { createOutput } from './output.ts'
import { createSimulation } from './simulation.ts'
import { element } from './xml.ts'

const SLIDER = `<mujoco><worldbody><body><joint name="x" type="slide" axis="1 0 0"/><geom size=".1"/></body></worldbody>
  <actuator><motor joint="x"/></actuator></mujoco>`

afterEach(() => expect(liveHandles()).toBe(0))

it('loads one module', async () => {
  expect(await loadMujoco()).toBe(await loadMujoco())
})

it("throws MuJoCo's message for a model that does not compile, and leaves no handle behind", async () => {
  await expect(createSimulation('<mujoco><bodies/></mujoco>')).rejects.toThrow('unrecognized element')
  await expect(createSimulation('half a model')).rejects.toThrow('XML')
})

it('deletes a handle once, however often it is released', async () => {
  const mujoco = await loadMujoco()
  const handles = createHandles()
  const buffer = handles.own(new mujoco.DoubleBuffer(3))
  expect(liveHandles()).toBe(1)
  handles.release()
  handles.release()
  expect(liveHandles()).toBe(0)
  expect(buffer.isDeleted()).toBe(true)
})

it('receives numbers through an output and keeps them when the next call writes', async () => {
  const simulation = await createSimulation(SLIDER)
  const { mujoco, model, data } = simulation.native
  const handles = createHandles()
  const kind = mujoco.mjtState.mjSTATE_PHYSICS.value
  const output = createOutput(mujoco, handles, 2)
  simulation.qpos[0] = 3
  mujoco.mj_getState(model, data, output.buffer, kind)
  const first = output.read()
  simulation.qpos[0] = 4
  mujoco.mj_getState(model, data, output.buffer, kind)
  expect([...first]).toEqual([3, 0])
  expect([...output.read()]).toEqual([4, 0])
  handles.release()
  simulation.close()
})

it('sees divergence at the first step, at later steps, and in the result of a step', async () => {
  const simulation = await createSimulation(SLIDER)
  simulation.qvel[0] = 1e30
  expect(simulation.advance(1)).toBe(false)
  simulation.resetData()
  expect(simulation.advance(5)).toBe(true)
  simulation.qpos[0] = NaN
  expect(simulation.advance(5)).toBe(false)
  simulation.resetData()
  expect(simulation.advance(5)).toBe(true)
  // Within bounds before the step, out of them after it: MuJoCo would notice in the next step only.
  simulation.qpos[0] = 9.99e9
  simulation.qvel[0] = 9.9e9
  expect(simulation.advance(1)).toBe(false)
  simulation.close()
})

it('knows the forces from outside: of contacts, of whoever pushes, and none in the air', async () => {
  const simulation = await createSimulation(`<mujoco><worldbody>
    <geom type="plane" size="1 1 1"/><body pos="0 0 1"><freejoint/><geom size=".1" mass="1"/></body></worldbody></mujoco>`)
  const { mujoco, model, data } = simulation.native
  const felt = (): number[] => {
    simulation.advance(1)
    simulation.computeContactForces()
    const own = [...simulation.derived('cfrc_ext')]
    mujoco.mj_rnePostConstraint(model, data)
    expect(own).toEqual([...simulation.derived('cfrc_ext')])
    return own.slice(6)
  }
  expect(felt()).toEqual([0, 0, 0, 0, 0, 0])
  const pushes = data.xfrc_applied as Float64Array
  pushes[6 + 1] = 3
  expect(felt()).toEqual([0, 0, 0, 0, 3, 0])
  pushes[6 + 1] = 0
  simulation.qpos[2] = 0.099
  expect(felt()[5]).toBeGreaterThan(1)
  simulation.qpos[2] = 1
  expect(felt()).toEqual([0, 0, 0, 0, 0, 0])
  simulation.close()
})

it('writes elements with numbers that read back as the same doubles', () => {
  expect(element('geom', { pos: [0.1, 1 / 3, -2e-9], name: 'a', size: undefined })).toBe(
    '<geom pos="0.1 0.3333333333333333 -2e-9" name="a"/>',
  )
  expect(element('body', {}, ['<geom/>', '<joint/>'])).toBe('<body>\n<geom/>\n<joint/>\n</body>')
  expect(() => element('geom', { size: [1, NaN] })).toThrow(
    new RangeError('element: geom.size must be finite, got [1, NaN]'),
  )
})
