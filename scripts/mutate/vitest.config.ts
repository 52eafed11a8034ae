import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { chosen } from './areas.mjs'

const { name, exports, tests, chosenFolders } = chosen()
const conditions = ['@vpp-ts/source', 'node', 'development|production', 'import', 'default']

function isOwn({ moduleId }: TestSpecification): boolean {
  return chosenFolders.some((folder) => moduleId.includes(`/${name}/src/${folder}/`))
}

/** Unit tests of the mutants' folders first: they fail at once where tests of connections wait until their time is over. */
class OwnFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return [...sorted.filter(isOwn), ...sorted.filter((file) => !isOwn(file))]
  }
}

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
    // Those with tens of thousands of calls or random messages take as long as all others.
    testNamePattern: /^(?!.*(\b\d0,000 |random buffers))/,
    // The worker that stays (`worker.ts`).
    pool: 'threads',
    maxWorkers: 1,
    isolate: false,
    sequence: { sequencer: OwnFirst },
    env: { TEST_EFFORT: '0.02' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    server: { deps: { inline: [/@vpp-ts\//] } },
  },
})
