import type { EnvId } from '@maxent/envs'
import type { Command } from 'commander'
import { claimError, usageError } from '../errors.ts'
import { rounded, thousands } from '../report/numbers.ts'
import { textTable } from '../terminal/table.ts'
import type { Effort } from '../speed/effort.ts'
import type { EstimatorSpeed } from '../speed/estimators.ts'
import type { MemoryReport, MemorySample } from '../speed/memory.ts'
import type { SpeedPart } from '../speed/speedParts.ts'
import { count } from './values.ts'

interface SpeedFlags {
  readonly json?: boolean
  readonly quick?: boolean
  readonly estimators?: boolean
  readonly envs?: boolean
  readonly algos?: boolean
  readonly memory?: boolean
  readonly updates: number
  readonly force?: boolean
  readonly patience: number
  readonly peers?: boolean
  readonly python: string
}

/** `bench speed`, and the hidden commands that measure a part of it. */
export function addSpeed(bench: Command): void {
  bench
    .command('speed')
    .description(
      'updates/s against the matrix-product limit, acting, physics, the whole loop, random numbers, compile time, memory',
    )
    .option('--json', 'as one line of JSON, the last line of the output')
    .option('--quick', 'few repetitions: proves that it runs, its figures are rough')
    .option('--force', 'measure although other processes load the machine')
    .option('--patience <seconds>', 'seconds to wait for a quiet machine before giving up', count, 120)
    .option('--peers', 'also measure the Python libraries that are installed (Stable-Baselines3, SBX)')
    .option('--python <path>', 'the Python of --peers; also with --envs or --algos', 'python3')
    .option('--envs', 'instead: every environment against its bare physics (exit status 1 where one is slow)')
    .option('--algos', 'instead: a gradient step of every algorithm against its matrix products')
    .option(
      '--estimators',
      'instead: soft values, Stein directions and soft Q-learning (exit status 1 where they are slow)',
    )
    .option('--memory', 'instead: does memory grow while it learns? (exit status 1 where it does)')
    .option('--updates <n>', 'updates of --memory, at least 10', count, 100_000)
    .action((flags: SpeedFlags) => {
      if (flags.memory) return memory(flags)
      if (flags.envs) return everyEnv(flags)
      if (flags.algos) return everyAlgorithm(flags)
      return flags.estimators ? estimators(flags) : speed(flags)
    })
  bench
    .command('speed-part', { hidden: true })
    .argument('<part>')
    .argument('<effort>')
    .action(async (part: SpeedPart, effort: string) => {
      const { speedParts } = await import('../speed/speedParts.ts')
      const { report } = await import('../processes.ts')
      const result = await speedParts[part](JSON.parse(effort) as Effort)
      const { user, system } = process.cpuUsage()
      await report({ result, cpuMs: (user + system) / 1000 })
    })
  bench
    .command('speed-algo', { hidden: true })
    .argument('<id>')
    .argument('<effort>')
    .action(async (id: string, effort: string) => {
      const { measureAlgorithm } = await import('../speed/everyAlgorithm.ts')
      const { report } = await import('../processes.ts')
      await report(await measureAlgorithm(id, JSON.parse(effort) as Effort))
    })
  bench
    .command('speed-env', { hidden: true })
    .argument('<id>')
    .argument('<blocks>', '', count)
    .action(async (id: EnvId, blocks: number) => {
      const { measureEnv } = await import('../speed/everyEnv.ts')
      const { report } = await import('../processes.ts')
      await report(await measureEnv(id, blocks))
    })
}

async function speed({ json, quick, force, patience, peers, python }: SpeedFlags): Promise<void> {
  const { measureSpeed } = await import('../speed/speed.ts')
  const { fullEffort, quickEffort } = await import('../speed/effort.ts')
  const { speedTable } = await import('../speed/table.ts')
  const { stopSignal } = await import('../processes.ts')
  const report = await measureSpeed({
    effort: quick ? quickEffort : fullEffort,
    patience,
    force: force === true,
    ...(peers ? { python } : {}),
    say: (line) => console.error(line),
    signal: stopSignal(),
  })
  console.log(json ? JSON.stringify(report) : speedTable(report))
}

