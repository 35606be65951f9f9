/** The page: shows what the worker tells, and hands on what the buttons say. */
import { drawChart } from './chart.ts'
import type { Command, Message, ReturnAt, Status } from './messages.ts'
import { allSteps } from './pendulum.ts'
import { createStage } from './stage.ts'

const byId = <Kind extends Element = HTMLElement>(id: string): Kind =>
  document.getElementById(id) as unknown as Kind
const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const minus = (text: string): string => text.replace('-', '−')

const buttons: Readonly<Record<Command, HTMLButtonElement>> = {
  start: byId('start'),
  pause: byId('pause'),
  reset: byId('reset'),
}
const stage = createStage(byId<SVGSVGElement>('stage'))
const chart = byId('chart')
const worker = new Worker(new URL('./trainer.ts', import.meta.url), { type: 'module' })

let episodes: ReturnAt[] = []
let evaluations: ReturnAt[] = []

const texts: Readonly<Record<Status, string>> = {
  ready: 'Ready',
  loading: 'Loading…',
  running: 'Learning',
  pausing: 'Pausing…',
  paused: 'Paused',
  finished: 'Finished',
}

function showStatus(status: Status): void {
  byId('status').textContent = texts[status]
  buttons.start.disabled = status !== 'ready' && status !== 'paused'
  buttons.pause.disabled = status !== 'running'
  buttons.reset.disabled = status === 'ready' || status === 'loading' || status === 'pausing'
  buttons.start.textContent = status === 'paused' ? 'Go on' : 'Start'
}

function showFacts(facts: { step?: number; rate?: number; value?: number; entropy?: number }): void {
  const { step, rate, value, entropy } = facts
  if (step !== undefined) byId('steps').textContent = `${number.format(step)} of ${number.format(allSteps)}`
  if (rate !== undefined) byId('rate').textContent = rate === 0 ? '–' : number.format(rate)
  if (value !== undefined) byId('return').textContent = minus(number.format(value))
  if (entropy !== undefined) byId('entropy').textContent = minus(entropy.toFixed(2))
}

function showChart(): void {
  if (chart.clientWidth > 0) chart.replaceChildren(drawChart({ episodes, evaluations }, chart.clientWidth))
}

function showFailure(message: string | undefined): void {
  byId('failure').textContent = message ?? ''
  byId('failure').hidden = message === undefined
}

function clear(): void {
  episodes = []
  evaluations = []
  stage.clear()
  byId('film').textContent = 'The pendulum at rest'
  for (const id of ['rate', 'return', 'entropy']) byId(id).textContent = '–'
  showFacts({ step: 0 })
  showFailure(undefined)
  showChart()
}

function show(message: Message): void {
  switch (message.kind) {
    case 'status':
      if (message.status === 'ready') clear()
      return showStatus(message.status)
    case 'progress':
      return showFacts({ step: message.step, rate: message.stepsPerSecond })
    case 'episode':
      episodes.push(message.return)
      showFacts({
        step: message.return.step,
        ...(message.entropy !== undefined && { entropy: message.entropy }),
      })
      return showChart()
    case 'evaluation':
      evaluations.push(message.return)
      showFacts({ step: message.return.step, value: message.return.value })
      byId('film').textContent = `Step ${number.format(message.return.step)}, at double speed`
      stage.show(message.film)
      return showChart()
    case 'failure':
      return showFailure(message.message)
  }
}

for (const command of ['start', 'pause', 'reset'] as const) {
  buttons[command].onclick = () => {
    showStatus(command === 'start' ? 'loading' : 'pausing')
    if (command === 'start') showFailure(undefined)
    worker.postMessage(command)
  }
}
worker.onmessage = ({ data }: MessageEvent<Message>) => show(data)
worker.onerror = ({ message }) => showFailure(message)
new ResizeObserver(showChart).observe(chart)
clear()
showStatus('ready')
