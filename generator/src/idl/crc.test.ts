import { describe, expect, it } from 'vitest'
import { importText } from './import-text.ts'

function run(files: Readonly<Record<string, string>>) {
  return importText(new Map(Object.entries(files))).modules
}

/** The JSON of one file. */
function jsonOf(text: string) {
  const [module] = run({ 't.api': text })
  if (module === undefined) throw new Error('no module')
  return module.json
}

/** CRC of one message of a file. */
function crcOf(text: string, message: string): string {
  const facts = jsonOf(text)
    .messages.find(([name]) => name === message)
    ?.at(-1)
  if (facts === undefined || typeof facts === 'string' || !('crc' in facts))
    throw new Error(`no message ${message}`)
  return facts.crc
}

/** CRC of a message with one field or a few. */
function crc(types: string, fields: string): string {
  return crcOf(`${types} autoreply define m { ${fields} };`, 'm')
}

/** A type two levels deep. */
function deep(type: string): string {
  return `union a { ${type} x; }; typedef b { vl_api_a_t x; };`
}

describe('message CRCs', () => {
  it('fold in the types: VPP gives this message 337c6bee', () => {
    const text = `
      typedef u8 mac[6];
      enum color : u8 { RED = 4, BLUE, };
      typedef pair { u16 a; vl_api_color_t c; };
      autoreply define poke {
        option deprecated; option vat_help = "poke it";
        u32 client_index; u32 context;
        bool on[default=true]; u8 n[default=false];
        f64 t[default=1.0]; string tag[16];
        u16 cnt; vl_api_pair_t p[cnt]; };`
    const options = { deprecated: null, vat_help: 'poke it' }
    expect(jsonOf(text).messages).toEqual([
      [
        'poke',
        ['u16', '_vl_msg_id'],
        ['u32', 'client_index'],
        ['u32', 'context'],
        ['bool', 'on', { default: 'true' }],
        ['u8', 'n', { default: false }],
        ['f64', 't', { default: 1 }],
        ['string', 'tag', 16],
        ['u16', 'cnt'],
        ['vl_api_pair_t', 'p', 0, 'cnt'],
        { crc: '0x337c6bee', options },
      ],
      [
        'poke_reply',
        ['u16', '_vl_msg_id'],
        ['u32', 'context'],
        ['i32', 'retval'],
        { crc: '0xe8d4e804', options },
      ],
    ])
  })

  it('are those that VPP announces', () => {
    const text = `
      typedef u32 interface_index;
      enum if_status_flags { IF_STATUS_API_FLAG_ADMIN_UP = 1, IF_STATUS_API_FLAG_LINK_UP = 2, };
      typedef u8 address_with_prefix[18];
      define control_ping { u32 client_index; u32 context; };
      define control_ping_reply { u32 context; i32 retval; u32 client_index; u32 vpe_pid; };
      autoreply define sw_interface_set_flags {
        u32 client_index; u32 context; vl_api_interface_index_t sw_if_index; vl_api_if_status_flags_t flags; };
      autoreply define sw_interface_add_del_address {
        u32 client_index; u32 context; vl_api_interface_index_t sw_if_index;
        bool is_add [default=true]; bool del_all; vl_api_address_with_prefix_t prefix; };`
    expect(crcOf(text, 'control_ping')).toBe('0x51077d14')
    expect(crcOf(text, 'control_ping_reply')).toBe('0xf6b0b8ca')
    expect(crcOf(text, 'sw_interface_set_flags')).toBe('0xf5aec1b8')
    expect(crcOf(text, 'sw_interface_add_del_address')).toBe('0x5463d73b')
  })

  it.each([
    ['i8 a; i64 b; f64 c; u64 d; bool e; string f[4];', '0x0bcb727e'],
    ['u8 n; u8 y; u8 x[n];', '0x3d50dbae'],
    ['u8 class[2];', '0x407af205'],
    ['string x[0];', '0x4918f3a0'],
    ['string x[];', '0x4918f3a0'],
    ['u8 x[0];', '0x4c801c3e'],
  ])('of { %s } are those that VPP has computed', (fields, crc) => {
    expect(crcOf(`autoreply define m { ${fields} };`, 'm')).toBe(crc)
  })

  it('do not change with the name, options, base types, compatible members and what is behind an alias', () => {
    const plain = crc('enum e { A, };', 'vl_api_e_t x;')
    expect(crc('enum e : u8 { A, };', 'vl_api_e_t x;')).toBe(plain)
    expect(crc('enum e { A, B [backwards_compatible], };', 'vl_api_e_t x;')).toBe(plain)
    expect(crc('enum e { A, };', 'vl_api_e_t x[default=1];')).toBe(plain)
    expect(crcOf('enum e { A, }; autoreply define other { option x; vl_api_e_t x; };', 'other')).toBe(plain)
    const alias = crc('typedef u8 a;', 'vl_api_a_t x;')
    expect(crc('typedef u32 a[6];', 'vl_api_a_t x;')).toBe(alias)
    expect(crc('typedef b { u8 x; }; typedef vl_api_b_t a;', 'vl_api_a_t x;')).toBe(alias)
  })

  it('change with a member, with the name of a type, and with what is inside it, at any depth', () => {
    expect(crc('enum e { A, B, };', 'vl_api_e_t x;')).not.toBe(crc('enum e { A, };', 'vl_api_e_t x;'))
    expect(crc('enum f { A, };', 'vl_api_f_t x;')).not.toBe(crc('enum e { A, };', 'vl_api_e_t x;'))
    expect(crc(deep('u8'), 'vl_api_b_t x;')).not.toBe(crc(deep('u16'), 'vl_api_b_t x;'))
    expect(crc(deep('u8'), 'vl_api_b_t x; vl_api_b_t y;')).not.toBe(crc(deep('u8'), 'vl_api_b_t x; u8 y;'))
  })
})

describe('file CRCs', () => {
  it('count imported types for JSON and not for the message range', () => {
    const modules = run({
      'base.api': 'typedef base { u8 x; };',
      't.api': 'option version = "1.0.0"; import "base.api"; autoreply define m { vl_api_base_t x; };',
    })
    expect(modules.map(({ json, cModeCrc }) => [json.vl_api_version, cModeCrc])).toEqual([
      ['0x80559ed3', '80559ed3'],
      ['0xf61e077e', '098fea27'],
    ])
  })

  it('have no leading zeros in JSON and eight digits elsewhere', () => {
    const [module] = run({ 't.api': 'typedef u8 a;' })
    expect([module?.json.vl_api_version, module?.cModeCrc]).toEqual(['0xd4cbb29', '0d4cbb29'])
  })

  it('do not change with the value of an option', () => {
    expect(jsonOf('option version = "1.0.0";').vl_api_version).toBe(
      jsonOf('option version = "2.0.0";').vl_api_version,
    )
  })
})
