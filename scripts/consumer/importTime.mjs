/** Milliseconds that importing the packages named takes in a fresh process. */
const start = performance.now()
for (const name of process.argv.slice(2)) await import(name)
console.log(performance.now() - start)
