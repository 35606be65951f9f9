/**
 * Run records in folders: what needs Node's file system.
 * @module
 */
export { openRunFolder } from './folder.ts'
export { loadReplay } from './loadReplay.ts'
export type { LoadReplayOptions } from './loadReplay.ts'
export { loadState } from './loadState.ts'
export type { LoadedState, LoadStateOptions } from './loadState.ts'
export { readRun } from './readRun.ts'
export { writeWholeFile } from './wholeFile.ts'
