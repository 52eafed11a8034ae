#!/usr/bin/env node
import { runProgram } from '@vpp-ts/command'
import { lostOutputOf, main } from '../dist/program/program.js'

await runProgram('vpp-ts-agent', main, { lostOutput: lostOutputOf(process.argv.slice(2)) })
