/**
 * Requests of every VPP that its own definitions (`get_api_json`) leave out: those of memclnt that a client may use.
 * A test compares them with the bindings that this package depends on.
 */
export const MEMCLNT: unknown = {
  module: 'memclnt',
  types: [['module_version', ['u32', 'major'], ['u32', 'minor'], ['u32', 'patch'], ['string', 'name', 64]]],
  messages: [
    request('control_ping', '0x51077d14'),
    reply('control_ping_reply', '0xf6b0b8ca', ['i32', 'retval'], ['u32', 'client_index'], ['u32', 'vpe_pid']),
    request('get_api_json', '0x51077d14'),
    reply('get_api_json_reply', '0xea715b59', ['i32', 'retval'], ['string', 'json', 0]),
    request('api_versions', '0x51077d14'),
    reply(
      'api_versions_reply',
      '0x5f0d99d6',
      ['i32', 'retval'],
      ['u32', 'count'],
      ['vl_api_module_version_t', 'api_versions', 0, 'count'],
    ),
    request('get_first_msg_id', '0xebf79a66', ['string', 'name', 64]),
    reply('get_first_msg_id_reply', '0x7d337472', ['i32', 'retval'], ['u16', 'first_msg_id']),
  ],
  services: {
    control_ping: { reply: 'control_ping_reply' },
    get_api_json: { reply: 'get_api_json_reply' },
    api_versions: { reply: 'api_versions_reply' },
    get_first_msg_id: { reply: 'get_first_msg_id_reply' },
  },
}

function request(name: string, crc: string, ...fields: readonly unknown[]): unknown[] {
  return [name, ['u16', '_vl_msg_id'], ['u32', 'client_index'], ['u32', 'context'], ...fields, { crc }]
}

function reply(name: string, crc: string, ...fields: readonly unknown[]): unknown[] {
  return [name, ['u16', '_vl_msg_id'], ['u32', 'context'], ...fields, { crc }]
}
