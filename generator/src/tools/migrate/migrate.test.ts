import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Schema } from '../../schema/module.ts'
import { schemaOfApi } from '../../testing/api-text.ts'
import { tempFolder } from '../../testing/folder.ts'
import { migrateProgram, type MigrateResult } from './migrate.ts'

/** Definitions of some releases, each as files in VPP's API language. */
async function releases(...all: readonly Readonly<Record<string, string>>[]): Promise<Schema[]> {
  const schemas = await Promise.all(all.map(schemaOfApi))
  return schemas.map((schema, index) => ({
    ...schema,
    release: `26.${String(index * 4 + 2).padStart(2, '0')}`,
  }))
}

interface Migrated extends MigrateResult {
  /** Texts of the files that have changed, by the end of their path. */
  readonly texts: Readonly<Record<string, string>>
}

async function migrate(
  schemas: readonly Schema[],
  files: Readonly<Record<string, unknown>>,
  newest = false,
): Promise<Migrated> {
  const folder = tempFolder({ '.prettierrc': { semi: false, singleQuote: true, printWidth: 110 }, ...files })
  const result = await migrateProgram({ program: folder, releases: schemas, newest })
  const name = (path: string) => path.slice(path.lastIndexOf('/') + 1)
  return { ...result, texts: Object.fromEntries(result.files.map(({ path, after }) => [name(path), after])) }
}

const HEAD = 'u32 client_index; u32 context;'
const REPLY = 'u32 context; i32 retval;'

