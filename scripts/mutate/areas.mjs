/**
 * Where mutants are made. Each area is a separate run: the workspace, its folders below `src`, the tests that notice
 * mutants besides the unit tests of those folders, and the score below which the command fails.
 */
export const AREAS = {
  runtime: {
    folders: ['codec', 'session', 'connection', 'channel', 'rpc', 'events', 'transport'],
    // Behaviours of connections that need only this process. Those that last or start processes are left out.
    tests: (folders) =>
      folders.every((folder) => folder === 'codec')
        ? []
        : [
            'test/behaviours/{calls,channel,closing,dumps,events,layers,leftovers,life,requests,resilience}.test.ts',
          ],
    exports: {
      '@vpp-ts/runtime/codegen/v1': 'codegen/v1.ts',
      '@vpp-ts/runtime/dynamic': 'dynamic/index.ts',
      '@vpp-ts/runtime/internal': 'internal.ts',
      '@vpp-ts/runtime': 'index.ts',
    },
    score: 85,
  },
  stats: {
    folders: ['segment'],
    // Those of the client wait for timers and damage at random: seconds for each mutant that unit tests do not notice.
    tests: () => ['stats/src/*.test.ts', 'stats/src/views/*.test.ts', 'test/stats/names.test.ts'],
    exports: {
      '@vpp-ts/stats/internal': 'internal.ts',
      '@vpp-ts/stats': 'index.ts',
    },
    score: 80,
  },
  memif: {
    folders: ['data', 'control', 'shm'],
    // Queues need no connection to be tested.
    tests: (folders) => [
      'memif/src/queue/*.test.ts',
      ...(folders.every((folder) => folder === 'data') ? [] : ['memif/src/interface/*.test.ts']),
    ],
    exports: {
      '@vpp-ts/memif/net': 'net/index.ts',
      '@vpp-ts/memif': 'index.ts',
    },
    score: 80,
  },
}

/** The area of this run, and its folders: `npm run mutate` names them for Stryker's and Vitest's configuration. */
export function chosen() {
  const name = process.env.MUTATE_AREA ?? 'runtime'
  const area = AREAS[name]
  return { name, ...area, chosenFolders: process.env.MUTATE_FOLDERS?.split(',') ?? area.folders }
}
