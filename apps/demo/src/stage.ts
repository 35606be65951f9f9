import type { Moment } from './messages.ts'
import { stepSeconds } from './pendulum.ts'

/** Films are shown faster than they happened. */
const speed = 2

/** Torques below are not drawn, N m. */
const leastTorque = 0.05

/** Hanging still. */
const atRest: Moment = { angle: Math.PI, torque: 0 }

/** Shows the pendulum: each film to its end, then the latest that came. */
export interface Stage {
  show(film: readonly Moment[]): void
  clear(): void
}

/** Draws into an SVG with a group `#rod`, and an arc `#torque` for the torque on it. */
export function createStage(svg: SVGSVGElement): Stage {
  const rod = svg.querySelector('#rod') as SVGElement
  const torque = svg.querySelector('#torque') as SVGElement
  const isStill = matchMedia('(prefers-reduced-motion: reduce)')
  let film: readonly Moment[] = []
  let next: readonly Moment[] | undefined
  let startedAt = 0
  let frame = 0

  const draw = ({ angle, torque: force }: Moment): void => {
    rod.setAttribute('transform', `rotate(${(-180 / Math.PI) * angle})`)
    torque.setAttribute('d', Math.abs(force) < leastTorque ? '' : arc(force))
  }
  const tick = (now: number): void => {
    const at = Math.floor(((now - startedAt) / 1000) * (speed / stepSeconds))
    if (isStill.matches || at >= film.length) {
      const last = film.at(-1)
      if (last !== undefined) draw({ ...last, torque: 0 })
      film = next ?? []
      next = undefined
      startedAt = now
      if (film.length === 0) {
        frame = 0
        return
      }
    } else draw(film[Math.max(0, at)])
    frame = requestAnimationFrame(tick)
  }
  draw(atRest)
  return {
    show: (latest) => {
      next = latest
      if (frame === 0) frame = requestAnimationFrame(tick)
    },
    clear: () => {
      cancelAnimationFrame(frame)
      frame = 0
      film = []
      next = undefined
      draw(atRest)
    },
  }
}

/** An arc about the hinge, from straight up, as long as the torque is large. */
function arc(torque: number): string {
  const angle = torque * 0.6
  const radius = 0.34
  const [x, y] = [-radius * Math.sin(angle), -radius * Math.cos(angle)]
  return `M 0 ${-radius} A ${radius} ${radius} 0 0 ${angle > 0 ? 0 : 1} ${x.toFixed(3)} ${y.toFixed(3)}`
}
