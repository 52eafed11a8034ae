import { beforeAll, expect, it } from 'vitest'
import { importText } from '../../idl/index.ts'
import { loadSchema } from '../../input/load.ts'
import { bundled } from '../../testing/folder.ts'
import { Catalog } from '../catalog/catalog.ts'
import { findDefinitions, showData, showText, similarNames } from './show.ts'

let catalog: Catalog
beforeAll(async () => {
  catalog = new Catalog(await loadSchema({ input: bundled('26.06') }))
})

function show(name: string): string {
  return findDefinitions(catalog, name)
    .map((item) => showText(catalog, item))
    .join('\n')
}

it('shows a message with its service and all types in it', () => {
  expect(show('sw_interface_set_flags')).toBe(`// core/interface.api.json, CRC f5aec1b8
define sw_interface_set_flags {
  u32 client_index;
  u32 context;
  interface_index sw_if_index;
  if_status_flags flags;
};
rpc sw_interface_set_flags returns sw_interface_set_flags_reply;

// core/interface_types.api.json
typedef u32 interface_index;

// core/interface_types.api.json
enum if_status_flags : u32 {
  IF_STATUS_API_FLAG_ADMIN_UP = 1,
  IF_STATUS_API_FLAG_LINK_UP = 2,
};
`)
})

it('shows every kind of service, options, unions and defaults', () => {
  expect(show('want_interface_events')).toContain(
    'rpc want_interface_events returns want_interface_events_reply events sw_interface_event;',
  )
  expect(show('sw_interface_dump')).toContain('rpc sw_interface_dump returns stream sw_interface_details;')
  expect(show('ip_path_mtu_get')).toContain(
    'rpc ip_path_mtu_get returns ip_path_mtu_get_reply stream ip_path_mtu_details;',
  )
  expect(show('tap_create_v2')).toContain('  option deprecated;')
  expect(show('ip_route_add_del')).toContain('  bool is_add [default=true];')
  expect(show('vl_api_address_union_t')).toContain(
    'union address_union {\n  ip4_address ip4 [case=ADDRESS_IP4];',
  )
})

it('shows a type with the messages that it is part of', () => {
  const text = show('lb_vip_type')
  expect(text).toMatch(/^\/\/ .*\nenum lb_vip_type/)
  expect(show('ikev2_ike_transforms')).toContain(
    'used by 2 messages: ikev2_profile_details, ikev2_set_ike_transforms',
  )
})

it('shows what every message is, in a form that the importer reads', () => {
  for (const { message } of catalog.messages.values()) {
    const text = showText(
      catalog,
      findDefinitions(catalog, message.name).find(({ kind }) => kind === 'message') as never,
    )
    const [define = ''] = /^define [^]*?^};/m.exec(text) ?? []
    const own = /^define \w+ \{(?:\n {2}option .*)*([^]*)\};$/.exec(define)?.[1] ?? ''
    // With every type as u8 the fields can be read on their own; counts and lengths stay.
    const fields = own
      .replaceAll(/^ {2}(?!u\d|string)\w+ /gm, '  u8 ')
      .replaceAll(/ \[(?:default|limit|case|discriminator)=[^\]]*\]/g, '')
    const { modules } = importText(new Map([['vnet/it.api', `autoreply define it {${fields}};`]]))
    expect(modules[0]?.json.messages[0]?.slice(2, -1).length, message.name).toBe(message.fields.length)
  }
})

it('shows a module', () => {
  const text = show('ip_types')
  expect(text).toMatch(
    /^module ip_types, core\/ip_types\.api\.json, CRC 0x[0-9a-f]+\noption version=3\.0\.0\ntypes \(19\)\n/,
  )
  expect(show('ip')).toContain('counters (5)')
})

it('gives the same as data', () => {
  const [message] = findDefinitions(catalog, 'sw_interface_set_flags').map((item) => showData(catalog, item))
  expect(message).toMatchObject({
    kind: 'message',
    module: 'interface',
    definition: { name: 'sw_interface_set_flags', crc: 'f5aec1b8' },
    types: [
      { name: 'interface_index' },
      { name: 'if_status_flags', members: [['IF_STATUS_API_FLAG_ADMIN_UP', 1], expect.anything()] },
    ],
  })
  const [module] = findDefinitions(catalog, 'ip_types').map((item) => showData(catalog, item))
  expect(module).toMatchObject({ kind: 'module', name: 'ip_types', imported: 0 })
})

it('knows names that are nearly right', () => {
  expect(similarNames(catalog, 'sw_interface_dumb')[0]).toBe('sw_interface_dump')
  expect(similarNames(catalog, 'no_such_thing_at_all')).toEqual([])
  expect(findDefinitions(catalog, 'sw_interface_dumb')).toEqual([])
})
