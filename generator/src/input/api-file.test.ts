import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importTree } from '../idl/index.ts'
import type { ApiDocument } from '../schema/document.ts'
import { loadSchema } from './load.ts'
import { bundled, RELEASES, ROOT, tempFolder } from '../testing/folder.ts'
import { apiComments } from '../idl/comments.ts'
import { readApiFiles } from './api-file.ts'
import { printFields, printTypes, typeNames } from './api-text.ts'
import { Definitions } from './definitions.ts'
import { moduleOfFile, type Input } from '../schema/input.ts'
import { readInput } from './read.ts'

const POKE = `
  option version = "1.2.3";
  import "vnet/interface_types.api";
  /** Pokes.
      @param target - whom */
  autoreply define poke { u32 client_index; u32 context; vl_api_interface_index_t target; vl_api_if_type_t kind; };`

const documentOf = (input: Input, source: string): ApiDocument => {
  const file = input.files.find((it) => it.source === source)
  return JSON.parse(Buffer.from(file?.bytes ?? []).toString()) as ApiDocument
}

describe('a .api file', () => {
  it('finds its imports in the definitions of a release; modules that are named come along', async () => {
    const file = join(tempFolder({ 'poke.api': POKE }), 'poke.api')
    const schema = await loadSchema({ files: [file], release: '26.06' })
    expect([...schema.modules.keys()]).toEqual(['interface_types', 'poke'])
    expect(schema.release).toBe('26.06')
    const poke = schema.modules.get('poke')
    expect(poke).toMatchObject({ source: 'plugins/poke.api.json', options: { version: '1.2.3' } })
    expect(poke?.messages.map(({ name }) => name)).toEqual(['poke', 'poke_reply'])
    expect(poke?.messages[0]?.comment).toContain('Pokes.')
    expect(await loadSchema({ input: file, release: '26.06' })).toEqual(schema)
    const more = await loadSchema({ files: [file], input: bundled('25.10'), modules: ['vpe'] })
    expect([...more.modules.keys()]).toEqual(['interface_types', 'poke', 'vpe', 'vpe_types'])
    expect(more.release).toBe('25.10')
  })

  it('finds its imports in files around it, and in a source tree', async () => {
    const types = 'enum if_type : u8 { ONE, }; typedef u32 interface_index;'
    const poke = { 'mine/poke.api': POKE, VPP_VERSION: '26.06' }
    const around = tempFolder({ ...poke, 'vnet/interface_types.api': types })
    const tree = tempFolder({ 'src/vnet/interface_types.api': types })
    const whole = await importTree(tempFolder({ 'vnet/interface_types.api': types, 'poke.api': POKE }))
    const version = whole.modules.find(({ module }) => module === 'poke')?.json.vl_api_version
    const found = await readInput({ files: [join(around, 'mine/poke.api')] })
    const given = await readInput({ files: [join(tempFolder(poke), 'mine/poke.api')], input: tree })
    for (const input of [found, given]) {
      expect(input.files.map(({ source }) => source)).toEqual([
        'core/interface_types.api.json',
        'plugins/poke.api.json',
      ])
      expect(documentOf(input, 'plugins/poke.api.json').vl_api_version).toBe(version)
    }
  })

  it('is called what others call it when it is imported', async () => {
    const folder = tempFolder({
      'mine/poke.api':
        'import "mine/kinds.api"; autoreply define poke { u32 client_index; u32 context; vl_api_kind_t k; };',
      'mine/kinds.api': 'enum kind { ONE, };',
    })
    for (const names of [['poke', 'kinds'], ['kinds', 'poke'], ['poke']]) {
      const { modules } = await loadSchema({
        files: names.map((name) => join(folder, 'mine', `${name}.api`)),
      })
      expect([...modules.values()].map(({ source }) => source)).toEqual([
        'plugins/kinds.api.json',
        'plugins/poke.api.json',
      ])
    }
  })

  it('imports what statements say, wherever they stand, and nothing that a comment says', async () => {
    const folder = tempFolder({
      'poke.api': `/*
        import "vnet/nowhere.api";
        */ option version = "1.0.0"; import "kinds.api"; typedef poke { vl_api_kind_t kind; };`,
      'kinds.api': 'enum kind { ONE, };',
    })
    const { files } = await readInput({ files: [join(folder, 'poke.api')] })
    expect(files.map(({ source }) => source)).toEqual(['plugins/kinds.api.json', 'plugins/poke.api.json'])
  })

  it('says what is wrong', async () => {
    const folder = tempFolder({
      'lost.api': 'import "vnet/nowhere.api"; import "../up.api";',
      'bad.api': 'define bad { gone g; };',
      'up.api': '',
      'latin.api': Buffer.from('// caf\xe9\n', 'latin1'),
      'x.api.json': {},
      'damaged/interface_types.api.json': '{',
      'poke.api': POKE,
    })
    const read = (...names: string[]) =>
      readInput({ files: names.map((name) => join(folder, name)), release: '26.06' })
    await expect(read('lost.api')).rejects.toMatchObject({
      code: 'BINAPI_INVALID',
      message: expect.stringMatching(
        /nowhere\.api" does not exist[^]*"\.\.\/up\.api" does not exist/,
      ) as string,
    })
    await expect(read('bad.api')).rejects.toMatchObject({
      message: expect.stringContaining('bad.api:1:14: error IDL_TYPE') as string,
    })
    await expect(read('latin.api')).rejects.toMatchObject({
      message: expect.stringContaining('file is not UTF-8 text') as string,
    })
    await expect(read('none.api')).rejects.toMatchObject({ code: 'BINAPI_INPUT' })
    await expect(read('bad.api', 'x.api.json')).rejects.toMatchObject({ code: 'BINAPI_USAGE' })
    await expect(
      readInput({ files: [join(folder, 'poke.api')], input: join(folder, 'damaged') }),
    ).rejects.toMatchObject({ code: 'BINAPI_INVALID', message: expect.stringContaining('no JSON') as string })
  })

  it.each(RELEASES)(
    'has the CRC of VPP for every message of %s, rewritten as files of somebody',
    async (release) => {
      const definitions = await readInput({ release })
      const paths = pathsOf(release)
      const printer = await Definitions.of(definitions)
      const reached = printer.print(paths.values())
      const files: Record<string, string> = {}
      const crcs: Record<string, unknown> = {}
      for (const { source } of definitions.files) {
        const document = documentOf(definitions, source)
        const name = `my_${moduleOfFile(source)}`
        crcs[name] = document.messages.map((message) => [message[0], crcOf(message)])
        files[`${name}.api`] = asPlugin(document, paths.get(moduleOfFile(source)) ?? '', reached)
      }
      const folder = tempFolder(files)
      const input = await readApiFiles(
        Object.keys(files).map((file) => join(folder, file)),
        { folders: [], definitions: () => Promise.resolve(definitions), always: false },
      )
      for (const [name, expected] of Object.entries(crcs)) {
        const { messages } = documentOf(input, `plugins/${name}.api.json`)
        expect([name, messages.map((message) => [message[0], crcOf(message)])]).toEqual([name, expected])
      }
    },
  )
})

