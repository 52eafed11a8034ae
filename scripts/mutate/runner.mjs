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

/** Milliseconds of each test: the first run writes it, into the copy that Stryker makes of the sources. */
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
    const durations = Object.fromEntries(results.map(({ id, timeSpentMs }) => [id, timeSpentMs]))
    writeFileSync(DURATIONS, JSON.stringify(durations))
    const tests = results.map(({ failure, ...test }) =>
      failure === undefined
        ? { ...test, status: SUCCESS }
        : { ...test, status: FAILED, failureMessage: failure },
    )
    return { status: 'complete', tests, mutantCoverage: coverage ?? { static: {}, perTest: {} } }
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }) {
    this.#durations ??= new Map(Object.entries(JSON.parse(readFileSync(DURATIONS, 'utf8'))))
    const tests = testFilter ?? [...this.#durations.keys()]
    // Stryker allows a hundred times what all tests need.
    const most = hitLimit === undefined ? undefined : Math.ceil(hitLimit / 20)
    const { results, hitCount } = await this.#run({
      files: this.#quickestFirst(tests),
      tests,
      mutant: activeMutant.id,
      hitLimit: most,
      // A second, and twice what it takes without a mutant.
      turns: Object.fromEntries(tests.map((id) => [id, 20 + Math.ceil(this.#durations.get(id) / 25)])),
    })
    if (hitCount > most) return { status: 'timeout', reason: `reached more than ${most} times` }
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
    const files = new Map()
    for (const id of tests) {
      const file = resolve(id.slice(0, id.indexOf('#')))
      files.set(file, (files.get(file) ?? 0) + this.#durations.get(id))
    }
    return [...files.keys()].toSorted((a, b) => files.get(a) - files.get(b))
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
