import { Command } from 'commander'
import { addAlgos } from './algos.ts'
import { addCompare } from './compare.ts'
import { addCoverage } from './coverage.ts'
import { addCurves } from './curves.ts'
import { addEnvs } from './envs.ts'
import { addGolden } from './golden.ts'
import { addList } from './list.ts'
import { addReport } from './report.ts'
import { addResultsTable } from './resultsTable.ts'
import { addRun } from './run.ts'
import { addSpeed } from './speed.ts'
import { addTour } from './tour.ts'
import { addTrain } from './train.ts'

/** The command line of the bench. */
export function createBench(): Command {
  const bench = new Command('bench')
    .description(
      'Maximum-entropy reinforcement learning: the tour (no arguments), training, and measurements.',
    )
    .option('--verbose', 'errors with their stack')
    .showHelpAfterError('(bench --help, or bench COMMAND --help, shows what there is)')
    .exitOverride()
  addTour(bench)
  addTrain(bench)
  addList(bench)
  addGolden(bench)
  addRun(bench)
  addResultsTable(bench)
  addReport(bench)
  addCompare(bench)
  addEnvs(bench)
  addAlgos(bench)
  addSpeed(bench)
  addCurves(bench)
  addCoverage(bench)
  return bench
}
