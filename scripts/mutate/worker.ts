/**
 * The half of the test runner for mutants that lives in Vitest's worker (`runner.mjs` is the other): the worker stays,
 * loads the modules again for each test file, which costs little because their code is here, and runs the tests asked for.
 */
import { Server, Socket } from 'node:net'
import { relative } from 'node:path'
import { BroadcastChannel } from 'node:worker_threads'
import { TestRunner, vi } from 'vitest'
import type { RunnerTask, RunnerTestCase, RunnerTestFile, RunnerTestSuite } from 'vitest'
import { startTests } from 'vitest/internal/browser'
import type { Job, TestResult, ToWorker } from './job.d.ts'

/** What the code that Stryker has put into the sources looks at. */
interface Instrumented {
  activeMutant?: string | undefined
  currentTestId?: string | undefined
  hitCount?: number | undefined
  hitLimit?: number | undefined
  mutantCoverage?: unknown
}

const instrumented: Instrumented = ((globalThis as { __stryker__?: Instrumented }).__stryker__ ??= {})

export default class WorkerRunner extends TestRunner {
  #job: Job | undefined
  #results: TestResult[] = []
  #failed = false

  /** The first import of a test file is when Vitest hands over: from here on it hears of no test. */
  override async importFile(path: string, source: 'collect' | 'setup'): Promise<unknown> {
    if (this.#job) return super.importFile(path, source)
    Object.assign(this, quiet, {
      onCollected: (files: RunnerTestFile[]) => this.#collected(files),
      onAfterRunTask: (test: RunnerTestCase) => this.#after(test),
    })
    await this.#serve()
    return undefined
  }

  override onBeforeTryTask(test: RunnerTestCase): void {
    super.onBeforeTryTask(test)
    instrumented.currentTestId = idOf(test)
  }

  override async onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    if (this.#failed) test.mode = 'skip'
    await super.onBeforeRunTask(test)
  }

  override async onAfterRunSuite(): Promise<void> {}

  /**
   * A test that waits for what a mutant has taken away is ended. The time is counted in turns of the event loop: on a busy
   * machine these are late as the test is.
   */
  async runTask(test: RunnerTestCase): Promise<void> {
    const run = TestRunner.getTestFn(test)
    const most = this.#job?.turns?.[idOf(test)]
    if (most === undefined) return run()
    let turns = 0
    let timer: ReturnType<typeof setInterval> | undefined
    const late = new Promise<never>((_, reject) => {
      timer = realSetInterval(() => {
        if (++turns > most) reject(new Error('the test does not end'))
      }, TURN)
    })
    try {
      await Promise.race([run(), late])
    } finally {
      realClearInterval(timer)
    }
  }

  /** What Vitest itself keeps for the file and the test at hand. */
  get #vitest(): { filepath?: string; current?: RunnerTask } {
    return (this as unknown as { workerState: object }).workerState
  }

  #serve(): Promise<void> {
    const channel = new BroadcastChannel('mutants')
    return new Promise((stopped) => {
      channel.addEventListener('message', async (event) => {
        const { job, stop } = (event as MessageEvent<ToWorker>).data
        if (stop) stopped()
        if (job) channel.postMessage(await this.#run(job))
      })
      channel.postMessage('ready')
    })
  }

  async #run(job: Job) {
    this.#job = job
    this.#results = []
    this.#failed = false
    instrumented.hitCount = job.mutant === undefined ? undefined : 0
    instrumented.hitLimit = job.hitLimit
    if (job.mutant !== undefined) this.config.hookTimeout = HOOK_TIMEOUT
    for (const path of job.files) {
      if (this.#failed) break
      fresh()
      this.#vitest.filepath = path
      const [file] = await startTests([{ filepath: path, fileTags: [] }], this)
      instrumented.activeMutant = undefined
      sweep()
      if (file) this.#ofFile(file)
    }
    const { hitCount, mutantCoverage } = instrumented
    return {
      results: this.#results,
      hitCount,
      coverage: job.mutant === undefined ? mutantCoverage : undefined,
    }
  }

