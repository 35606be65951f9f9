import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseRecord, type RunRecord } from '../record.ts'
import { ifThere } from './ifThere.ts'

/**
 * Reads the record in a run folder, also while the run goes on. Lines that are cut or damaged are skipped, and listed in `damaged`.
 * @throws Error when the folder holds no record.
 */
export async function readRun(folder: string): Promise<RunRecord> {
  const read = async (name: string): Promise<string> =>
    (await ifThere(readFile(join(folder, name), 'utf8'))) ?? ''
  const texts = {
    config: await read('config.json'),
    metrics: await read('metrics.jsonl'),
    evaluations: await read('eval.jsonl'),
  }
  if (texts.config === '' && texts.metrics === '' && texts.evaluations === '') {
    throw new Error(`readRun: folder must hold a run record, got no config.json in ${folder}`)
  }
  return parseRecord(texts)
}
