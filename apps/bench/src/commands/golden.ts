import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Argument, type Command } from 'commander'
import { blamingTheCommand } from '../errors.ts'

/** `bench golden`: writes the golden runs of algorithms anew, for whoever changes what they learn. */
export function addGolden(bench: Command): void {
  bench
    .command('golden')
    .description('write the golden runs of algorithms anew, after a change to what they learn')
    .addArgument(new Argument('<algos...>', 'algorithms (bench algos lists them)'))
    .action(async (names: readonly string[]) => {
      const { writeWholeFile } = await import('@maxent/train/node')
      const { goldenFile, runGolden } = await import('../run/golden.ts')
      for (const name of names) {
        const { lines, ...head } = await blamingTheCommand(() => runGolden(name))
        const file = goldenFile(name)
        const rows = lines.map((line) => `    ${JSON.stringify(line)}`).join(',\n')
        const text = JSON.stringify(head, null, 2).replace(/\n\}$/, `,\n  "lines": [\n${rows}\n  ]\n}\n`)
        await mkdir(dirname(file), { recursive: true })
        await writeWholeFile(file, text)
        console.log(file)
      }
    })
}
