import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import { bellmanResidual, bellmanTarget, descend, polyak, targetShare, valueAndGrad } from '@maxent/core'
import type {
  ActionScale,
  AdamState,
  Bandwidth,
  ObservationBatch,
  Optimizer,
  TransitionBatch,
} from '@maxent/core'
import { particleCounts } from './config.ts'
import type { FormConfig, SqlConfig } from './config.ts'
import { modeCoverage, samplerDiagnostics, type SamplerDiagnostics } from './diagnostics.ts'
import { drawLatents } from './latents.ts'
import type { SqlNetworks } from './networks.ts'
import { bandwidthOf, samplerLoss, scoreOf, toAction, toParticles } from './sampler.ts'
import type { SamplerState, SqlState } from './state.ts'
import { alphaAt } from './temperature.ts'
import { estimateValue, samplerProposal, uniformProposal } from './value.ts'
import type { Proposal } from './value.ts'

/** What stays the same over all gradient steps. */
export interface SqlParts {
  readonly config: SqlConfig
  readonly networks: SqlNetworks
  readonly scale: ActionScale
  readonly optimizers: { readonly policy: Optimizer<AdamState>; readonly critic: Optimizer<AdamState> }
  /** N, dimensions of ξ. */
  readonly latentSize: number
}

/** What one gradient step is taken on. */
export interface UpdateInput {
  readonly batch: TransitionBatch
  readonly noise: UpdateNoise
}

export type UpdateNoise = {
  /** Of actions in the box, [B, K, A]; [1, K, A] where all states share them. */
  readonly uniform: Tensor
  /** Of the actions near those of the sampling network, and of the latents of the latter, where the soft value takes such. */
  readonly near?: Tensor
  readonly proposed?: Tensor
  /** Of the latents of all particles; those that move come last. */
  readonly particles: Tensor
}

interface Updated {
  readonly state: SqlState
  readonly metrics: Readonly<Record<string, Scalar>>
}

/**
 * One gradient step: algorithm 1 of Haarnoja 2018 (thesis), from the sampled minibatch on. The critics regress on the soft values of their
 * targets, the sampling network follows the Stein variational gradient of the critics just updated, and the targets follow. The metrics
 * are defined in the README.
 */
export function update(parts: SqlParts, state: SqlState, input: UpdateInput): Updated {
  return take(parts, state, input).updated
}

/** {@link update} that also measures the sampling network as it was before, against the critics just updated. */
export function measuredUpdate(parts: SqlParts, state: SqlState, input: UpdateInput): Updated {
  const { updated, critic, movement, alpha } = take(parts, state, input)
  const measured = measure(parts, { ...input, state, critic, movement, alpha })
  return { state: updated.state, metrics: { ...updated.metrics, ...measured } }
}

interface Taken {
  readonly updated: Updated
  readonly alpha: number | Scalar
  /** θ after the step. */
  readonly critic: Tensor1D
  readonly movement: Movement
}

function take(parts: SqlParts, state: SqlState, input: UpdateInput): Taken {
  const { config } = parts
  const alpha = alphaAt(config.temperature, state.step)
  const { critic, metrics } = fitCritics(parts, state, { ...input, alpha })
  const movement = moveSampler(parts, state, { ...input, alpha, critic: critic.parameters })
  const step = tf.add<Scalar>(state.step, tf.scalar(1, 'int32'))
  const share = targetShare(config.target, step)
  return {
    updated: {
      state: {
        ...state,
        policy: movement.parameters,
        critic: critic.parameters,
        criticTarget: polyak(critic.parameters, state.criticTarget, share),
        optimizer: { policy: movement.moments, critic: critic.state },
        step,
      },
      metrics: { ...metrics, alpha: typeof alpha === 'number' ? tf.scalar(alpha) : alpha },
    },
    alpha,
    critic: critic.parameters,
    movement,
  }
}

type Tempered = UpdateInput & { readonly alpha: number | Scalar }

interface Fit {
  readonly critic: { readonly parameters: Tensor1D; readonly state: AdamState }
  readonly metrics: Readonly<Record<string, Scalar>>
}

/** A step of the critics towards y = c·r + γ·d·V̄(s′). */
function fitCritics(parts: SqlParts, state: SqlState, input: Tempered): Fit {
  const { config, networks, scale, optimizers } = parts
  const { batch, alpha } = input
  const { observation, nextObservation, discount } = batch
  const proposal = propose(parts, state, { ...input, observation: nextObservation })
  const nextQ = networks.leastQ(state.criticTarget, nextObservation, proposal.action)
  const { value: nextValue, effectiveSampleSize } = estimateValue(nextQ, proposal, alpha)
  const reward = config.rewardScale === 1 ? batch.reward : tf.mul(config.rewardScale, batch.reward)
  const target = bellmanTarget({ reward, discount, nextValue, gamma: config.gamma })
  const taken = tf.expandDims(scale.toUnit(batch.action), 1)
  const { value, aux, grads } = valueAndGrad((parameters: Tensor1D) => {
    const q = tf.squeeze(networks.critics(parameters, observation, taken), [2])
    return { value: bellmanResidual({ q, target }), aux: { qMean: tf.mean<Scalar>(q) } }
  })(state.critic)
  return {
    critic: descend(optimizers.critic, grads, [state.critic, state.optimizer.critic]),
    metrics: {
      criticLoss: value,
      qMean: aux.qMean,
      targetMean: tf.mean<Scalar>(target),
      effectiveSampleSize: tf.mean<Scalar>(effectiveSampleSize),
    },
  }
}

