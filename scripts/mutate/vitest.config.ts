import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { chosen } from './areas.mjs'

const { name, exports, tests, chosenFolders } = chosen()
const conditions = ['@vpp-ts/source', 'node', 'development|production', 'import', 'default']

/** The tests that notice mutants of the area. */
export default defineConfig({
  resolve: {
    conditions,
    // The sandbox has links to the workspaces as they are, without mutants.
    alias: [
      { find: /^fast-check$/, replacement: fileURLToPath(new URL('fast-check.mjs', import.meta.url)) },
      ...Object.entries(exports).map(([find, file]) => ({
        find: new RegExp(`^${find}$`),
        replacement: fileURLToPath(new URL(`../../${name}/src/${file}`, import.meta.url)),
      })),
    ],
  },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    root: '.',
    include: [
      ...chosenFolders.map((folder) => `${name}/src/${folder}/**/*.test.ts`),
      ...tests(chosenFolders),
    ],
    // These run compilers and processes of their own, which mutants do not reach.
    exclude: ['runtime/src/codec/{no-code-generation,readable-types}.test.ts'],
    // Those with tens of thousands of calls or random messages take as long as all others, and processes have no mutants.
    testNamePattern: /^(?!.*(\b\d0,000 |random buffers|process ends |#5 missing socket))/,
    // The worker that stays (`worker.ts`).
    pool: 'threads',
    maxWorkers: 1,
    isolate: false,
    // For the process that follows one that a mutant has blocked.
    experimental: { fsModuleCache: true, fsModuleCachePath: '.cache/mutants' },
    env: { TEST_EFFORT: '0.02' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    server: { deps: { inline: [/@vpp-ts\//] } },
  },
})
