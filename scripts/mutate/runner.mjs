/**
 * Stryker's test runner for Vitest with a worker that stays, so that a mutant costs what its tests cost. Stryker's own
 * starts a worker for each mutant, which takes longer than the tests. `worker.ts` is the other half.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BroadcastChannel } from 'node:worker_threads'
import { createVitest } from 'vitest/node'

const SUCCESS = 0
const FAILED = 1

export const strykerPlugins = [
  { kind: 'TestRunner', name: 'staying-vitest', factory: Object.assign(() => new Runner(), { inject: [] }) },
]

/** Of each test file, milliseconds of its tests: the first run writes it, into the copy that Stryker makes of the sources. */
const DURATIONS = 'durations.json'

class Runner {
  #channel = new BroadcastChannel('mutants')
  #files
  #vitest
  #durations
  #heard

  capabilities() {
    return { reloadEnvironment: false }
  }

  async init() {
    process.env.NODE_ENV = 'test'
    process.env.VITEST = '1'
    this.#channel.addEventListener('message', ({ data }) => this.#heard(data))
    this.#vitest = await createVitest('test', {
      config: 'scripts/mutate/vitest.config.ts',
      runner: fileURLToPath(new URL('worker.ts', import.meta.url)),
      watch: false,
      reporters: [{}],
      onConsoleLog: () => false,
    })
    const specifications = await this.#vitest.globTestSpecifications()
    this.#files = specifications.map(({ moduleId }) => moduleId)
    const ready = this.#answer()
    void this.#vitest.runTestSpecifications(specifications.slice(0, 1))
    await ready
  }

  async dryRun() {
    const { results, coverage } = await this.#run({ files: this.#files })
    const durations = {}
    for (const { fileName, timeSpentMs } of results) {
      durations[fileName] = (durations[fileName] ?? 0) + timeSpentMs
    }
    writeFileSync(DURATIONS, JSON.stringify(durations))
    const tests = results.map(({ failure, ...test }) =>
      failure === undefined
        ? { ...test, status: SUCCESS }
        : { ...test, status: FAILED, failureMessage: failure },
    )
    return { status: 'complete', tests, mutantCoverage: coverage ?? { static: {}, perTest: {} } }
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, timeout }) {
    const files = this.#quickestFirst(testFilter)
    const { results, hitCount } = await this.#run({
      files,
      tests: testFilter,
      mutant: activeMutant.id,
      hitLimit,
      // Less than Stryker's own time, which ends the whole process.
      turns: Math.ceil(timeout / 750),
    })
    if (hitCount > hitLimit) return { status: 'timeout', reason: `reached more than ${hitLimit} times` }
    const nrOfTests = results.length
    const failed = results.find(({ failure }) => failure !== undefined)
    if (!failed) return { status: 'survived', nrOfTests }
    return { status: 'killed', killedBy: [failed.id], failureMessage: failed.failure, nrOfTests }
  }

  async dispose() {
    this.#channel.postMessage({ stop: true })
    await this.#vitest?.close()
    this.#channel.close()
  }

  #quickestFirst(tests) {
    this.#durations ??= JSON.parse(readFileSync(DURATIONS, 'utf8'))
    const files = tests ? [...new Set(tests.map((id) => resolve(id.slice(0, id.indexOf('#')))))] : this.#files
    return files.toSorted((a, b) => this.#durations[a] - this.#durations[b])
  }

  async #run(job) {
    const answer = this.#answer()
    this.#channel.postMessage({ job })
    return answer
  }

  #answer() {
    return new Promise((heard) => (this.#heard = heard))
  }
}
