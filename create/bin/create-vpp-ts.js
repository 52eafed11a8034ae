#!/usr/bin/env node
import { runProgram } from '@vpp-ts/command'
import { main } from '../dist/program.js'

await runProgram('create-vpp-ts', main)
