#!/usr/bin/env node
import { main } from '../dist/program/program.js'

process.exitCode = await main(process.argv.slice(2))
