export { VppInstrumentation } from './instrumentation.ts'
export type { VppInstrumentationConfig } from './instrumentation.ts'
