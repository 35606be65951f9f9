/** Milliseconds of processor time that importing the packages named takes in a fresh process; other load hardly changes them. */
const before = process.cpuUsage()
for (const name of process.argv.slice(2)) await import(name)
const { user, system } = process.cpuUsage(before)
console.log((user + system) / 1000)
