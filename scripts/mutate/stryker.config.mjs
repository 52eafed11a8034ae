import { fileURLToPath } from 'node:url'
import { chosen } from './areas.mjs'

const { name, chosenFolders, score } = chosen()

/** Mutation testing of one area: `npm run mutate`. docs/testing.md has figures, and what is left with the reasons. */
export default {
  testRunner: 'staying-vitest',
  plugins: [fileURLToPath(new URL('runner.mjs', import.meta.url))],
  mutate: chosenFolders.flatMap((folder) => [
    `${name}/src/${folder}/**/*.ts`,
    `!${name}/src/${folder}/**/*.test.ts`,
    `!${name}/src/${folder}/**/testing/**`,
  ]),
  // What a mutant does to a text that people read is seen by people.
  mutator: { excludedMutations: ['StringLiteral'] },
  // Vitest runs TypeScript as it is; Stryker's own reader of tsconfig.json needs an older compiler.
  tsconfigFile: 'none',
  coverageAnalysis: 'perTest',
  // Ends the process of a mutant that blocks it; one that only waits has been ended before (`worker.ts`).
  timeoutMS: Number(process.env.MUTATE_TIMEOUT ?? 20_000),
  // A mutant of what runs only while modules load would need all tests.
  ignoreStatic: true,
  concurrency: Number(process.env.MUTATE_CONCURRENCY ?? 2),
  incremental: true,
  incrementalFile: `coverage/stryker-${name}.json`,
  reporters: ['clear-text', 'progress', 'json'],
  jsonReporter: { fileName: `coverage/mutation-${name}.json` },
  clearTextReporter: { allowColor: false, reportTests: false },
  thresholds: { high: 95, low: score, break: score },
  tempDirName: `coverage/stryker-${name}`,
  disableTypeChecks: `${name}/src/**/*.ts`,
  ignorePatterns: [
    '/*/src',
    `!/${name}/src`,
    '/packages/*/*.ts',
    '/packages/*/*.js',
    '/api-json/*',
    '!/api-json/tsconfig.json',
    '/bench',
    '/docs',
  ],
}
