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
    alias: Object.entries(exports).map(([find, file]) => ({
      find: new RegExp(`^${find}$`),
      replacement: fileURLToPath(new URL(`../../${name}/src/${file}`, import.meta.url)),
    })),
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
    // One worker loads the modules once for all files, instead of anew for each.
    isolate: false,
    // Below Stryker's own timeout: a test that fails is cheaper than a worker that is started anew.
    testTimeout: Number(process.env.MUTATE_TEST_TIMEOUT ?? 10_000),
    server: { deps: { inline: [/@vpp-ts\//] } },
  },
})
