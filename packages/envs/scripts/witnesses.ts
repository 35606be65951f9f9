/**
 * Success rates of the witnesses beside those of uniform actions, over 100 seeds:
 * `node --conditions=@maxent/source scripts/witnesses.ts [id...]` in packages/envs. Keeps them in `witnesses/rates.json`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import type { EnvId } from '@maxent/envs'
import { envId } from '@maxent/envs'
import { witnesses } from '../witnesses/index.ts'
import type { Rates } from '../witnesses/measure.ts'
import { measure } from '../witnesses/measure.ts'

const SEEDS = 100
const file = new URL('../witnesses/rates.json', import.meta.url)
const asked = argv.slice(2).map(envId)

const read = (): Record<string, Rates> =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Rates>) : {}

/** Adds to what is kept, which another run may be adding to as well. */
function keep(id: EnvId, rates: Rates): void {
  const known = { ...read(), [id]: rates }
  const sorted = witnesses.flatMap(({ ids }) => ids).filter((witnessed) => witnessed in known)
  const lines = sorted.map((witnessed) => `  "${witnessed}": ${JSON.stringify(known[witnessed])}`)
  writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`)
}

for (const witness of witnesses) {
  for (const id of witness.ids) {
    if (asked.length > 0 && !asked.includes(id)) continue
    const rates = await measure(id, witness, SEEDS)
    keep(id, rates)
    console.log(
      `${id.padEnd(28)} witness ${rates.witness.toFixed(2)}  random ${rates.random.toFixed(2)}  ${witness.claim}`,
    )
  }
}
