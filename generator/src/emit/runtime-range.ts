/** Versions of the runtime that have the contract which generated code imports. `scripts/release.mjs version` raises it. */
export const RUNTIME_RANGE = '^0.1.0'
