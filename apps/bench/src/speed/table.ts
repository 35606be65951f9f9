import type { ActTimes } from './acting.ts'
import { rounded, significant, thousands } from '../report/numbers.ts'
import { textTable } from '../terminal/table.ts'
import type { SpeedWork } from './peers.ts'
import type { SpeedReport } from './speed.ts'

const peerWorks: Readonly<Record<SpeedWork, string>> = {
  update: 'SAC update',
  endToEnd: 'learning half-cheetah, a step',
  env: 'half-cheetah, a step',
}

/** The measurements for people. */
export function speedTable(report: SpeedReport): string {
  const { sacUpdate, act, env, endToEnd, rng } = report
  const { threads1, threads2, threads2Reason } = sacUpdate
  const cheetah = env['half-cheetah']
  const rows: [string, string, string][] = [
    [
      'SAC update, 1 thread',
      `${threads1.ms.toFixed(2)} ms`,
      `${threads1.fractionOfLimit.toFixed(2)} of the matrix-product limit`,
    ],
    threads2 === null
      ? ['SAC update, 2 threads', '-', threads2Reason ?? '']
      : [
          'SAC update, 2 threads',
          `${threads2.ms.toFixed(2)} ms`,
          `${threads2.speedup.toFixed(2)} x one thread, ${threads2.fractionOfLimit.toFixed(2)} of the limit`,
        ],
    ['trace and compile', `${report.compileMs.toFixed(0)} ms`, `${rounded(report.compileUpdates)} updates`],
    ...actRows('act', act),
    ...actRows('act, loaded', act.loaded),
    [
      'half-cheetah',
      `${thousands(cheetah.stepsPerSecond)} steps/s`,
      `${cheetah.ratioToBareLoop.toFixed(2)} of bare mj_step calls`,
    ],
    ['pendulum', `${thousands(env.pendulum.stepsPerSecond)} steps/s`, ''],
    [
      'half-cheetah, learning',
      `${rounded(endToEnd['half-cheetah'].stepsPerSecond)} steps/s`,
      `${endToEnd['half-cheetah'].ratioToUpdateRate.toFixed(3)} of the update rate`,
    ],
    ['uniforms', `${rng.uniformNs.toFixed(1)} ns`, `${rng.uniformToMathRandom.toFixed(2)} x Math.random`],
    ['normals', `${rng.normalNs.toFixed(1)} ns`, `${rng.normalToMathRandom.toFixed(2)} x Math.random`],
    ...Object.entries(report.peers ?? {}).flatMap(([name, { version, ...works }]) =>
      Object.entries(works).map(([work, { ms, ratio, low, high }]): [string, string, string] => [
        `${name} ${version}, ${peerWorks[work as SpeedWork]}`,
        `${significant(ms)} ms`,
        `${ratio.toFixed(2)} x the time here (${low.toFixed(2)} to ${high.toFixed(2)})`,
      ]),
    ),
    ...(report.missingPeers ?? []).map((line): [string, string, string] => [line, '', '']),
    ['resident memory', `${thousands(report.rssMb)} MB`, 'after the updates'],
  ]
  const { machine, node } = report
  return `${machine.cpu}, ${machine.cores} cores, ${node}, other load ${report.otherLoad.toFixed(2)}\n${textTable(rows)}`
}

const percent = (fraction: number): string => `${(fraction * 100).toFixed(2)} %`

function actRows(name: string, times: ActTimes): [string, string, string][] {
  return [
    [`${name}, hot`, `${times.us.toFixed(0)} us`, `${percent(times.fractionOfUpdate)} of an update`],
    [
      `${name}, between updates`,
      `${times.usBetweenUpdates.toFixed(0)} us`,
      `${percent(times.fractionOfUpdateBetween)} of an update`,
    ],
  ]
}
