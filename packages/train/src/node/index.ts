/** Run records in folders: what needs Node's file system. */
export { openRunFolder } from './folder.ts'
export { readRun } from './readRun.ts'
export { writeWholeFile } from './wholeFile.ts'