async function everyEnv({ json, quick, peers, python }: SpeedFlags): Promise<void> {
  const { fullEffort, quickEffort } = await import('../speed/effort.ts')
  const { everyEnvRows, measureEveryEnv, tooSlow } = await import('../speed/everyEnv.ts')
  const { stopSignal } = await import('../processes.ts')
  const rows = await measureEveryEnv({
    blocks: (quick ? quickEffort : fullEffort).blocks,
    processes: quick ? 1 : 3,
    ...(peers ? { python } : {}),
    say: (line) => console.error(line),
    signal: stopSignal(),
  })
  console.log(json ? JSON.stringify(rows) : textTable(everyEnvRows(rows)))
  const missed = quick ? [] : tooSlow(rows)
  if (missed.length > 0) throw claimError(`speed --envs: ${missed.join('; ')}`)
}

async function everyAlgorithm({ json, quick, force, patience, peers, python }: SpeedFlags): Promise<void> {
  const { waitForQuiet } = await import('../speed/load.ts')
  const { fullEffort, quickEffort } = await import('../speed/effort.ts')
  const { everyAlgorithmRows, measureEveryAlgorithm } = await import('../speed/everyAlgorithm.ts')
  const { stopSignal } = await import('../processes.ts')
  if (!force) await waitForQuiet({ patience })
  const rows = await measureEveryAlgorithm({
    effort: quick ? quickEffort : fullEffort,
    ...(peers ? { python } : {}),
    say: (line) => console.error(line),
    signal: stopSignal(),
  })
  console.log(json ? JSON.stringify(rows) : textTable(everyAlgorithmRows(rows)))
}

async function estimators({ json, quick, force, patience }: SpeedFlags): Promise<void> {
  const { waitForQuiet } = await import('../speed/load.ts')
  const { fullEffort, quickEffort } = await import('../speed/effort.ts')
  const { runPart } = await import('../speed/partProcess.ts')
  const { shortfalls } = await import('../speed/estimators.ts')
  const { stopSignal } = await import('../processes.ts')
  if (!force) await waitForQuiet({ patience })
  const { result } = await runPart('estimators', quick ? quickEffort : fullEffort, stopSignal())
  console.log(json ? JSON.stringify(result) : estimatorTable(result))
  const missed = quick ? [] : shortfalls(result)
  if (missed.length > 0) throw claimError(`speed --estimators: ${missed.join('; ')}`)
}

function estimatorTable({ softValue, sqlUpdate, svgd16, svgd32, sacUpdateMs }: EstimatorSpeed): string {
  const share = ({ fractionOfUpdate }: { readonly fractionOfUpdate: number }): string =>
    `${fractionOfUpdate.toFixed(2)} of a SAC update`
  return textTable([
    [
      'soft values, 256 states x 200 actions',
      `${softValue.ms.toFixed(1)} ms`,
      `${softValue.fractionOfLimit.toFixed(2)} of the matrix-product limit`,
    ],
    [
      'update of soft Q-learning, 128x128, batch 128',
      `${sqlUpdate.ms.toFixed(1)} ms`,
      `${sqlUpdate.fractionOfLimit.toFixed(2)} of the matrix-product limit`,
    ],
    ['Stein direction, 16 + 16 particles', `${svgd16.ms.toFixed(2)} ms`, share(svgd16)],
    ['Stein direction, 32 + 32 particles', `${svgd32.ms.toFixed(2)} ms`, share(svgd32)],
    ['SAC update', `${sacUpdateMs.toFixed(2)} ms`, ''],
  ])
}

async function memory({ json, updates }: SpeedFlags): Promise<void> {
  if (updates < 10)
    throw usageError(`speed: --updates must be at least 10, got ${updates}, ten looks are taken`)
  const { measureMemory, allowedGrowth } = await import('../speed/memory.ts')
  const report = await measureMemory({ updates, onSample: (sample) => console.error(describe(sample)) })
  console.log(json ? JSON.stringify(report) : conclude(report))
  if (!report.holds) {
    throw claimError(
      `speed --memory: growth must be below ${allowedGrowth} with tensors, values, sessions and handles constant, got ${report.growth.toFixed(3)}, ` +
        `${report.constant ? 'constant' : 'not constant'}`,
    )
  }
}

function describe({ update, rssMb, heapMb, tensors, values, sessions, handles }: MemorySample): string {
  return `update ${thousands(update)}: ${thousands(rssMb)} MB resident, ${thousands(heapMb)} MB heap, ${tensors} tensors, ${values} ONNX values, ${sessions} sessions, ${handles} handles`
}

function conclude({ growth, constant }: MemoryReport): string {
  return `resident size grew by ${rounded(growth * 100)} %; tensors, ONNX values, sessions and handles ${constant ? 'constant' : 'NOT constant'}`
}
