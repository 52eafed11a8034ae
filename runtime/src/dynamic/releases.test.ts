import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { codecOf } from '../codec/codec.ts'
import { ByteWriter } from '../codec/writer.ts'
import { Schema } from './index.ts'

const RELEASES = new URL('../../../api-json/', import.meta.url)

function load(release: string): Schema {
  const documents: unknown[] = []
  const moduleNames: string[] = []
  for (const part of ['core', 'plugins']) {
    const folder = new URL(`${release}/${part}/`, RELEASES)
    for (const file of readdirSync(folder)) {
      documents.push(JSON.parse(readFileSync(new URL(file, folder), 'utf8')))
      moduleNames.push(file.replace(/\.api\.json$/, ''))
    }
  }
  return Schema.fromApiJson(documents, { moduleNames })
}

interface Source {
  readonly counts: { readonly messages: number; readonly services: number }
}

const names = readdirSync(RELEASES).filter((name) => /^\d/.test(name))

describe.each(names)('the messages of VPP %s', (release) => {
  const schema = load(release)
  const { counts } = JSON.parse(readFileSync(new URL(`${release}/SOURCE.json`, RELEASES), 'utf8')) as Source

  it('are all there, with their services', () => {
    expect(schema.messages()).toHaveLength(counts.messages)
    expect(schema.services()).toHaveLength(counts.services)
    for (const { request } of schema.services())
      expect(schema.method(request).request.descriptor.name).toBe(request)
  })

  it('encode their defaults and decode them again', () => {
    const writer = new ByteWriter()
    for (const name of schema.messages()) {
      const Message = schema.message(name)
      const codec = codecOf(Message.descriptor)
      const value = new Message()
      codec.encode(writer, value, 1, 0, 0)
      const bytes = writer.take()
      expect(bytes.length, name).toBe(codec.minimumSize)
      expect(JSON.stringify(codec.decode(bytes, 0, bytes.length)), name).toBe(JSON.stringify(value))
    }
  })

  it('know which arm of a union counts, though definitions before 26.06 do not say it', () => {
    const punt = schema.message('set_punt').descriptor.fields.find(([name]) => name === 'punt')?.[2]
    if (punt === undefined || typeof punt === 'string' || punt.descriptor.kind !== 'struct') {
      throw new Error('set_punt has no punt')
    }
    const [chooser, union] = punt.descriptor.fields
    expect(union?.[4]).toEqual({ discriminator: chooser?.[0] })
    if (union === undefined || typeof union[2] === 'string' || union[2].descriptor.kind !== 'union') {
      throw new Error('punt has no union')
    }
    expect(union[2].descriptor.arms.map(([name, , , , value]) => [name, value])).toEqual([
      ['exception', 2],
      ['l4', 0],
      ['ip_proto', 1],
    ])
  })
})
