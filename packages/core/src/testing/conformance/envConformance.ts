import { envChecks, type EnvCheckOptions } from './envChecks.ts'
import { registerChecks } from './register.ts'

export interface EnvConformanceOptions extends EnvCheckOptions {
  /** What the group of tests is called. */
  readonly name: string
}

/** Tests that an environment keeps the `Env` contract. Called at the top of a test file. */
export function envConformance(options: EnvConformanceOptions): void {
  registerChecks(`${options.name} keeps the environment contract`, envChecks(options))
}
