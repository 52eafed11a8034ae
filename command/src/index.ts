/** What the programs of vpp-ts have in common. For siblings; it may change with every version. */
export { completionText, optionsOf, readLine, type Line } from './complete/line.ts'
export { SHELLS, scriptOf, type Shell } from './complete/scripts.ts'
export { EXIT, exitCodeOf } from './exit-codes.ts'
export { processContext } from './process-context.ts'
export { runProgram, type ProgramOptions } from './run-program.ts'
export { versionOf } from './version.ts'
export { wantsColor } from './wants-color.ts'