  /** Leaves the tests that reach the mutant, and puts it in force: what ran while modules loaded is not looked at. */
  #collected(files: RunnerTestFile[]): void {
    const job = this.#job!
    if (job.tests) for (const file of files) keep(file, new Set(job.tests))
    instrumented.activeMutant = job.mutant
  }

  #after(test: RunnerTestCase): void {
    instrumented.currentTestId = undefined
    this.#vitest.current = test.suite ?? test.file
    const { state, duration, errors } = test.result ?? {}
    if (state !== 'fail' && state !== 'pass') return
    this.#results.push({
      id: idOf(test),
      name: nameOf(test),
      fileName: test.file.filepath,
      timeSpentMs: duration ?? 0,
      failure: state === 'fail' ? (errors?.[0]?.message ?? 'failed') : undefined,
    })
    if (state === 'fail' && this.#job?.mutant !== undefined) this.#failed = true
  }

  /** A file that does not load, or a hook that throws, fails in the name of the first test concerned. */
  #ofFile(file: RunnerTestFile): void {
    const failed = suitesOf(file).find(
      ({ result, mode }) => mode !== 'skip' && result?.state === 'fail' && result.errors,
    )
    if (!failed || this.#failed) return
    const failure = failed.result?.errors?.[0]?.message ?? 'failed'
    const id = testsOf(failed).map(idOf)[0] ?? this.#job?.tests?.[0] ?? file.filepath
    this.#results.push({ id, name: file.name, fileName: file.filepath, timeSpentMs: 0, failure })
    this.#failed = true
  }
}

/** Milliseconds. */
const TURN = 50
const HOOK_TIMEOUT = 2000

// Tests have clocks of their own.
const { setInterval: realSetInterval, clearInterval: realClearInterval } = globalThis

/** Timers of the tests. */
const timers = new Set<ReturnType<typeof setTimeout> | NodeJS.Immediate>()
for (const name of ['setTimeout', 'setInterval', 'setImmediate'] as const) {
  const noted = new Proxy(globalThis[name], {
    apply: (target, self, args) => {
      const timer = Reflect.apply(target as typeof setTimeout, self, args as [() => void])
      timers.add(timer)
      return timer
    },
  })
  Object.assign(globalThis, { [name]: noted })
}

/** What a test with a mutant leaves behind would take time from all tests that follow. */
function sweep(): void {
  for (const timer of timers) {
    clearTimeout(timer as NodeJS.Timeout)
    clearImmediate(timer as NodeJS.Immediate)
  }
  timers.clear()
  const { _getActiveHandles: handles } = process as unknown as { _getActiveHandles: () => unknown[] }
  for (const handle of handles()) {
    if (handle instanceof Socket) handle.on('error', () => {}).destroy()
    else if (handle instanceof Server) handle.close()
  }
}

/** Nothing is told to Vitest's own process. */
const quiet = {
  onTaskUpdate: () => undefined,
  onCollectStart: () => undefined,
  onAfterRunFiles: () => undefined,
}

/** As if the worker had just been started. */
function fresh(): void {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
  vi.resetConfig()
  vi.resetModules()
}

function keep(suite: RunnerTestSuite, ids: Set<string>): boolean {
  let some = false
  for (const task of suite.tasks) {
    const stays = task.type === 'suite' ? keep(task, ids) : ids.has(idOf(task))
    if (!stays) task.mode = 'skip'
    some ||= stays
  }
  return some
}

function suitesOf(suite: RunnerTestSuite): RunnerTestSuite[] {
  return [suite, ...suite.tasks.flatMap((task) => (task.type === 'suite' ? suitesOf(task) : []))]
}

function testsOf(suite: RunnerTestSuite): RunnerTestCase[] {
  return suite.tasks.flatMap((task) => (task.type === 'suite' ? testsOf(task) : [task]))
}

function idOf(test: RunnerTestCase): string {
  return `${relative(process.cwd(), test.file.filepath)}#${nameOf(test)}`
}

function nameOf(test: RunnerTestCase): string {
  const names: string[] = []
  for (let task: RunnerTask | undefined = test; task && task !== test.file; task = task.suite)
    names.unshift(task.name)
  return names.join(' ')
}
