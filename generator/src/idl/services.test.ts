import { describe, expect, it } from 'vitest'
import { IdlError } from './errors.ts'
import { importText } from './import-text.ts'

/** The JSON of a text that must be right. */
function jsonOf(text: string) {
  const [module] = importText(new Map([['t.api', text]])).modules
  if (module === undefined) throw new Error('no module')
  return module.json
}

/** The only error of a text. */
function error(text: string): string {
  try {
    importText(new Map([['t.api', text]]))
  } catch (thrown) {
    if (!(thrown instanceof IdlError)) throw thrown
    expect(thrown.diagnostics).toHaveLength(1)
    return thrown.message
  }
  throw new Error('no error')
}

describe('messages', () => {
  it('have the reply of autoreply right behind them, with the same options', () => {
    const json = jsonOf('autoreply define a { option x = 1; u8 f; }; autoreply define b { u8 g; };')
    const reply = [
      ['u16', '_vl_msg_id'],
      ['u32', 'context'],
      ['i32', 'retval'],
    ]
    expect(json.messages).toEqual([
      ['a', ['u16', '_vl_msg_id'], ['u8', 'f'], { crc: expect.any(String), options: { x: 1 } }],
      ['a_reply', ...reply, { crc: '0xe8d4e804', options: { x: 1 } }],
      ['b', ['u16', '_vl_msg_id'], ['u8', 'g'], { crc: expect.any(String), options: {} }],
      ['b_reply', ...reply, { crc: '0xe8d4e804', options: {} }],
    ])
  })

  it('have their own name', () => {
    const text = 'autoreply define a { u8 x; };\nautoreply define b { u8 x; };\ndefine a_reply { u8 x; };'
    expect(error(text)).toContain(
      't.api:3:8: error IDL_MESSAGE: message "a_reply" is defined twice, first in line 1: ' +
        'remove one (autoreply already adds the reply of its message)',
    )
  })

  it('take the last of several options of one name', () => {
    const json = jsonOf('autoreply define a { option x = 1; option y; option x = false; u8 f[a=1 a=2]; };')
    expect(json.messages[0]?.at(-1)).toMatchObject({ options: { x: false, y: null } })
    expect(json.messages[0]?.[2]).toEqual(['u8', 'f', { a: 2 }])
  })
})

function messages(...names: string[]): string {
  return names.map((name) => `define ${name} { u8 x; };`).join(' ')
}

describe('services', () => {
  it('follow from the names: x and x_reply, x_dump and x_details', () => {
    const text = messages('a_reply', 'a', 'b_details', 'b_dump', 'b_dump_reply', 'b_details_reply')
    expect(jsonOf(text).services).toEqual({
      a: { reply: 'a_reply' },
      b_dump: { reply: 'b_details', stream: true },
    })
  })

  it('can be stated, in source order before the others', () => {
    const text =
      messages('z', 'z_reply', 'b_get', 'b_get_reply', 'b_details', 'c_dump', 'c_details') +
      messages('want', 'want_reply', 'e1', 'e2', 'die') +
      'service { rpc want returns want_reply events e1, e2; rpc die returns null; };' +
      'service { rpc b_get returns b_get_reply stream b_details; rpc c_dump returns stream c_details; };'
    expect(Object.entries(jsonOf(text).services)).toEqual([
      ['want', { reply: 'want_reply', events: ['e1', 'e2'] }],
      ['die', { reply: 'null' }],
      ['b_get', { reply: 'b_get_reply', stream: true, stream_msg: 'b_details' }],
      ['c_dump', { reply: 'c_details', stream: true }],
      ['z', { reply: 'z_reply' }],
    ])
  })

  it('need not agree in names when a reply or details belong to another request as well', () => {
    const text = `${messages('a', 'b_reply', 'b')} service { rpc a returns b_reply; rpc b returns null; };`
    expect(jsonOf(text).services).toEqual({ a: { reply: 'b_reply' }, b: { reply: 'null' } })
    const both = `${messages('x_get', 'x_dump', 'x_details')} service { rpc x_get returns null; };`
    expect(jsonOf(both).services).toEqual({
      x_get: { reply: 'null' },
      x_dump: { reply: 'x_details', stream: true },
    })
  })

  it.each([
    [
      messages('a'),
      '1:8: error IDL_SERVICE: message "a" has no reply: define "a_reply", or add a service ("returns null" if there is none)',
    ],
    [messages('a_dump'), 'message "a_dump" has no reply: define "a_details", or add a service'],
    [messages('a_reply'), 'reply "a_reply" has no request: define "a" or rename the reply'],
    [
      messages('a_details'),
      '"a_details" has no request: define "a_dump" or list it as an event in a service',
    ],
    [messages('_reply'), 'reply "_reply" has no request'],
    [messages('a_dump', 'a_details', 'b_details'), '"b_details" has no request'],
    [
      messages('a_get', 'a_get_reply', 'a_details'),
      '"a_get" that streams "a_details" needs a service of its own: add "rpc a_get returns a_get_reply stream a_details;"',
    ],
    [
      `${messages('a')} service { rpc a returns nope; };`,
      'reply "nope" of the service "a" is not a message of this file: define it or correct the name',
    ],
    [
      `${messages('a')} service { rpc a returns null; rpc b returns null; };`,
      'request "b" of the service "b" is not a message of this file',
    ],
    [
      `${messages('a', 'a_reply')} service { rpc a returns a_reply events e; };`,
      'event "e" of the service "a" is not a message of this file',
    ],
    [
      `${messages('a_get', 'a_get_reply')} service { rpc a_get returns a_get_reply stream e; };`,
      'streamed message "e" of the service "a_get" is not a message of this file',
    ],
    [
      `${messages('a_dump')} service { rpc a_dump returns stream e; };`,
      'streamed message "e" of the service "a_dump" is not a message of this file',
    ],
    [
      `${messages('a', 'a_reply')} service { rpc a returns a_reply; rpc a returns null; };`,
      'request "a" has two services: remove one',
    ],
    [
      `${messages('a', 'b', 'b_reply')} service { rpc a returns b; rpc b returns b_reply; };`,
      '"b" is the reply of "a" and cannot have a service',
    ],
    [`${messages('a', 'b')} service { rpc a returns b; };`, 'message "b" has no reply'],
  ])('refuses %s', (text, message) => {
    expect(error(text)).toContain(message)
  })

  it('are not judged in a file with syntax errors, where messages may be missing', () => {
    expect(error(`${messages('a')} define a_reply { u8 };`)).toContain('IDL_SYNTAX')
  })
})
