import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { documentationOfAll } from '../kinds/documentation.ts'
import { KINDS } from '../kinds/built-in.ts'
import type { ItemInput } from '../kinds/item.ts'
import { checkPaths } from './check-paths.ts'
import { RULES } from './finding.ts'
import { sarifOf } from './sarif.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpp-ts-check-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** What is found of items, as `code item field`. */
async function found(...items: (ItemInput | object)[]): Promise<string[]> {
  const path = write('items.yaml', stringify({ items }))
  const { findings } = await checkPaths([path])
  return findings.map(({ code, item, field }) =>
    `${code} ${item?.kind ?? ''} ${item?.key ?? ''} ${field}`.trim(),
  )
}

/** A JSON Schema, of the words that the one of SARIF uses. */
interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly minItems?: number
  readonly minimum?: number
  readonly definitions?: Readonly<Record<string, Schema>>
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

/** What of a value is not as a schema says. */
function* against(root: Schema, schema: Schema, value: unknown, path = ''): Iterable<string> {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? ''
    yield* against(root, root.definitions?.[name] ?? {}, value, path)
    return
  }
  const { type, properties = {}, required = [], additionalProperties, items, minItems = 0, minimum } = schema
  if (type !== undefined && type !== typeOf(value)) yield `${path}: is not of type ${type}`
  if (schema.enum?.includes(value) === false) yield `${path}: ${JSON.stringify(value)} is not in the list`
  if (minimum !== undefined && (value as number) < minimum) yield `${path}: is less than ${minimum}`
  if (Array.isArray(value)) {
    if (value.length < minItems) yield `${path}: has too few`
    for (const [at, it] of value.entries()) yield* against(root, items ?? {}, it, `${path}/${at}`)
  } else if (typeof value === 'object' && value !== null) {
    for (const name of required) if (!(name in value)) yield `${path}/${name}: is missing`
    for (const [name, it] of Object.entries(value)) {
      const known = properties[name]
      if (known !== undefined) yield* against(root, known, it, `${path}/${name}`)
      else if (additionalProperties === false) yield `${path}/${name}: is unknown`
    }
  }
}

const LAN = { kind: 'interface', type: 'loopback', name: 'lan', addresses: ['192.0.2.1/24'] }

