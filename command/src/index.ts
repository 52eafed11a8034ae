/** What the programs of vpp-ts have in common. For siblings; it may change with every version. */
export { EXIT, exitCodeOf } from './exit-codes.ts'
export { processContext } from './process-context.ts'
export { runProgram, type ProgramOptions } from './run-program.ts'
export { versionOf } from './version.ts'
export { wantsColor } from './wants-color.ts'
