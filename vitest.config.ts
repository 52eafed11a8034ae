import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'
import { longSuitesIn } from './scripts/long-suites.ts'

// Without `module`: Node does not know it, and what packages have under it is often for bundlers only.
const conditions = ['@vpp-ts/source', 'node', 'development|production', 'import', 'default']
const resolve = { conditions }
const ssr = { resolve: { conditions, externalConditions: conditions } }

/** `short` without the files that take long, `long` only these; left out: all. */
const SUITES = process.env['VPP_TS_SUITES'] ?? 'all'

/** The test files of a folder, as far as they are wanted. */
function chosen(folder: string, include: string[], exclude: string[] = []) {
  const long = longSuitesIn(folder)
  return {
    include: SUITES === 'long' ? long : include,
    exclude: [...configDefaults.exclude, ...exclude, ...(SUITES === 'short' ? long : [])],
  }
}

/** One project a workspace, so that `--project runtime` runs what concerns it. */
function unit(root: string) {
  return {
    resolve,
    ssr,
    test: {
      // `vpp` is the name of the suites against a real one.
      name: root === 'vpp' ? 'vpp-package' : root,
      root,
      ...chosen(root, ['src/**/*.test.ts', 'dashboard/src/**/*.test.ts']),
      testTimeout: 30_000,
      // Some read all releases first, which takes its time on a busy machine.
      hookTimeout: 60_000,
      server: { deps: { inline: [/@vpp-ts\//] } },
    },
  }
}

export default defineConfig({
  test: {
    // Vitest leaves one core free; most suites wait for other processes.
    maxWorkers: availableParallelism(),
    projects: [
      ...[
        'command',
        'runtime',
        'config',
        'opentelemetry',
        'api-json',
        'generator',
        'vpp',
        'create',
        'linux',
        'stats',
        'memif',
        'shm',
        'simulator',
        'http',
        'agent',
        'cli',
      ].map(unit),
      {
        resolve,
        ssr,
        test: {
          name: 'integration',
          root: 'test',
          ...chosen('test', ['**/*.test.ts'], ['vpp/**']),
          testTimeout: 120_000,
          // Some build a workspace first.
          hookTimeout: 120_000,
          server: { deps: { inline: [/@vpp-ts\//] } },
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'vpp',
          root: 'test',
          include: ['vpp/**/*.test.ts'],
          testTimeout: 120_000,
          // Some build a workspace first.
          hookTimeout: 120_000,
          fileParallelism: false,
          server: { deps: { inline: [/@vpp-ts\//] } },
        },
      },
    ],
  },
})
