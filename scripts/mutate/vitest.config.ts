import { defineConfig } from 'vitest/config'

/** The unit tests of the runtime alone: those that need bindings or a peer take too long for every mutant. */
export default defineConfig({
  test: {
    root: 'runtime',
    include: ['src/**/*.test.ts'],
    // Starts compilers and processes of its own, which mutants do not reach.
    exclude: ['src/codec/no-code-generation.test.ts'],
    testTimeout: 30_000,
  },
})
