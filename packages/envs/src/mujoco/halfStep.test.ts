import { expect, it } from 'vitest'
import { createSimulation, type Simulation } from './simulation.ts'

/** Two links on a floor: contacts, a joint limit and a motor. */
const model = (integrator: string, extra = ''): string => `<mujoco>
  <option integrator="${integrator}" timestep=".005"/>
  <worldbody><geom type="plane" size="5 5 1"/>
    <body name="trunk" pos="0 0 .3"><freejoint/><geom type="capsule" size=".05 .1"/>
      <body pos="0 0 .2"><joint name="knee" axis="0 1 0" range="-.6 .6" limited="true"/><geom type="capsule" size=".04 .1"/></body>
    </body></worldbody>
  <actuator><motor joint="knee" gear="3"/></actuator>${extra}</mujoco>`

/** Where 200 control steps lead, of two time steps each; `between` happens after each of them. */
async function travel(
  xml: string,
  between: (simulation: Simulation, step: number) => void,
): Promise<Float64Array> {
  const simulation = await createSimulation(xml)
  for (let step = 0; step < 200; step++) {
    simulation.ctrl[0] = Math.sin(0.3 * step)
    expect(simulation.advance(2)).toBe(true)
    between(simulation, step)
  }
  const state = simulation.getState()
  simulation.close()
  return state
}

it.each(['Euler', 'implicitfast', 'RK4'])(
  'computes what whole steps do, bit for bit: %s',
  async (integrator) => {
    const whole = await travel(model(integrator), () => undefined)
    expect(await travel(model(integrator), (simulation) => simulation.computePoses())).toEqual(whole)
    const push = (simulation: Simulation, step: number): void => {
      if (step % 20 === 10) simulation.qvel[0] += 0.5
      if (step % 20 === 15) simulation.qpos[7] = 0
    }
    const pushed = await travel(model(integrator), push)
    expect(pushed).not.toEqual(whole)
    const pushedAfterHalf = await travel(model(integrator), (simulation, step) => {
      simulation.computePoses()
      push(simulation, step)
    })
    expect(pushedAfterHalf).toEqual(pushed)
  },
)

it('is forgotten when another state is loaded', async () => {
  const xml = model('Euler')
  const simulation = await createSimulation(xml)
  const other = await travel(xml, () => undefined)
  simulation.computePoses()
  simulation.setState(other)
  simulation.advance(1)
  const after = simulation.getState()
  simulation.setState(other)
  simulation.forward()
  simulation.advance(1)
  expect(simulation.getState()).toEqual(after)
  simulation.close()
})

it('is as if it were not where a sensor could tell', async () => {
  const xml = model('Euler', '<sensor><framepos objtype="body" objname="trunk"/></sensor>')
  const lagging = await createSimulation(xml)
  lagging.advance(3)
  const felt = [...lagging.derived('sensordata')]
  lagging.computePoses()
  expect([...lagging.derived('sensordata')]).toEqual(felt)
  expect(lagging.derived('xpos')[5]).not.toBe(felt[2])
  lagging.close()
})
