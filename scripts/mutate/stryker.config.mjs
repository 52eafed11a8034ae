/**
 * Mutation testing of the runtime: `npm run mutate`, or of a part: `npm run mutate -- --mutate runtime/src/codec/text.ts`.
 * docs/testing.md has figures, and the mutants that are left with the reasons.
 */
const folders = ['codec', 'session', 'connection', 'channel', 'rpc', 'events', 'transport']

export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'scripts/mutate/vitest.config.ts' },
  mutate: folders.flatMap((folder) => [
    `runtime/src/${folder}/**/*.ts`,
    `!runtime/src/${folder}/**/*.test.ts`,
    `!runtime/src/${folder}/**/testing/**`,
  ]),
  // What a mutant does to a text that people read is seen by people.
  mutator: { excludedMutations: ['StringLiteral'] },
  // Vitest runs TypeScript as it is; Stryker's own reader of tsconfig.json needs an older compiler.
  tsconfigFile: 'none',
  coverageAnalysis: 'perTest',
  // A mutant that loops or waits for ever is found out by time, on a machine that is busy too.
  timeoutMS: 20_000,
  concurrency: Number(process.env.MUTATE_CONCURRENCY ?? 2),
  incremental: true,
  incrementalFile: 'coverage/stryker-incremental.json',
  reporters: ['clear-text', 'progress', 'json'],
  jsonReporter: { fileName: 'coverage/mutation.json' },
  clearTextReporter: { allowColor: false, reportTests: false },
  thresholds: { high: 95, low: 85, break: 85 },
  tempDirName: 'coverage/stryker',
  disableTypeChecks: 'runtime/src/**/*.ts',
  ignorePatterns: [
    '/*/src',
    '!/runtime/src',
    '/packages/*/*.ts',
    '/packages/*/*.js',
    '/api-json',
    '/bench',
    '/docs',
  ],
}
