import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ApiVersions, ControlPing, ControlPingReply, GetApiJson } from '../bootstrap/memclnt.ts'
import { ApiVersionsReply, GetApiJsonReply } from '../bootstrap/memclnt.ts'
import { builtInSchema, readSchema } from './index.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpp-ts-schema-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const refused = (path: string, problem: RegExp) =>
  expect(readSchema(path)).rejects.toMatchObject({
    code: 'VPP_SCHEMA',
    message: expect.stringMatching(problem) as string,
  })

describe('a folder of definitions', () => {
  it('is read with the folders in it; the names of files stand for modules that do not say theirs', async () => {
    mkdirSync(join(folder, 'core'))
    const message = (name: string) => ({ messages: [[name, ['u16', '_vl_msg_id'], { crc: '0x1' }]] })
    writeFileSync(join(folder, 'core', 'b.api.json'), JSON.stringify(message('from_b')))
    writeFileSync(join(folder, 'a.api.json'), JSON.stringify({ module: 'named', ...message('from_a') }))
    writeFileSync(join(folder, 'notes.txt'), 'not read')
    const schema = await readSchema(folder)
    expect(schema.modules()).toEqual(['named', 'b'])
    expect(schema.moduleOf('from_b')).toBe('b')
  })

  it('is refused when it is not there, has none, or they are damaged', async () => {
    await refused(join(folder, 'none'), /cannot be read: ENOENT/)
    await refused(folder, /no \.api\.json file .*\/usr\/share\/vpp\/api/)
    writeFileSync(join(folder, 'x.api.json'), '{"messages":')
    await refused(folder, /x\.api\.json: cannot be read/)
  })
})

describe('what every VPP answers', () => {
  it('is described as the bindings that the connection itself uses', () => {
    const schema = builtInSchema()
    for (const { descriptor } of [
      ...[ControlPing, ControlPingReply, GetApiJson, GetApiJsonReply],
      ...[ApiVersions, ApiVersionsReply],
    ]) {
      const made = schema.message(descriptor.name).descriptor
      expect([made.crc, made.header]).toEqual([descriptor.crc, descriptor.header])
      expect(made.fields.map(([name]) => name)).toEqual(descriptor.fields.map(([name]) => name))
    }
    expect(schema.crcOf('get_first_msg_id')).toBe('ebf79a66')
    expect(schema.crcOf('get_first_msg_id_reply')).toBe('7d337472')
  })
})
