/** What the two halves of the test runner for mutants say to each other. */

export interface Job {
  /** Test files, the quickest first. */
  files: string[]
  /** Identifiers of the tests that are run; all without them. */
  tests?: string[] | undefined
  /** Without it: which tests reach which mutants. */
  mutant?: string | undefined
  /** How often the place may be reached before it counts as a loop. */
  hitLimit?: number | undefined
  /** What each test may take, in turns (`TURN`). */
  turns?: Record<string, number> | undefined
}

export interface TestResult {
  id: string
  name: string
  fileName: string
  timeSpentMs: number
  failure: string | undefined
}

export interface ToWorker {
  job?: Job
  stop?: true
}
