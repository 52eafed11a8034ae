import { describe, expect, it } from 'vitest'
import { releases } from '@vpp-ts/api-json'
import { loadRelease, readReleaseFolder } from './folder.ts'
import { MessageTable } from './message-table.ts'
import { Release } from './release.ts'

const release = new Release(loadRelease('26.06'))
const { schema } = release

function entries(table: MessageTable, order: 'hash' | 'id' | 'random'): { id: number; name: string }[] {
  const bytes = table.encode(order)
  return Array.from({ length: bytes.readUInt16BE(0) }, (_, index) => {
    const at = 2 + 66 * index
    return { id: bytes.readUInt16BE(at), name: bytes.toString('latin1', at + 2, bytes.indexOf(0, at + 2)) }
  })
}

describe('the message table', () => {
  it('gives the built-in messages the ids that every VPP gives them', () => {
    const table = new MessageTable(schema, 3)
    const known: [string, number][] = [
      ['memclnt_create', 1],
      ['get_first_msg_id', 10],
      ['sockclnt_create', 15],
      ['sockclnt_create_reply', 16],
      ['sockclnt_delete', 17],
      ['control_ping', 23],
      ['control_ping_reply', 24],
      ['get_api_json_reply', 28],
    ]
    for (const [name, id] of known) expect([name, table.idOf(name)]).toEqual([name, id])
    expect(table.byId(29)?.name).not.toMatch(/^memclnt/)
  })

  it('numbers every module in one block, in the order of its definition', () => {
    const table = new MessageTable(schema, 0)
    for (const module of schema.modules()) {
      const names = schema.messages(module)
      const first = table.firstIdOf(module) ?? 0
      expect(names.map((name) => table.idOf(name))).toEqual(names.map((_, index) => first + index))
    }
  })

  it('has every message once, dense, with name and CRC', () => {
    const table = new MessageTable(schema, 0)
    const all = entries(table, 'id')
    expect(all.map(({ id }) => id)).toEqual(schema.messages().map((_, index) => index + 1))
    for (const { id, name } of all) expect(name).toBe(`${table.byId(id)?.name}_${table.byId(id)?.crc}`)
    expect(all).toContainEqual({ id: 23, name: 'control_ping_51077d14' })
    const longest = all.map(({ name }) => name.length).sort((a, b) => b - a)[0]
    expect(longest).toBe(63)
  })

  it('sorts by hash, by id, or in a new order each time', () => {
    const table = new MessageTable(schema, 0)
    const ids = (order: 'hash' | 'id' | 'random'): number[] => entries(table, order).map(({ id }) => id)
    const sorted = ids('id')
    expect(ids('hash')).not.toEqual(sorted)
    expect(ids('hash')).toEqual(ids('hash'))
    expect(ids('random')).not.toEqual(ids('random'))
    for (const order of ['hash', 'random'] as const) expect(ids(order).sort((a, b) => a - b)).toEqual(sorted)
  })

  it('gives other numbers in another turn', () => {
    const [one, two] = [new MessageTable(schema, 0), new MessageTable(schema, 1)]
    expect(one.idOf('show_version')).not.toBe(two.idOf('show_version'))
    expect(one.size).toBe(two.size)
  })

  it('refuses to answer for messages that are not there', () => {
    const table = new MessageTable(schema, 0)
    expect(table.byId(0)).toBeUndefined()
    expect(table.byId(60_000)).toBeUndefined()
    expect(() => table.byName('nothing')).toThrow(expect.objectContaining({ code: 'SIMULATOR_MESSAGE' }))
  })
})

describe('a release', () => {
  it('leaves out what VPP builds only for its own tests', () => {
    expect(schema.modules()).not.toContain('vat2_test')
  })

  it('serves the definitions of all modules with messages but the built-in one', () => {
    const served = JSON.parse(release.apiJson()) as { module: string; messages: unknown[] }[]
    expect(served.length).toBeGreaterThan(100)
    expect(served.every(({ messages }) => messages.length > 0)).toBe(true)
    expect(served.map(({ module }) => module)).not.toContain('memclnt')
  })

  it.each(releases())('%s can be loaded', (name) => {
    const loaded = new Release(loadRelease(name))
    expect(loaded.schema.messages().length).toBeGreaterThan(1800)
    expect(loaded.rangeCrcOf('vpe')).toMatch(/^[0-9a-f]{8}$/)
    expect(loaded.plugins()).toContain('memif')
  })

  it.each(['1.2', '../26.06'])('%s is not there', (name) => {
    expect(() => loadRelease(name)).toThrow(expect.objectContaining({ code: 'SIMULATOR_RELEASE' }))
  })

  it('cannot be read from a folder without definitions', () => {
    expect(() => readReleaseFolder('/nowhere')).toThrow(/cannot read API definitions from \/nowhere/)
    const here = new URL('.', import.meta.url).pathname
    expect(() => readReleaseFolder(here)).toThrow(/has no files that end in .api.json/)
  })

  it('needs the built-in module, and definitions that are whole', () => {
    const broken = { release: 'x', modules: [{ name: 'a', document: { messages: 1 } }] }
    expect(() => new Release(broken)).toThrow(expect.objectContaining({ code: 'SIMULATOR_RELEASE' }))
    expect(() => new Release({ release: 'x', modules: [] })).toThrow(/lack the module memclnt/)
  })
})
