import { EnvironmentError } from './environmentError.ts'
import { describeNonFiniteLeaf, NonFiniteError, remedyFor } from './finite.ts'
import { packRun } from './runState.ts'
import type { Session } from './session.ts'

/** What a session failed with, completed with where and when; what is there is saved for inspection. */
export async function explained(session: Session, error: unknown): Promise<unknown> {
  if (error instanceof NonFiniteError) return await ofNumbers(session, error)
  if (error instanceof EnvironmentError) return await ofEnvironment(session, error)
  return error
}

/** Writes state, environment and last batch to a file, and gives its path; `undefined` when that cannot be done. */
async function saveInspection(session: Session, message: string): Promise<string | undefined> {
  const { agent, stepper, milestones, recorder, batch, watch } = session
  try {
    const state = await agent.program.getState()
    const wallSeconds = watch.wallSeconds()
    const packed = packRun({
      state,
      stepper: stepper.snapshot(),
      milestones,
      wallSeconds,
      ...(batch === undefined ? {} : { batch }),
    })
    return await recorder?.saveInspection({ ...packed, meta: { error: message, ...packed.meta } })
  } catch {
    // A disk that is full as well, or an environment that is beyond a snapshot, must not hide what went wrong first.
    return undefined
  }
}

async function ofNumbers(session: Session, error: NonFiniteError): Promise<NonFiniteError> {
  const { step, updates } = session.stepper.counters
  const leaf = describeNonFiniteLeaf(await session.agent.program.getState())
  const told = leaf !== undefined && error.message.includes(leaf)
  const path = await saveInspection(session, error.message)
  return new NonFiniteError(
    `${error.message}, after ${step} steps and ${updates} updates; ` +
      (told
        ? ''
        : `${leaf === undefined ? 'every leaf of the state is finite' : `the first such ${leaf}`}; `) +
      `${path === undefined ? '' : `state and batch are in ${path}; `}` +
      remedyFor(error, session.agent.algorithm, 'environment'),
    { cause: error, isLearned: error.isLearned },
  )
}

async function ofEnvironment(session: Session, error: EnvironmentError): Promise<EnvironmentError> {
  const { step, updates } = session.stepper.counters
  const { caller, cause } = error
  const path = await saveInspection(session, error.message)
  // The environment of evaluations is not part of a run: each begins it anew.
  const saved = caller === 'evaluate' ? 'the state is' : 'state and environment are'
  return new EnvironmentError(
    `${error.message}; after ${step} steps and ${updates} updates of the run with seed ${session.options.seed}; ` +
      `${path === undefined ? '' : `${saved} in ${path}; `}` +
      `resuming repeats the same steps and the same error: mend the environment, or choose another seed or other settings in another folder`,
    { caller, cause },
  )
}
