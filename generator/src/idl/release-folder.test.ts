import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importText } from './import-text.ts'
import { describeRelease, releaseChecksum, releaseFiles, releasePath } from './release.ts'
import { writeRelease } from './release-folder.ts'

const FACTS = {
  release: '26.06',
  generator: '0.1.0',
  commit: 'c3200b88dc',
  date: '2026-06-21T16:02:56+02:00',
}

/** The files of a release made of these `.api` files. */
function releaseOf(files: Readonly<Record<string, string>>) {
  const { modules } = importText(new Map(Object.entries(files)))
  return releaseFiles(modules, describeRelease(modules, FACTS))
}

const FILES = {
  'vnet/a.api': 'typedef u8 a;',
  'plugins/b/b.api': 'option b;',
  'vat2/test/t.api': 'option t;',
}

describe('describeRelease', () => {
  it('says where a release comes from and what it holds', () => {
    const files = releaseOf(FILES)
    const source = JSON.parse(files.at(-1)?.text ?? '') as Record<string, unknown>
    expect(files.map(({ path }) => path)).toEqual([
      'core/a.api.json',
      'plugins/b.api.json',
      'core/t.api.json',
      'SOURCE.json',
    ])
    expect(source).toEqual({
      ...FACTS,
      counts: {
        modules: 3,
        messages: 0,
        types: 0,
        enums: 0,
        enumflags: 0,
        unions: 0,
        aliases: 1,
        services: 0,
      },
      checksum: releaseChecksum(files.slice(0, -1)),
      modules: [
        { module: 'a', origin: 'core', path: 'vnet/a.api', rangeCrc: '0d4cbb29' },
        { module: 'b', origin: 'plugins', path: 'plugins/b/b.api', rangeCrc: '71beeff9' },
        { module: 't', origin: 'core', path: 'vat2/test/t.api', rangeCrc: '856a5aa8', installed: false },
      ],
    })
  })
})

describe('releaseChecksum', () => {
  it('depends on paths and contents, not on the order', () => {
    const [a, b] = [
      { path: 'core/a', text: 'x' },
      { path: 'core/b', text: 'y' },
    ]
    const sum = releaseChecksum([a, b])
    // sha256 of "core/a\0x\0core/b\0y\0"
    expect(sum).toBe('sha256:259719160e90e2de9b716f677c40caa423c583c61610a31df0362c0ab0aa8eb1')
    expect(releaseChecksum([b, a])).toBe(sum)
    expect(releaseChecksum([{ ...a, text: 'z' }, b])).not.toBe(sum)
    expect(releaseChecksum([{ ...a, path: 'core/c' }, b])).not.toBe(sum)
    expect(releasePath({ module: 'abf', origin: 'plugins' })).toBe('plugins/abf.api.json')
  })
})

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true }).map(String).toSorted()
}

describe('writeRelease', () => {
  let parent = ''
  let folder = ''

  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'idl-release-'))
    folder = join(parent, 'api-json', '26.06')
  })

  afterEach(() => rmSync(parent, { recursive: true }))

  it('writes all files and leaves nothing beside them', async () => {
    const files = releaseOf(FILES)
    expect(await writeRelease(folder, files)).toEqual({ written: 4, unchanged: 0, removed: 0 })
    for (const { path, text } of files) expect(readFileSync(join(folder, path), 'utf8')).toBe(text)
    expect(filesIn(parent)).toEqual(
      [
        '',
        '/26.06',
        '/26.06/SOURCE.json',
        '/26.06/core',
        '/26.06/core/a.api.json',
        '/26.06/core/t.api.json',
        '/26.06/plugins',
        '/26.06/plugins/b.api.json',
      ].map((path) => `api-json${path}`),
    )
  })

  it('does not touch a file that is right already', async () => {
    await writeRelease(folder, releaseOf(FILES))
    const before = statSync(join(folder, 'core/a.api.json')).ino
    expect(await writeRelease(folder, releaseOf(FILES))).toEqual({ written: 0, unchanged: 4, removed: 0 })
    const changed = releaseOf({ ...FILES, 'plugins/b/b.api': 'option c;' })
    expect(await writeRelease(folder, changed)).toEqual({ written: 2, unchanged: 2, removed: 0 })
    expect(statSync(join(folder, 'core/a.api.json')).ino).toBe(before)
  })

  it('removes its own files of an earlier import and no others', async () => {
    await writeRelease(folder, releaseOf(FILES))
    writeFileSync(join(folder, 'core/mine.api.json'), 'mine')
    writeFileSync(join(folder, 'NOTES'), 'mine')
    const summary = await writeRelease(folder, releaseOf({ 'vnet/a.api': 'typedef u8 a;' }))
    expect(summary).toEqual({ written: 1, unchanged: 1, removed: 2 })
    expect(filesIn(folder)).toEqual([
      'NOTES',
      'SOURCE.json',
      'core',
      'core/a.api.json',
      'core/mine.api.json',
      'plugins',
    ])
  })

  it('does not leave the folder because of a SOURCE.json that someone else wrote', async () => {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(parent, 'precious.api.json'), 'precious')
    const modules = [
      { origin: '../..', module: 'precious' },
      { origin: 'core', module: '../../../precious' },
      null,
      { origin: 1, module: {} },
      'x',
    ]
    writeFileSync(join(folder, 'SOURCE.json'), JSON.stringify({ modules }))
    expect(await writeRelease(folder, releaseOf(FILES))).toMatchObject({ removed: 0 })
    expect(existsSync(join(parent, 'precious.api.json'))).toBe(true)
  })

  it.each(['no json', 'null', '[]', '{"modules": 1}'])(
    "takes a SOURCE.json of %j as nobody's",
    async (text) => {
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, 'SOURCE.json'), text)
      expect(await writeRelease(folder, releaseOf(FILES))).toEqual({ written: 4, unchanged: 0, removed: 0 })
    },
  )

  it('leaves everything as it was when a file cannot be moved into place', async () => {
    await writeRelease(folder, releaseOf({ 'vnet/a.api': 'typedef u8 a;' }))
    const before = readFileSync(join(folder, 'SOURCE.json'), 'utf8')
    // A file where a folder must be: staging succeeds, reading what is there does not.
    writeFileSync(join(folder, 'plugins'), 'in the way')
    await expect(writeRelease(folder, releaseOf(FILES))).rejects.toMatchObject({
      code: 'BINAPI_OUTPUT',
      message: expect.stringContaining(`cannot write "${folder}": `),
    })
    expect(readFileSync(join(folder, 'SOURCE.json'), 'utf8')).toBe(before)
    expect(filesIn(parent)).toEqual([
      'api-json',
      'api-json/26.06',
      'api-json/26.06/SOURCE.json',
      'api-json/26.06/core',
      'api-json/26.06/core/a.api.json',
      'api-json/26.06/plugins',
    ])
  })
})
