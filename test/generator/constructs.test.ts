import { pathToFileURL } from 'node:url'
import { buildModel, importText, loadSchema, renderBindings } from '@vpp-ts/binapi-generator'
import type { JsonValue, MessageDescriptor } from '@vpp-ts/runtime/codegen/v1'
import { Schema } from '@vpp-ts/runtime/dynamic'
import { ByteWriter, codecOf } from '@vpp-ts/runtime/internal'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { userProject, writeInto } from './compile.ts'
import { fileOf, REFUSED, SUPPORTED, type Construct } from './constructs.ts'
import { randomNumbers, ValueMaker, type Document } from './made-value.ts'

const SEED = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31)
const MODULES = 3
/** Values of each message. */
const VALUES = 4
/** Bytes of the message id, the client index and the context. */
const HEADER = 10
const ENGINES = ['compiled', 'interpreted'] as const

interface AnyClass {
  new (init?: never): object
  readonly descriptor: MessageDescriptor
  fromJSON(json: JsonValue): object
}

function encode(type: AnyClass, value: unknown, engine: (typeof ENGINES)[number]): Buffer {
  const writer = new ByteWriter()
  codecOf(type.descriptor, engine).encode(writer, value as object, 1, 2, 3)
  return writer.take()
}

/** All that one message must hold to, as its generated class and as the one of `DynamicApi`. */
function compare(generated: AnyClass, dynamic: AnyClass, value: unknown, size: number): void {
  const { name } = generated.descriptor
  const bytes = encode(generated, value, 'compiled')
  expect(bytes, name).toHaveLength(HEADER + size)
  for (const type of [generated, dynamic]) {
    for (const engine of ENGINES) {
      expect(encode(type, value, engine), name).toEqual(bytes)
      const read = codecOf(type.descriptor, engine).decode(bytes, 0, bytes.length) as object
      expect(encode(type, read, engine), name).toEqual(bytes)
      const json = JSON.parse(JSON.stringify(read)) as JsonValue
      expect(encode(type, type.fromJSON(json), engine), name).toEqual(bytes)
    }
  }
}

/** Definitions of a made-up module, by the importer; the generator's classes and those of `DynamicApi`. */
async function allFour(files: ReadonlyMap<string, string>) {
  const { modules } = importText(files)
  const folder = userProject()
  writeInto(
    folder,
    Object.fromEntries(modules.map(({ module, text }) => [`api/plugins/${module}.api.json`, text])),
  )
  const loaded = await loadSchema({ input: `${folder}/api`, strict: true })
  const bindings = await renderBindings(buildModel(loaded), { importExtension: '.ts' })
  writeInto(folder, Object.fromEntries(bindings.map(({ path, text }) => [`src/${path}`, text])))
  const classesOf = async (module: string) => {
    const path = pathToFileURL(`${folder}/src/${module}/messages.ts`).href
    return (await import(/* @vite-ignore */ path)) as { readonly messages: readonly AnyClass[] }
  }
  return { modules, classesOf }
}

describe('importer, generator, DynamicApi and codec', () => {
  it(
    `agree on ${MODULES} made-up modules of all that they support (FC_SEED=${SEED})`,
    { timeout: 300_000 },
    async () => {
      const order = fc.shuffledSubarray([...SUPPORTED], { minLength: SUPPORTED.length })
      const texts = fc.sample(order, { numRuns: MODULES, seed: SEED }).map(fileOf)
      const { modules, classesOf } = await allFour(
        new Map(texts.map((text, index) => [`plugins/c${index}/c${index}.api`, text])),
      )
      const below = randomNumbers(SEED)
      let compared = 0
      for (const { module, json } of modules) {
        const { messages } = await classesOf(module)
        const document = json as unknown as Document
        const maker = new ValueMaker(document, below)
        const schema = Schema.fromApiJson([json])
        for (const generated of messages) {
          const { name, fields } = generated.descriptor
          if (name.endsWith('_reply')) continue
          const definition = document.messages.find(([known]) => known === name) ?? [name]
          const own = definition.slice(4, -1) as never
          for (let round = 0; round < VALUES; round++) {
            const { value, size } = maker.block(own, fields)
            compare(generated, schema.message(name) as unknown as AnyClass, value, size)
          }
          compared++
        }
      }
      expect(compared).toBe(MODULES * SUPPORTED.length)
    },
  )

  it.each(REFUSED.map((construct) => [construct.name, construct] as const))(
    'refuse %s, all of them',
    async (_, construct: Construct) => {
      const { json, leavesOut } = construct
      const imported = () => importText(new Map([['plugins/c/c.api', fileOf([construct])]])).modules[0]?.json
      if (json !== undefined) expect(imported).toThrow('IDL_FIELD')
      const document = json === undefined ? imported() : documentOf(json)
      const folder = userProject()
      const other = importText(new Map([['plugins/d/d.api', 'option version = "1.0.0";']])).modules[0]?.json
      writeInto(folder, {
        'api/plugins/c.api.json': document as object,
        'api/plugins/d.api.json': other as unknown as object,
      })
      const { leftOut } = await loadSchema({ input: `${folder}/api` })
      expect(leftOut).toMatchObject([
        leavesOut === 'module' ? { kind: 'module', name: 'c' } : { kind: 'message', name: 'm0' },
      ])
      expect(leftOut[0]?.problems[0]?.message).toContain(construct.refused)
      expect(() => Schema.fromApiJson([document]).message('m0')).toThrow(/VPP_|m0|message m0/)
    },
  )
})

/** A document with one message, and another that nothing is wrong with. */
function documentOf({ fields, ...types }: NonNullable<Construct['json']>): object {
  const header = [
    ['u16', '_vl_msg_id'],
    ['u32', 'client_index'],
    ['u32', 'context'],
  ]
  return {
    module: 'c',
    types: [],
    unions: [],
    enums: [],
    enumflags: [],
    aliases: {},
    ...types,
    messages: [
      ['m0', ...header, ...fields, { crc: '0x00000001', options: {} }],
      ['sound', ...header, { crc: '0x00000002', options: {} }],
    ],
    services: { sound: { reply: 'null' } },
    options: {},
    vl_api_version: '0x1',
    imports: [],
    counters: [],
    paths: [],
  }
}
