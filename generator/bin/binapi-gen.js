#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8'

// A run is over in half a second, of which the engine would spend half on optimising code that is hardly used again.
// With this budget it begins later, in time for what really takes long (prettier).
setFlagsFromString('--interrupt-budget=1000000')

// A reader that has seen enough, such as head, is no error.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error
})

const { main } = await import('../dist/cli.js')
process.exitCode = await main(process.argv.slice(2))
