/** Names that trip up generators: words of the language, members of classes and objects, names of the runtime. */

const u8 = (name: string) => ['u8', name]
/** The words of a text. */
function words(text: string): string[] {
  return text.trim().split(/\s+/)
}

const CRC = { crc: '0x01020304', options: {} }
const ID = ['u16', '_vl_msg_id']
const REQUEST = [
  ['u32', 'client_index'],
  ['u32', 'context'],
]
const REPLY = [
  ['u32', 'context'],
  ['i32', 'retval'],
]

function module(name: string, parts: object): [path: string, document: object] {
  const empty = {
    types: [],
    messages: [],
    unions: [],
    enums: [],
    enumflags: [],
    services: {},
    options: { version: '1.0.0', "it's": 'a "test" \\ of\nquotes', __proto__: 'x' },
    aliases: {},
    vl_api_version: '0x1',
    imports: [],
    counters: [],
    paths: [],
  }
  return [`${name}.api.json`, { module: name, ...empty, ...parts }]
}

/** Field names; each must become its own property. */
export const FIELDS = words(`
  constructor default interface function class toJSON to_json descriptor then catch length name
  prototype hasOwnProperty has_own_property valueOf toString bytes await _6rd 6rd T1 t1
  sw_if_index swIfIndex v1_2 v12 __proto__ _ __ new in context_ client_index_ init arguments eval
  undefined NaN declare static readonly
`)

const ARMS = words(`
  name length prototype descriptor bytes constructor fromJSON fromBytes from_json
`)
const MORE_ARMS = words(`
  arguments caller then apply 6rd call
`)

/** Names of types: each is a struct with one field. */
const TYPES = words(`
  map date message struct union promise record uint8Array object array error symbol
  message_descriptor struct_descriptor init init_value enum_value flags mac_address_t 6rd foo_bar
  fooBar foo__bar ip_address event string_t number boolean api_name messages
`)

const ENUM = words(`
  descriptor __proto__ constructor then toJSON default class length name 6RD A
`)

const typeDefinitions = [
  ...TYPES.map((name) => [name, u8('value')]),
  ['fields', ...FIELDS.map(u8)],
  ['user', ...TYPES.map((name) => [`vl_api_${name}_t`, `a_${name}`])],
]
const shared = {
  types: typeDefinitions,
  enums: [['members', ...ENUM.map((name, value) => [name, value]), { enumtype: 'u8' }]],
  unions: [['arms', ...[...ARMS, ...MORE_ARMS].map(u8)]],
  aliases: { bigint: { type: 'u64' }, dump: { type: 'u8', length: 3 }, timestamp: { type: 'f64' } },
}

const CALLS = words(`
  map message init dump call_options rpc_connection then constructor to_string
`)
const MORE_CALLS = words(`
  nasty_client methods messages event_options foo_bar fooBar 6rd promise new
`)
const all = [...CALLS, ...MORE_CALLS]

/** The files of a folder of definitions, by path. */
export const NASTY: Readonly<Record<string, object>> = Object.fromEntries([
  module('nasty_types', shared),
  module('nasty', {
    ...shared,
    imports: ['x/nasty_types.api'],
    // Types of its own that are called like messages.
    types: [...typeDefinitions, ['init_reply', u8('value')], ['own', ['vl_api_init_reply_t', 'reply']]],
    messages: [
      ...all.flatMap((name) => [
        [name, ID, ...REQUEST, ['vl_api_user_t', 'user'], ['vl_api_own_t', 'own'], ...FIELDS.map(u8), CRC],
        [`${name}_reply`, ID, ...REPLY, ['vl_api_arms_t', 'arms'], ['vl_api_members_t', 'members'], CRC],
      ]),
      ['want_then_events', ID, ...REQUEST, u8('enable'), ['u32', 'pid'], CRC],
      ['want_then_events_reply', ID, ...REPLY, CRC],
      ['then_event', ID, ['u32', 'client_index'], u8('x'), CRC],
      ['counted', ID, ...REQUEST, ['u8', 'length'], ['u16', 'array', 0, 'length'], CRC],
    ],
    services: {
      ...Object.fromEntries(all.map((name) => [name, { reply: `${name}_reply` }])),
      want_then_events: { reply: 'want_then_events_reply', events: ['then_event'] },
    },
    counters: [{ name: "it's", elements: [{ name: '__proto__', description: 'a "b"' }] }],
    paths: [{ path: "/it's/\\", counter: "it's" }],
  }),
  // A type of the same name elsewhere, and names of modules that are words of the language.
  module('default', {
    types: [['map', ['u32', 'other']]],
    messages: [['default', ID, ...REPLY, ['vl_api_map_t', 'm'], CRC]],
  }),
  module('6rd', { messages: [['6rd', ID, ...REQUEST, CRC]], services: { '6rd': { reply: 'null' } } }),
])
