import { beforeAll, describe, expect, it } from 'vitest'
import { loadSchema } from '../../input/load.ts'
import type { Schema } from '../../schema/module.ts'
import { firstCompatibleMembers } from '../../testing/compatible-members.ts'
import { bundled, RELEASES } from '../../testing/folder.ts'
import { Catalog } from '../catalog/catalog.ts'
import { CountedMembersOf } from './counted-members.ts'
import { crcOf } from './crc-text.ts'
import { diffSchemas } from './diff.ts'
import type { DiffReport, MessageDifference } from './report.ts'

const NEIGHBOURS = RELEASES.slice(1).map((release, index) => [RELEASES[index] ?? '24.10', release] as const)

const compatible = await firstCompatibleMembers()
const schemas = new Map<string, Schema>()
beforeAll(async () => {
  for (const release of RELEASES) schemas.set(release, await loadSchema({ input: bundled(release) }))
})

function schema(release: string): Schema {
  const found = schemas.get(release)
  if (found === undefined) throw new Error(`no ${release}`)
  return found
}

describe.each(NEIGHBOURS)('from %s to %s', (before, after) => {
  let report: DiffReport
  const crcs = (release: string) =>
    new Map(
      [...schema(release).modules.values()].flatMap(({ messages }) =>
        messages.map(({ name, crc }) => [name, crc]),
      ),
    )
  const difference = (name: string): MessageDifference | undefined =>
    report.messages.find((message) => message.name === name)

  beforeAll(() => {
    report = diffSchemas(schema(before), schema(after))
  })

  it('explains every changed CRC by a change that breaks the wire', () => {
    const now = crcs(after)
    const changed = [...crcs(before)].filter(([name, crc]) => now.has(name) && now.get(name) !== crc)
    for (const [name] of changed) {
      const found = difference(name)
      expect(found?.impact, name).toBe('wire')
      const reasons = [...(found?.changes ?? []), ...(found?.via ?? [])].filter(
        ({ impact }) => impact === 'wire',
      )
      expect(reasons.length, name).toBeGreaterThan(0)
      // Not merely told to be unexplained.
      expect(
        found?.changes.map(({ kind }) => kind),
        name,
      ).not.toContain('crc')
    }
  })

  it('finds nothing that breaks the wire behind an unchanged CRC', () => {
    const now = crcs(after)
    const same = [...crcs(before)].filter(([name, crc]) => now.get(name) === crc).map(([name]) => name)
    expect(same.length).toBeGreaterThan(1800)
    expect(same.filter((name) => difference(name)?.impact === 'wire')).toEqual([])
  })

  it('tells every message that came or went, and no other', () => {
    const [old, now] = [crcs(before), crcs(after)]
    const kinds = (kind: string) =>
      report.messages
        .filter(({ changes }) => changes.some((item) => item.kind === kind))
        .map(({ name }) => name)
    const renamed = report.messages.flatMap(({ name, changes }) =>
      changes.flatMap((item) => (item.kind === 'renamed' ? [[item.before ?? '', name] as const] : [])),
    )
    const gone = [...old.keys()].filter((name) => !now.has(name))
    const fresh = [...now.keys()].filter((name) => !old.has(name))
    expect([...kinds('removed'), ...renamed.map(([from]) => from)].toSorted()).toEqual(gone.toSorted())
    expect([...kinds('added'), ...renamed.map(([, to]) => to)].toSorted()).toEqual(fresh.toSorted())
  })

  it('finds nothing between a release and itself', () => {
    const { messages, types, services, modules } = diffSchemas(schema(after), schema(after))
    expect([messages, types, services, modules]).toEqual([[], [], [], []])
  })
})

describe.each(RELEASES)('of %s', (release) => {
  it('finds out which enum members count for CRCs, and then computes the CRC of every message', () => {
    const catalog = new Catalog(schema(release))
    const counted = new CountedMembersOf(catalog)
    for (const owned of catalog.messages.values())
      expect(crcOf(owned, catalog, counted.of), owned.message.name).toBe(owned.message.crc)
    const found = catalog.types.flatMap((owned) => {
      const { type } = owned
      const first = counted.of(owned)
      return type.kind === 'enum' && first !== undefined ? [[type.name, type.members[first]?.[0]]] : []
    })
    const expected = catalog.types.flatMap(({ type }) => {
      const first = compatible.get(type.name)
      const isThere = type.kind === 'enum' && type.members.some(([name]) => name === first)
      return isThere ? [[type.name, first]] : []
    })
    expect(found).toEqual(expected)
  })
})

it('tells what 26.06 changed in the messages of 26.02', () => {
  const report = diffSchemas(schema('26.02'), schema('26.06'))
  const changed = report.messages.filter(({ crc }) => crc.before !== undefined && crc.after !== undefined)
  const broken = changed.filter(({ impact }) => impact === 'wire')
  expect(
    broken.map(({ name, via, changes }) => [
      name,
      ...changes.map(({ text }) => text),
      ...via.map(({ path }) => path),
    ]),
  ).toEqual([
    ['cnat_session_details', 'session'],
    ['cnat_set_snat_policy', 'policy'],
    ['ikev2_profile_details', 'profile.ike_ts'],
    ['ikev2_set_ike_transforms', 'tr'],
    ['sfdp_interface_input_set', 'field u8 is_ip6 added behind tenant_id'],
    ['sfdp_session_details', 'session_type'],
    ['sfdp_tcp_session_details', 'session_type'],
  ])
  const transforms = report.types.find(({ name }) => name === 'ikev2_ike_transforms')
  expect(transforms?.changes).toEqual([
    {
      kind: 'field-added',
      effect: 'layout',
      impact: 'wire',
      path: 'prf_alg',
      before: undefined,
      after: 'u8',
      text: 'field u8 prf_alg added behind integ_alg',
    },
  ])
})