describe('a check of files', () => {
  it('finds nothing in the examples of the kinds, but interfaces that VPP would have to have', async () => {
    for (const { examples } of documentationOfAll(KINDS)) {
      const [example] = examples
      const codes = (await found(example as object)).map((it) => it.split(' ')[0])
      expect(codes.filter((code) => code !== 'reference')).toEqual([])
    }
  })

  it('tells file, line and column, of all files together', async () => {
    write('a.yaml', stringify([LAN]))
    write(
      'b.json',
      JSON.stringify(
        [{ kind: 'interface', type: 'loopback', name: 'wan', addresses: ['192.0.2.7/25'] }],
        null,
        2,
      ),
    )
    write('c.yaml', 'items:\n  - kind: vrf\n    id: ten\n')
    write('d.yaml', 'items: [\n')
    write('e.yaml', stringify([LAN]))
    const { findings, files, items } = await checkPaths([folder, join(folder, 'none')])
    expect([files, items]).toEqual([5, 3])
    const places = findings.map(({ file, line, column, code, severity }) => [
      file.slice(folder.length + 1),
      line,
      column,
      code,
      severity,
    ])
    expect(places).toEqual([
      ['b.json', 7, 7, 'overlap', 'warning'],
      ['c.yaml', 3, 9, 'schema', 'error'],
      ['d.yaml', expect.any(Number), expect.any(Number), 'unreadable', 'error'],
      ['e.yaml', 1, 3, 'duplicate', 'error'],
      ['none', undefined, undefined, 'unreadable', 'error'],
    ])
    for (const { message, remedy } of findings) expect([message, remedy]).not.toContain('')
  })

  it('finds what cannot be: claims, references, what would be refused, circles', async () => {
    const vlan = { kind: 'interface', type: 'vlan', parent: 'lan', vlan: 5 }
    expect(await found(LAN, { ...vlan, name: 'a' }, { ...vlan, name: 'b', number: 6 })).toEqual([
      'claim interface b',
    ])
    expect(await found(LAN, { ...vlan, name: 'a' }, { ...vlan, name: 'b', parent: 'a' })).toEqual([
      'refused interface b',
    ])
    expect(await found({ kind: 'abf', id: 1, acl: 'none', paths: [{ interface: 'lam' }] })).toEqual([
      'reference abf 1',
      'reference abf 1',
    ])
    const loop = (name: string, of: string) => ({ kind: 'interface', type: 'loopback', name, unnumbered: of })
    expect(await found({ ...vlan, name: 'a', parent: 'b' }, { ...vlan, name: 'b', parent: 'a' })).toContain(
      'cycle interface a',
    )
    expect(await found(LAN, loop('x', 'lan'))).toEqual([])
  })

  it('finds what is hardly meant: overlaps, lengths of packets, rules and routes without effect', async () => {
    const wan = { ...LAN, name: 'wan' }
    expect(await found(LAN, { ...wan, addresses: ['192.0.2.130/25'] })).toEqual([
      'overlap interface wan addresses.0',
    ])
    expect(await found(LAN, { ...wan, addresses: ['192.0.2.130/25'], table: 10 })).toEqual([])
    expect(await found(LAN, { ...wan, addresses: ['198.51.100.1/24', '198.51.100.2/24'] })).toEqual([])
    const vlan = { kind: 'interface', type: 'vlan', name: 'v', parent: 'lan', vlan: 5 }
    expect(await found({ ...LAN, linkMtu: 1500 }, { ...vlan, mtu: 1501 })).toEqual(['mtu interface v mtu'])
    expect(await found({ ...LAN, linkMtu: 1500, mtu: 1600 })).toEqual(['mtu interface lan mtu'])
    const route = { kind: 'route', paths: [{ nextHop: '192.0.2.9' }] }
    expect(
      await found(
        { ...route, prefix: '10.0.0.0/8' },
        { ...route, prefix: '10.1.0.0/16' },
        { ...route, prefix: '10.1.1.0/24', paths: [{ nextHop: '192.0.2.8' }] },
        { ...route, prefix: '10.1.1.7/32', table: 10 },
      ),
    ).toEqual(['redundant-route route 0/10.1.0.0/16 prefix'])
  })

  it.each<[string, object[], number[]]>([
    ['the same', [{ destination: '10.0.0.0/8' }, { destination: '10.1.0.0/16' }], [1]],
    ['any of both families', [{}, { source: '2001:db8::/32' }, { source: '10.0.0.0/8' }], [1, 2]],
    ['one family of two', [{ source: '0.0.0.0/0' }, {}], []],
    ['both families of two', [{ source: '0.0.0.0/0' }, { source: '::/0' }, {}], [2]],
    ['a protocol', [{ protocol: 'tcp' }, { protocol: 6 }, { protocol: 'udp' }, {}], [1]],
    [
      'ports',
      [
        { protocol: 'tcp', destinationPorts: { first: 1, last: 1024 } },
        { protocol: 'tcp', destinationPorts: { first: 80, last: 80 } },
        { protocol: 'tcp', destinationPorts: { first: 80, last: 8080 } },
      ],
      [1],
    ],
    [
      'flags',
      [
        { protocol: 'tcp', tcpFlags: { mask: 2, value: 2 } },
        { protocol: 'tcp', tcpFlags: { mask: 18, value: 2 } },
        { protocol: 'tcp', tcpFlags: { mask: 18, value: 16 } },
      ],
      [1],
    ],
  ])('a rule after one that matches all of its packets: %s', async (_name, rules, shadowed) => {
    const acl = { kind: 'acl', name: 'x', rules: rules.map((it) => ({ action: 'permit', ...it })) }
    expect(await found(acl)).toEqual(shadowed.map((at) => `shadowed-rule acl x rules.${at}`))
  })

  it('says it in SARIF, a rule for every code', async () => {
    write('a.yaml', stringify([LAN, structuredClone(LAN)]))
    const { findings } = await checkPaths([folder, join(folder, 'no ne')])
    const log = sarifOf(findings, '1.2.3') as {
      runs: [
        { tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string; ruleIndex: number }[] },
      ]
    }
    const [{ tool, results }] = log.runs
    expect(tool.driver.rules.map(({ id }) => id)).toEqual(Object.keys(RULES))
    expect(results).toMatchObject([
      {
        ruleId: 'duplicate',
        level: 'error',
        locations: [{ physicalLocation: { region: { startLine: 6, startColumn: 3 } } }],
      },
      { ruleId: 'unreadable', level: 'error' },
    ])
    expect(JSON.stringify(results)).toContain('/no%20ne')
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
  })

  const schema = process.env['SARIF_SCHEMA']
  if (schema === undefined)
    console.info('SARIF_SCHEMA is not set: SARIF is not checked by its schema (sarif-schema-2.1.0.json)')
  it.runIf(schema !== undefined)('is SARIF 2.1.0 as its schema says', async () => {
    write('a.yaml', stringify([LAN, LAN]))
    const { findings } = await checkPaths([folder, join(folder, 'none')])
    const root = JSON.parse(readFileSync(schema ?? '', 'utf8')) as Schema
    const log = JSON.parse(JSON.stringify(sarifOf(findings, '1.2.3'))) as unknown
    expect([...against(root, root, log)]).toEqual([])
    expect([...against(root, root, { version: '2.0.0', runs: [{ results: [{}] }] })].length).toBeGreaterThan(
      1,
    )
  })
})
