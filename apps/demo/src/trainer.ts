/** The worker: trains the pendulum, and keeps the run in memory so that it goes on bit for bit after a pause. */
import { makeEnv } from '@maxent/envs'
import { sac } from '@maxent/sac'
import { memoryStore, train, type RunStore, type TrainEvent } from '@maxent/train'
import { setBackend } from '@tensorflow/tfjs'
import { filmed } from './filmed.ts'
import type { Command, Message, Status } from './messages.ts'
import { allSteps, pendulumSac, warmupSteps } from './pendulum.ts'

interface Run {
  readonly seed: number
  readonly store: RunStore
}

let run: Run = { seed: 1, store: memoryStore() }
/** Ends the training under way. */
let stop = new AbortController()
/** Settles when it has ended. */
let ended: Promise<void> = Promise.resolve()

const post = (message: Message): void => self.postMessage(message)
const postStatus = (status: Status): void => post({ kind: 'status', status })

async function go({ seed, store }: Run, signal: AbortSignal): Promise<void> {
  postStatus('loading')
  // Only the first weights are made by tfjs itself: there is nothing for a graphics card to do.
  await setBackend('cpu')
  const [env, evaluated] = [await makeEnv('pendulum'), filmed(await makeEnv('pendulum'))]
  const tell = (event: TrainEvent): void => {
    if (event.kind === 'start') postStatus('running')
    if (event.kind === 'progress') {
      post({ kind: 'progress', step: event.step, stepsPerSecond: event.stepsPerSecond })
    }
    if (event.kind === 'metrics' && event.line.episodeReturn !== null) {
      const { step, episodeReturn: value, metrics } = event.line
      post({ kind: 'episode', return: { step, value }, entropy: metrics['entropy'] })
    }
    if (event.kind === 'evaluation') {
      const { step, returnMean: value } = event.line
      post({ kind: 'evaluation', return: { step, value }, film: evaluated.takeFilm() })
    }
  }
  try {
    const { outcome } = await train({
      env,
      evalEnv: evaluated.env,
      algorithm: sac(env.spec, pendulumSac),
      config: {
        steps: allSteps,
        warmupSteps,
        replayCapacity: 2 * allSteps,
        evaluateEvery: 500,
        evaluateEpisodes: 3,
        finalEpisodes: 3,
        logEvery: 200,
        checkpointEvery: 0,
      },
      seed,
      store,
      signal,
      onProgress: tell,
    })
    postStatus(outcome === 'finished' ? 'finished' : 'paused')
  } catch (error) {
    post({ kind: 'failure', message: error instanceof Error ? error.message : String(error) })
    postStatus('paused')
  } finally {
    env.close()
    evaluated.env.close()
  }
}

async function end(): Promise<void> {
  stop.abort()
  await ended
}

async function obey(command: Command): Promise<void> {
  await end()
  if (command === 'start') {
    stop = new AbortController()
    ended = go(run, stop.signal)
  }
  if (command === 'reset') {
    run = { seed: run.seed + 1, store: memoryStore() }
    postStatus('ready')
  }
}

/** Commands are obeyed one after another. */
let obeyed: Promise<void> = Promise.resolve()
self.onmessage = ({ data }: MessageEvent<Command>) => {
  obeyed = obeyed.then(() => obey(data))
}
