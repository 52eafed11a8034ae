export { main } from './program.ts'
export { processContext } from './context.ts'
export type { CliContext } from './context.ts'
export { EXIT } from './errors.ts'
