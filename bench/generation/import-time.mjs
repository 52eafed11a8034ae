/** Prints the seconds that the import of a package takes in a fresh process: node import-time.mjs PACKAGE */
const start = process.hrtime.bigint()
await import(process.argv[2])
console.log(Number(process.hrtime.bigint() - start) / 1e9)
