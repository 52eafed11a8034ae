#!/usr/bin/env node
import { runProgram } from '@vpp-ts/command'
import { main } from '../dist/cli/main.js'

await runProgram('vpp-ts-memif', (args) => main(args))
