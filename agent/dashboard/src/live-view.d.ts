// Types alone: another project's modules are not this page's.
export type * from '../../src/telemetry/live-view.js'
