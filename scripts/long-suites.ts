/**
 * Test files that take longer than ten seconds on two cores: histories, kills, fuzz, whole programs and releases. `npm test`
 * leaves them out, `npm run test:long` runs them alone, `npm run test:all` and CI run everything.
 */
export const LONG_SUITES: readonly string[] = [
  'generator/src/idl/import-text.fuzz.test.ts',
  'test/agent/dashboard-access.test.ts',
  'test/agent/dashboard-items.test.ts',
  'test/agent/dashboard-scale.test.ts',
  'test/agent/dashboard-topology.test.ts',
  'test/agent/dashboard.test.ts',
  'test/agent/desired.test.ts',
  'test/agent/histories.test.ts',
  'test/agent/kills.test.ts',
  'test/agent/leaders.test.ts',
  'test/agent/metrics.test.ts',
  'test/agent/partition.test.ts',
  'test/agent/stores.test.ts',
  'test/behaviours/hung.test.ts',
  'test/behaviours/leaks.test.ts',
  'test/cli/completion.test.ts',
  'test/cli/look.test.ts',
  'test/compat/compat.test.ts',
  'test/conformance/full.test.ts',
  'test/create/create.test.ts',
  'test/generator/migrate-steps.test.ts',
  'test/generator/releases.test.ts',
  'test/generator/schema-tools.test.ts',
  'test/generator/upgrading.test.ts',
  'test/http/fuzz.test.ts',
  'test/interop/memif-testpmd.test.ts',
  'test/memif/hostile-memory.test.ts',
  'test/memif/leaks.test.ts',
  'test/memif/worker-ends.test.ts',
  'test/programs/programs.test.ts',
  'test/release/release.test.ts',
]

/** Those of a workspace, by their paths below it. */
export function longSuitesIn(folder: string): string[] {
  return LONG_SUITES.filter((file) => file.startsWith(`${folder}/`)).map((file) =>
    file.slice(folder.length + 1),
  )
}
