import type { Film, Lane, Pose } from '../film/index.ts'
import { html, raw, type Markup } from './html.ts'

const width = 1000
const margin = 0.25

interface Box {
  readonly left: number
  readonly right: number
  readonly bottom: number
  readonly top: number
}

/**
 * A film as SVG: lanes above one another, faint pictures at equal times, and a bold body that the page's script moves through all poses.
 * Without script, or where motion is unwanted, the bold body stands at the last picture.
 */
export function filmStrip(film: Film): Markup {
  const box = bounds(film)
  const scale = width / (box.right - box.left)
  const laneHeight = (box.top - box.bottom) * scale
  return html`<figure class="film">
    <figcaption>${film.title}</figcaption>
    <div class="lanes">${film.lanes.map((lane) => drawLane(lane, { film, box, scale, laneHeight }))}</div>
    <button type="button" hidden>pause</button>
    <p class="description">${description(film)}</p>
  </figure>`
}

function description({ lanes }: Film): string {
  if (lanes.length === 1) return 'An episode of the policy that was learned.'
  return `From above: ${lanes.map(({ label }) => label).join('; ')}. From the same start, on one clock.`
}

interface Stage {
  readonly film: Film
  readonly box: Box
  readonly scale: number
  readonly laneHeight: number
}

function drawLane({ label, poses }: Lane, { film, box, scale, laneHeight }: Stage): Markup {
  const place = (pose: Pose): number[][] =>
    pose.map(([x1, y1, x2, y2]) =>
      [(x1 - box.left) * scale, (box.top - y1) * scale, (x2 - box.left) * scale, (box.top - y2) * scale].map(
        (value) => Math.round(value * 10) / 10,
      ),
    )
  const placed = poses.map(place)
  const ghosts = placed.filter((_, i) => i % film.ghostEvery === 0)
  const last = placed.at(-1) ?? []
  const ground = groundLine(film, { box, scale })
  return html`<div class="lane">
    <span>${label}</span>
    <svg
      viewBox="0 0 ${width} ${Math.ceil(laneHeight)}"
      stroke-width="${(film.limb * 2 * scale).toFixed(1)}"
      role="img"
      aria-label="${label}"
      data-seconds="${film.dt}"
      data-poses="${JSON.stringify(placed.map((pose) => pose.flat()))}"
    >
      ${raw(ground)}
      <g class="ghosts">${raw(ghosts.map(lines).join(''))}</g>
      <g class="body">${raw(lines(last))}</g>
    </svg>
  </div>`
}

function lines(pose: readonly (readonly number[])[]): string {
  return pose.map(([x1, y1, x2, y2]) => `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`).join('')
}

function groundLine(
  { ground, terrain = [[0, ground]] }: Film,
  { box, scale }: Pick<Stage, 'box' | 'scale'>,
): string {
  const corners = [[box.left, terrain[0][1]], ...terrain, [box.right, terrain[terrain.length - 1][1]]]
  const points = corners.map(
    ([x, y]) => `${((x - box.left) * scale).toFixed(1)},${((box.top - y) * scale).toFixed(1)}`,
  )
  return `<polyline class="ground" fill="none" points="${points.join(' ')}"/>`
}

function bounds({ lanes, ground, terrain = [], width: least }: Film): Box {
  const bottom = Math.min(ground, ...terrain.map(([, y]) => y))
  const box = { left: Infinity, right: -Infinity, bottom, top: -Infinity }
  for (const { poses } of lanes) {
    for (const [x1, y1, x2, y2] of poses.flat()) {
      box.left = Math.min(box.left, x1, x2)
      box.right = Math.max(box.right, x1, x2)
      box.bottom = Math.min(box.bottom, y1, y2)
      box.top = Math.max(box.top, y1, y2)
    }
  }
  const spare = Math.max(0, least - (box.right - box.left))
  return {
    left: box.left - margin,
    right: box.right + spare + margin,
    bottom: box.bottom - margin,
    top: box.top + margin,
  }
}

/**
 * Moves every body through its poses; stands still where the reader asked for reduced motion. Where the lanes are wider than the page it
 * scrolls along with the last body.
 */
export const filmScript: string = `
for (const figure of document.querySelectorAll('figure.film')) {
  const lanes = [...figure.querySelectorAll('svg[data-poses]')].map((svg) => ({
    poses: JSON.parse(svg.dataset.poses),
    seconds: Number(svg.dataset.seconds),
    lines: [...svg.querySelectorAll('g.body line')],
  }))
  const button = figure.querySelector('button')
  const view = figure.querySelector('.lanes')
  let playing = !matchMedia('(prefers-reduced-motion: reduce)').matches
  let clock = 0
  let before
  const show = () => {
    for (const { poses, seconds, lines } of lanes) {
      const pose = poses[Math.min(Math.floor(clock / seconds), poses.length - 1)]
      lines.forEach((line, i) => ['x1', 'y1', 'x2', 'y2'].forEach((name, j) => line.setAttribute(name, pose[4 * i + j])))
    }
  }
  const follow = () => {
    const place = Number(lanes.at(-1).lines[0].getAttribute('x1')) / ${width}
    view.scrollLeft = place * view.scrollWidth - view.clientWidth / 2
  }
  const longest = Math.max(...lanes.map(({ poses, seconds }) => poses.length * seconds)) + 1
  const frame = (now) => {
    if (!playing) return
    clock = (clock + (now - (before ?? now)) / 1000) % longest
    before = now
    show()
    if (view.scrollWidth > view.clientWidth) follow()
    requestAnimationFrame(frame)
  }
  const start = () => {
    before = undefined
    button.textContent = playing ? 'pause' : 'play'
    requestAnimationFrame(frame)
  }
  button.hidden = false
  button.addEventListener('click', () => {
    playing = !playing
    start()
  })
  start()
}
`
