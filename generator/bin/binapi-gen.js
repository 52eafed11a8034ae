#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8'

// A run is over in half a second, of which the engine would spend half on optimising code that is hardly used again.
// With this budget it begins later, in time for what really takes long (prettier). From Node 22 on the engine
// knows no such flag and would say so on stderr.
if (Number.parseInt(process.versions.node) < 22) setFlagsFromString('--interrupt-budget=1000000')

const { runProgram } = await import('@vpp-ts/command')
const { main } = await import('../dist/cli.js')
await runProgram('binapi-gen', main, { lostOutput: 'finish' })
