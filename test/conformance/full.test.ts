import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { apiDocuments, SOURCES } from './bindings.ts'
import type { Bindings } from './bindings.ts'
import { blocks } from './arbitrary.ts'
import { Ledger, unexplained } from './known-differences.ts'
import { differences, isBlock, toInput } from './neutral.ts'
import type { Neutral, NeutralBlock } from './neutral.ts'
import { papiProblem, runPapi } from './papi.ts'
import { differenceText, ENGINES, Subject } from './vector.ts'
import type { Engine, Vector } from './vector.ts'

const problem = papiProblem()
if (problem !== undefined) {
  console.warn(`Full conformance with vpp_papi not run: ${problem}. Remedy: pip install vpp-papi`)
}

/** A message that vpp_papi packs differently once others have been loaded. */
interface Leak {
  readonly message: string
  readonly leak: true
}

describe.runIf(problem === undefined).each(SOURCES)('all messages, %s', (_, load) => {
  let find: Bindings
  beforeAll(async () => {
    find = await load()
  }, 120_000)

  it('agree with vpp_papi in both directions', async () => {
    const ledger = new Ledger()
    const found: string[] = []
    const seen = new Set<string>()
    let subjects: Subject[] = []
    let turn = 0
    for await (const line of runPapi<Vector | Leak>(['make'])) {
      if ('leak' in line) {
        ledger.note('default-leaks', line.message)
        continue
      }
      if (!seen.has(line.message)) subjects = subjectsOf(find, line.module, line.message)
      seen.add(line.message)
      // Engines take turns; the committed vectors go through both.
      const subject = subjects[turn++ % subjects.length] as Subject
      found.push(...unexplained(subject, line, ledger))
    }
    expect(found).toEqual([])
    expect(ledger.compare('values')).toEqual([])
    expect(seen.size).toBe(messageNames().length)
  }, 300_000)

  it.each([1, 2])(
    'bytes made by ours mean the same to vpp_papi, seed %i',
    async (seed) => {
      const messages = messageNames()
      const lines = messages.map(([module, message], index) => {
        const subject = new Subject(find(module, message), engineOf(index + seed))
        const [value = {}] = fc.sample(blocks(subject.fields), { seed: seed * 10_000 + index, numRuns: 1 })
        return { message, value, subject, hex: subject.encode(toInput(subject.fields, value), { id: 1 }) }
      })
      let index = 0
      const found: string[] = []
      const input = lines.map(({ message, hex }) => ({ message, hex }))
      for await (const { read, error } of runPapi<{ read?: NeutralBlock; error?: string }>(
        ['check'],
        input,
      )) {
        const { message, value, subject, hex } = lines[index++] as (typeof lines)[number]
        if (read === undefined) {
          found.push(`${message}: vpp_papi cannot read it: ${error}`)
          continue
        }
        const meant = subject.meaningOf(read)
        const differing = [
          ...differences(subject.meaningOf(value), meant),
          ...differences(withoutIp4Tails(meant), subject.read(hex)),
        ]
        found.push(...differing.map((difference) => `${message}${differenceText(difference)}`))
      }
      expect(found).toEqual([])
      expect(index).toBe(messages.length)
    },
    300_000,
  )
})

/** Text of an IPv4 address does not tell what stands behind its four bytes in the union. */
function withoutIp4Tails(value: Neutral): Neutral {
  if (Array.isArray(value)) return value.map(withoutIp4Tails)
  if (!isBlock(value)) return value
  const entries = Object.entries(value).map(([name, content]) => [name, withoutIp4Tails(content)] as const)
  const un = value['af'] === 0 ? value['un'] : undefined
  const ip4 =
    typeof un === 'object' && 'ip4' in un && 'ip6' in un ? [['un', { ip4: un['ip4'] }] as const] : []
  return Object.fromEntries([...entries, ...ip4]) as NeutralBlock
}

function messageNames(): [module: string, message: string][] {
  return apiDocuments().flatMap(({ module, document }) =>
    document.messages.map(([name]): [string, string] => [module, name]),
  )
}

function engineOf(index: number): Engine {
  return ENGINES[index % ENGINES.length] as Engine
}

function subjectsOf(find: Bindings, module: string, message: string): Subject[] {
  return ENGINES.map((engine) => new Subject(find(module, message), engine))
}
