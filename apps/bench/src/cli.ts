import { main } from './main.ts'

process.exitCode = await main(process.argv.slice(2))

// A helper that listens to the process that started it would never end by itself.
if (process.connected) process.disconnect()