/** A file with the messages of a definition, which imports all its types. */
function asPlugin(document: ApiDocument, path: string, known: ReadonlyMap<string, string>): string {
  const defines = document.messages.map(([name, , ...fields]) => `define ${name} ${printFields(fields)};`)
  const rpcs = Object.entries(document.services ?? {}).map(
    ([caller, { reply, stream, stream_msg, events }]) => {
      const list = events === undefined ? '' : ` events ${events.join(' ')}`
      if (stream_msg !== undefined) return `rpc ${caller} returns ${reply} stream ${stream_msg};`
      return `rpc ${caller} returns ${stream === true ? 'stream ' : ''}${reply === 'null' ? 'null' : reply}${list};`
    },
  )
  expect(known.has(path)).toBe(true)
  const service = rpcs.length === 0 ? '' : `service { ${rpcs.join(' ')} };`
  return [`import "${path}";`, ...defines, service].join('\n')
}

/** Paths of the `.api` files of a release by module. */
function pathsOf(release: string): ReadonlyMap<string, string> {
  const { modules } = JSON.parse(readFileSync(join(ROOT, 'api-json', release, 'SOURCE.json'), 'utf8')) as {
    readonly modules: readonly { readonly module: string; readonly path: string }[]
  }
  return new Map(modules.map(({ module, path }) => [module, path]))
}

function crcOf(message: ApiDocument['messages'][number]): string {
  return (message.at(-1) as { readonly crc: string }).crc
}

it('prints types behind what they are made of, and only those that are wanted', () => {
  const path = join(bundled('26.06'), 'core/ip_types.api.json')
  const document = JSON.parse(readFileSync(path, 'utf8')) as ApiDocument
  const text = printTypes(document, new Set(['prefix', 'address', 'address_union']), new Map())
  expect(text.split('\n').map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'union address_union',
    'typedef address',
    'typedef prefix',
  ])
  expect(text).toContain('vl_api_address_union_t un [discriminator=af];')
  expect(typeNames(document)).toContain('ip_proto')
})

describe('comments', () => {
  const of = (text: string) => Object.fromEntries(apiComments(text).define)

  it('belong to what follows on the line below or the same', () => {
    expect(of('/* a */ define x { u8 a; };\n// b\nautoreply define y\n{ u8 a; };')).toEqual({
      x: '/* a */',
      y: '// b',
    })
    expect(Object.fromEntries(apiComments('/** t */\ntypedef s { u8 a; };').typedef)).toEqual({
      s: '/** t */',
    })
  })

  it('are found in time that grows with the text', () => {
    const long = 'a'.repeat(200_000)
    expect(of(`/* a */ ${long}; define x { u8 a; };`)).toEqual({})
    expect(of(`/* a */ autoreply\n${' '.repeat(200_000)}define x { u8 a; };`)).toEqual({ x: '/* a */' })
  })

  it('belong to nothing when there is a gap, another statement, or a field', () => {
    expect(of('/* a */\n\ndefine x { u8 a; };')).toEqual({})
    expect(of('/* a */ option b = "{"; define x { u8 a; };')).toEqual({})
    expect(of('define x { u8 a; /* a */\n}; define y { u8 b; };')).toEqual({})
    expect(of('// define z { u8 a; };\n\ndefine y { u8 b; };')).toEqual({})
  })
})
