import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { FOLDERS } from './folders.mjs'

const runtime = (file: string) => fileURLToPath(new URL(`../../runtime/src/${file}`, import.meta.url))
const conditions = ['@vpp-ts/source', 'node', 'development|production', 'import', 'default']

/** Behaviours of connections that need only this process. Those that last or start processes are left out. */
const BEHAVIOURS = 'test/behaviours/{channel,dumps,events,leftovers,requests}.test.ts'
const folders = process.env.MUTATE_FOLDERS?.split(',') ?? FOLDERS

/** The tests that notice mutants of the runtime. */
export default defineConfig({
  resolve: {
    conditions,
    // The sandbox has links to the workspaces as they are, without mutants.
    alias: [
      { find: '@vpp-ts/runtime/codegen/v1', replacement: runtime('codegen/v1.ts') },
      { find: '@vpp-ts/runtime/dynamic', replacement: runtime('dynamic/index.ts') },
      { find: '@vpp-ts/runtime/internal', replacement: runtime('internal.ts') },
      { find: '@vpp-ts/runtime', replacement: runtime('index.ts') },
    ],
  },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    root: '.',
    include: [
      ...folders.map((folder) => `runtime/src/${folder}/**/*.test.ts`),
      ...(folders.every((folder) => folder === 'codec') ? [] : [BEHAVIOURS]),
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
