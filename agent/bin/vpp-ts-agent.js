#!/usr/bin/env node
import { runProgram } from '@vpp-ts/command'
import { main } from '../dist/program/program.js'

await runProgram('vpp-ts-agent', main, { lostOutput: 'serve' })
