import { expect, it } from 'vitest'
import { loadSchema } from '../input/load.ts'
import { bundled } from '../testing/folder.ts'
import { buildModel } from './build.ts'
import { fieldForAll, findsAll, findsAllLines } from './dump-all.ts'
import type { ModelField, TypeUse } from './model.ts'

const model = buildModel(await loadSchema({ input: bundled('26.06') }))
const dumps = model.modules.flatMap(({ methods }) =>
  methods.flatMap((method) => (method.kind === 'dump' || method.kind === 'stream' ? [method] : [])),
)
const dump = (name: string) => {
  const found = dumps.find(({ request }) => request.wireName === name)
  if (found === undefined) throw new Error(`there is no ${name}`)
  return found
}

const isIndex = ({ wireName, use, occurs }: ModelField): boolean =>
  occurs.kind === 'once' && (isInterface(use) || /(?:^|_)(?:index|bd_id|sa_id)$/.test(wireName))

function isInterface(use: TypeUse): boolean {
  return use.kind === 'type' && use.type.kind === 'alias' && use.type.form === 'interface-index'
}

it('knows what finds all for every dump that takes an index', () => {
  const unknown = dumps
    .map(({ request }) => request)
    .filter((request) => request.fields.some(isIndex) && findsAll(request) === undefined)
  expect(unknown.map(({ wireName }) => wireName)).toEqual([])
})

it.each([
  ['acl_dump', '`NONE` (0xffffffff) in `aclIndex` finds all.'],
  ['sw_interface_dump', '`NONE` (0xffffffff) in `swIfIndex`, the default, finds all.'],
  ['vrrp_vr_dump', '0 or `NONE` (0xffffffff) in `swIfIndex` finds all.'],
  ['ipsec_sa_v5_dump', 'VPP does not look at `saId`: it finds all, whatever it says.'],
  ['vrrp_vr_track_if_dump', '1 in `dumpAll` finds all.'],
  ['ip_address_dump', 'Nothing finds all: ask for one interface after the other.'],
])('says of %s: %s', (name, text) => {
  expect(findsAllLines(dump(name).request)).toEqual([text])
})

it('gives a method that finds all to dumps that would find index 0 only', () => {
  expect(dump('acl_dump').allName).toBe('aclDumpAll')
  expect(dump('mss_clamp_get').allName).toBe('mssClampGetAll')
  for (const name of ['sw_interface_dump', 'vrrp_vr_dump', 'ip_address_dump', 'ipsec_sa_v5_dump'])
    expect(dump(name).allName).toBeUndefined()
  expect(dump('graph_node_get').allName, 'which would crash VPP').toBeUndefined()
  expect(fieldForAll(dump('l2_fib_table_dump').request)?.name).toBe('bdId')
})
