import { afterEach, describe, expect, it } from 'vitest'
import { Served } from './fixture.ts'
import { runSchemathesis, schemathesisProblem } from './schemathesis.ts'

const problem = schemathesisProblem()
if (problem !== undefined) {
  console.warn(`HTTP is not fuzzed with schemathesis: ${problem}. Remedy: pip install schemathesis`)
}

/** What must hold for every answer. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'response_headers_conformance',
  'unsupported_method',
  'allow_header_conformance',
].join(',')

describe.skipIf(problem !== undefined)('schemathesis', () => {
  let served: Served | undefined

  afterEach(async () => {
    await served?.[Symbol.asyncDispose]()
  })

  it.each([
    ['every message', 'fuzzing', '1', []],
    ['limits of every kind of field', 'coverage,fuzzing', '3', ['interface', 'memif']],
  ])('finds nothing wrong with %s', async (_what, phases, examples, modules) => {
    served = await Served.start({}, { unmodelled: 'succeed' })
    const options = [
      '--exclude-method',
      'GET',
      '--checks',
      CHECKS,
      '--seed',
      '1',
      '--phases',
      phases,
      '--continue-on-failure',
      '--no-shrink',
    ]
    const { status, report } = await runSchemathesis(
      `${served.server.url}/openapi.json`,
      [...options, '--max-examples', examples, ...modules.flatMap((module) => ['--include-tag', module])],
      100_000,
    )
    expect(status, report).toBe(0)
  })
})
