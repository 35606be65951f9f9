import { enableCompileCache } from 'node:module'

// Before anything else is loaded: it halves the start of every process, and `run` starts one for every cell.
enableCompileCache()
const { main } = await import('./main.ts')

process.exitCode = await main(process.argv.slice(2))

// A helper that listens to the process that started it would never end by itself.
if (process.connected) process.disconnect()