describe('migrateProgram', () => {
  it('renames messages, fields and members, wherever and however they are named', async () => {
    const schemas = await releases(
      {
        'plugins/a/a.api': `
          enum shade : u8 { SHADE_DARK = 1, SHADE_PALE = 2, };
          typedef box { u32 width; u32 height; vl_api_shade_t shade; };
          autoreply define paint_box { ${HEAD} vl_api_box_t box; string label[16]; };`,
      },
      {
        'plugins/a/a.api': `
          enum shade : u8 { SHADE_DARK = 1, SHADE_LIGHT = 2, };
          typedef box { u32 breadth; u32 height; vl_api_shade_t shade; };
          autoreply define color_box { ${HEAD} vl_api_box_t box; string label[16]; };`,
      },
    )
    const { texts, errors, files } = await migrate(schemas, {
      'barrel.ts': "export { PaintBox, Shade as Tint } from './binapi/a/index.js'\n",
      'a.ts': `import { AClient, Box } from './binapi/a/index.js'
import { PaintBox, Tint } from './barrel.js'

const size = { width: 1, height: 2 }
const width = 3
export const requests = [
  new PaintBox({ box: { ...size, shade: Tint.SHADE_PALE } }),
  new PaintBox({ box: { width, height: 1 } }),
]
export const widths = requests.map(({ box: { width } }) => width)
export const raw = (box: Box) => box['width']

export async function paint(client: AClient, api: { call(name: string, fields: object): Promise<void> }) {
  const { paintBox: send } = client
  await client.paintBox({ label: 'x', box: { width: 1, height: 1 } })
  await api.call('paint_box', { label: 'x' })
  return send
}
`,
    })
    expect(errors).toEqual([])
    expect(texts).toEqual({
      'barrel.ts': "export { ColorBox, Shade as Tint } from './binapi/a/index.js'\n",
      'a.ts': `import { AClient, Box } from './binapi/a/index.js'
import { ColorBox, Tint } from './barrel.js'

const size = { breadth: 1, height: 2 }
const width = 3
export const requests = [
  new ColorBox({ box: { ...size, shade: Tint.SHADE_LIGHT } }),
  new ColorBox({ box: { breadth: width, height: 1 } }),
]
export const widths = requests.map(({ box: { breadth: width } }) => width)
export const raw = (box: Box) => box['breadth']

export async function paint(client: AClient, api: { call(name: string, fields: object): Promise<void> }) {
  const { colorBox: send } = client
  await client.colorBox({ label: 'x', box: { breadth: 1, height: 1 } })
  await api.call('color_box', { label: 'x' })
  return send
}
`,
    })
    expect(files.flatMap(({ remarks }) => remarks)).toEqual([])
  })

  it('follows what is renamed twice', async () => {
    const define = (name: string, field: string) => ({
      'plugins/a/a.api': `autoreply define ${name} { ${HEAD} u32 ${field}; string label[16]; };`,
    })
    const schemas = await releases(
      define('one', 'x'),
      define('two', 'x'),
      define('two', 'y'),
      define('three', 'y'),
    )
    const { texts } = await migrate(schemas, {
      'a.ts': "import { One } from './binapi/a/index.js'\nexport const one = new One({ x: 1 })\n",
    })
    expect(texts['a.ts']).toBe(
      "import { Three } from './binapi/a/index.js'\nexport const one = new Three({ y: 1 })\n",
    )
  })

  it('takes imports to where things have moved, and names of modules along', async () => {
    const poke = `autoreply define poke { ${HEAD} u32 a; u32 b; };`
    const push = `autoreply define push { ${HEAD} u8 a; u8 b; };`
    const schemas = await releases(
      {
        'plugins/old/old.api': poke,
        'plugins/two/two.api': push + `autoreply define pull { ${HEAD} u16 a; };`,
      },
      {
        'plugins/new/new_name.api': poke + push,
        'plugins/two/two.api': `autoreply define pull { ${HEAD} u16 a; };`,
      },
    )
    const { texts, errors } = await migrate(schemas, {
      'package.json': { dependencies: { '@vpp-ts/binapi-old': '~26.2.0', '@vpp-ts/binapi-two': '~26.2.0' } },
      'a.ts': `import { OldClient, Poke } from '@vpp-ts/binapi-old'
import { Pull, type Push, TwoClient } from '@vpp-ts/binapi-two'

export type All = Poke | Pull | Push
export const poke = (client: OldClient) => client.poke({ a: 1 })
export const push = (vpp: ConstructorParameters<typeof TwoClient>[0]) => new TwoClient(vpp).push({ a: 1 })
export const held = (client: TwoClient) => client.push({ a: 1 })
`,
    })
    expect(texts['a.ts']).toBe(`import { NewNameClient, Poke } from '@vpp-ts/binapi-new-name'
import { Pull, TwoClient } from '@vpp-ts/binapi-two'
import { type Push, NewNameClient } from '@vpp-ts/binapi-new-name'

export type All = Poke | Pull | Push
export const poke = (client: NewNameClient) => client.poke({ a: 1 })
export const push = (vpp: ConstructorParameters<typeof TwoClient>[0]) => new NewNameClient(vpp).push({ a: 1 })
// vpp: push moved to module new_name: call push of NewNameClient
export const held = (client: TwoClient) => client.push({ a: 1 })
`)
    expect(JSON.parse(texts['package.json'] ?? '')).toEqual({
      dependencies: { '@vpp-ts/binapi-new-name': '~26.6.0', '@vpp-ts/binapi-two': '~26.6.0' },
    })
    expect(errors.map(({ text }) => text)).toContainEqual(
      expect.stringContaining("'push' does not exist on type 'TwoClient'"),
    )
  })

  it('takes a newer version of what is gone, if it means the same; of what is deprecated only if asked', async () => {
    const v1 = `option deprecated; ${HEAD} string name[16]; u32 size;`
    const v2 = `${HEAD} string name[64]; u32 size; u32 age [default=5]; string note[8];`
    const answer = `define make_reply { ${REPLY} u32 index; };`
    const answerV2 = `define make_v2_reply { ${REPLY} u32 index; u32 more; };`
    const old = `define make { ${v1} }; ${answer}`
    const schemas = await releases(
      { 'plugins/a/a.api': old },
      { 'plugins/a/a.api': `${old} define make_v2 { ${v2} }; ${answerV2}` },
      { 'plugins/a/a.api': `define make_v2 { ${v2} }; ${answerV2}` },
    )
    const program = {
      'a.ts': `import type { AClient, MakeReply } from './binapi/a/index.js'

export const index = (reply: MakeReply): number => reply.index
export const make = async (client: AClient) => index(await client.make({ name: 'x', size: 1 }))
`,
    }
    const gone = await migrate(schemas, program)
    expect(gone.errors).toEqual([])
    expect(gone.texts['a.ts']).toBe(`import type { AClient, MakeV2Reply } from './binapi/a/index.js'

export const index = (reply: MakeV2Reply): number => reply.index
export const make = async (client: AClient) => index(await client.makeV2({ name: 'x', size: 1 }))
`)
    expect((await migrate(schemas.slice(0, 2), program)).texts).toEqual({})
    expect((await migrate(schemas.slice(0, 2), program, true)).texts).toEqual(gone.texts)
  })

  it('asks where it cannot know, once for each statement, and not again', async () => {
    const schemas = await releases(
      {
        'plugins/a/a.api': `
          typedef spot { u32 x; u32 y; };
          autoreply define make { ${HEAD} u32 size; };
          autoreply define move { ${HEAD} vl_api_spot_t spot; u32 speed; };
          autoreply define gone { ${HEAD} u32 size; u32 what; };`,
      },
      {
        'plugins/a/a.api': `
          typedef spot { u32 x; u32 y; u32 z; };
          autoreply define make_v2 { ${HEAD} u32 size; u32 color; };
          autoreply define move { ${HEAD} vl_api_spot_t spot; };`,
      },
    )
    const files = {
      'a.ts': `import { AClient, Gone } from './binapi/a/index.js'

export async function run(client: AClient) {
  await client.make({ size: 1 })
  await client.move({ spot: { x: 1, y: 1 }, speed: 3 })
  return new Gone()
}
`,
    }
    const { texts, errors, files: changed } = await migrate(schemas, files)
    const expected = `import { AClient, Gone } from './binapi/a/index.js'

export async function run(client: AClient) {
  // vpp: make is gone since 26.06: see MakeV2, which means something else
  await client.make({ size: 1 })
  // vpp: spot has the new field z, which is 0 unless it is set
  // vpp: move no longer has speed in 26.06
  await client.move({ spot: { x: 1, y: 1 }, speed: 3 })
  // vpp: gone is gone since 26.06
  return new Gone()
}
`
    expect(texts['a.ts']).toBe(expected)
    expect(changed[0]?.remarks.map(({ line }) => line)).toEqual([4, 6, 7, 9])
    expect(errors).not.toEqual([])
    expect((await migrate(schemas, { 'a.ts': expected })).texts).toEqual({})
  })

  it('writes defaults down that have changed', async () => {
    const define = (preset: string) => ({
      'plugins/a/a.api': `autoreply define move { ${HEAD} u32 speed${preset}; bool fast [default=true]; };`,
    })
    const schemas = await releases(define(' [default=7]'), define(' [default=9]'))
    const { texts } = await migrate(schemas, {
      'a.ts': `import { AClient, Move } from './binapi/a/index.js'

export const all = (client: AClient, rest: { fast: boolean }) => [
  client.move({}),
  client.move({ fast: false }),
  client.move({ speed: 1 }),
  new Move({ fast: true }),
]
export const some = (client: AClient, rest: { fast: boolean }) => client.move({ ...rest })
`,
    })
    expect(texts['a.ts']).toBe(`import { AClient, Move } from './binapi/a/index.js'

export const all = (client: AClient, rest: { fast: boolean }) => [
  client.move({ speed: 7 }),
  client.move({ fast: false, speed: 7 }),
  client.move({ speed: 1 }),
  new Move({ fast: true, speed: 7 }),
]
// vpp: the default of speed was 7 and is another now
export const some = (client: AClient, rest: { fast: boolean }) => client.move({ ...rest })
`)
  })

  it('leaves files in another style as they are but for what it changes, and all that is not of bindings', async () => {
    const schemas = await releases(
      { 'plugins/a/a.api': `autoreply define one { ${HEAD} u32 x; string label[16]; };` },
      { 'plugins/a/a.api': `autoreply define two { ${HEAD} u32 x; string label[16]; };` },
    )
    const odd = 'import   {One}   from "./binapi/a/index.js";\nexport   const a=new One( {x:1} );\n'
    const { texts } = await migrate(schemas, {
      'odd.ts': odd,
      'other.ts': "export class One {}\nexport const one = 'a' + new One()\n",
    })
    expect(texts).toEqual({ 'odd.ts': odd.replaceAll('One', 'Two') })
  })

  it('refuses a program that is not there, or has syntax errors', async () => {
    const schemas = await releases({ 'plugins/a/a.api': 'option a;' }, { 'plugins/a/a.api': 'option a;' })
    const program = join(tempFolder(), 'gone')
    await expect(migrateProgram({ program, releases: schemas })).rejects.toMatchObject({
      code: 'BINAPI_INPUT',
    })
    await expect(migrate(schemas, { 'a.ts': 'const =' })).rejects.toMatchObject({ code: 'BINAPI_INVALID' })
  })
})