/** Actions that soft values of the states of an observation are estimated with. */
export function propose(
  { config, networks }: SqlParts,
  state: SamplerState,
  { observation, batch, noise }: UpdateInput & { readonly observation: ObservationBatch },
): Proposal {
  const { value, latents } = config
  const B = batch.reward.size
  if (value.kind === 'uniform')
    return uniformProposal(value.shared ? tf.tile(noise.uniform, [B, 1, 1]) : noise.uniform)
  const { uniform, near: normal, proposed } = noise
  if (normal === undefined || proposed === undefined)
    throw new TypeError(
      `update: noise must hold near and proposed where value.kind is '${value.kind}', got none`,
    )
  const drawn = drawLatents(latents, { noise: proposed, set: state.latents, step: state.step })
  const preTanh = networks.sampler(state.policy, observation, drawn)
  return samplerProposal({ uniform, normal, preTanh, kind: value.kind })
}

/** A step of the sampling network, and the particles it was taken on. */
export interface Movement {
  readonly parameters: Tensor1D
  readonly moments: AdamState
  /** f(ξ; s) before the step: [B, M, A] where the score was taken, and [B, K, A] that moved. */
  readonly fixed: Tensor
  readonly moved: Tensor
  /** ∇_a Q there, [B, M, A]. */
  readonly actionGradient: Tensor
  /** Mean Q where the score was taken. */
  readonly value: Scalar
}

/** A step of the sampling network along the Stein variational gradient of critics. */
export function moveSampler(
  { config, networks, optimizers }: SqlParts,
  state: SamplerState,
  { batch, noise, alpha, critic }: Tempered & { readonly critic: Tensor1D },
): Movement {
  const { form, bandwidth = bandwidthOf(form) } = config
  const { observation } = batch
  const latents = drawLatents(config.latents, {
    noise: noise.particles,
    set: state.latents,
    step: state.step,
  })
  const { fixed: M, updated: K, drawn } = particleCounts(config.particles)
  const fixed = networks.sampler(state.policy, observation, tf.slice(latents, [0, 0, 0], [-1, M, -1]))
  const { value, grads: actionGradient } = valueAndGrad((action: Tensor) => ({
    value: tf.sum<Scalar>(networks.leastQ(critic, observation, action)),
  }))(toAction(form, fixed))
  const score = scoreOf(form, { output: fixed, actionGradient, alpha })
  const moving = tf.slice(latents, [0, drawn - K, 0], [-1, K, -1])
  const { aux, grads } = valueAndGrad((parameters: Tensor1D) => {
    const updated = networks.sampler(parameters, observation, moving)
    return { value: samplerLoss(form, { fixed, score, updated, alpha, bandwidth }), aux: { updated } }
  })(state.policy)
  const { parameters, state: moments } = descend(optimizers.policy, grads, [
    state.policy,
    state.optimizer.policy,
  ])
  const count = fixed.shape[0] * M
  return { parameters, moments, fixed, moved: aux.updated, actionGradient, value: tf.div(value, count) }
}

interface MeasureInput extends Tempered {
  readonly state: SamplerState
  readonly critic: Tensor1D
  readonly movement: Movement
}

/** Metrics of a sampling network, as it was before a step, against critics. */
export function measure(parts: SqlParts, input: MeasureInput): Readonly<Record<string, Scalar>> {
  const { config, networks } = parts
  const { form, particles, bandwidth = bandwidthOf(form) } = config
  const { state, critic, alpha, batch } = input
  const { fixed, moved, actionGradient } = input.movement
  const { observation } = batch
  const proposal = propose(parts, state, { ...input, observation })
  const q = networks.leastQ(critic, observation, proposal.action)
  const { value, weights } = estimateValue(q, proposal, alpha)
  const surprise = tf.div(tf.sub(tf.expandDims(value, 1), q), alpha)
  const all = particles.kind === 'same' ? fixed : tf.concat([fixed, moved], 1)
  const diagnosed = (of: FormConfig, kernel: Bandwidth): SamplerDiagnostics =>
    samplerDiagnostics({
      particles: toParticles(of, fixed),
      moved: toParticles(of, moved),
      score: scoreOf(of, { output: fixed, actionGradient, alpha }),
      alpha,
      bandwidth: kernel,
    })
  const own = diagnosed(form, bandwidth)
  // The released form counts the squash where none is, and would tell how far it is from what that makes of exp(Q/α).
  const told = form === 'released' ? diagnosed('preTanh', bandwidthOf('preTanh')) : own
  const coverage = modeCoverage({ particles: toAction(form, all), actions: proposal.action, weights })
  return {
    entropy: tf.mean(tf.sum(tf.mul(weights, surprise), 1)),
    modeCoverage: tf.mean(coverage),
    ...told,
    bandwidth: own.bandwidth,
    collapsed: own.collapsed,
  }
}
