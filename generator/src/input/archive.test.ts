import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { Header } from 'tar'
import { describe, expect, it } from 'vitest'
import { apiJson } from '../testing/api-json.ts'
import { tempFolder } from '../testing/folder.ts'
import { readArchiveFile, readPacked } from './archive.ts'
import type { Input } from '../schema/input.ts'
import { readInput } from './read.ts'

const TREE = {
  'core/b.api.json': apiJson('b'),
  'core/c.api.json': apiJson('c'),
  'plugins/a.api.json': apiJson('a', { imports: ['vnet/b.api'] }),
}
const ALL = ['core/b.api.json', 'core/c.api.json', 'plugins/a.api.json']
const SOURCE = {
  'vpp/src/vnet/b.api': 'typedef pair { u8 a; };',
  'vpp/src/plugins/acl/a.api':
    'import "vnet/b.api"; autoreply define poke { u32 client_index; u32 context; vl_api_pair_t p; };',
  'vpp/src/vnet/b.c': 'int b;',
  'vpp/src/vpp-api/vapi/fixture.api.json': '{}',
}

const sources = ({ files }: Input) => files.map(({ source }) => source)
const tar = (files: Readonly<Record<string, unknown>>, ...options: string[]) =>
  execFileSync('tar', ['-c', ...options, '-C', tempFolder(files), '.'], { maxBuffer: 2 ** 30 })
const pack = (bytes: Uint8Array, label = 'x', options = {}) =>
  readPacked(Readable.from([bytes]), label, options)

/** A tar archive with one member of any name, which no tar program would make. */
function archiveWith(path: string, content: Uint8Array): Buffer {
  const header = new Header({ path, size: content.length, type: 'File', mode: 0o644 })
  const block = Buffer.alloc(512)
  header.encode(block)
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512)
  return Buffer.concat([block, content, padding, Buffer.alloc(1024)])
}

/** A Debian package as an `ar` archive: members with headers of 60 bytes. */
function deb(members: readonly (readonly [name: string, content: Uint8Array])[]): Buffer {
  const parts = members.map(([name, content]) => [
    Buffer.from(`${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6).repeat(2)}${'100644'.padEnd(8)}`),
    Buffer.from(`${String(content.length).padEnd(10)}\`\n`),
    content,
    Buffer.alloc(content.length % 2),
  ])
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts.flat()])
}

describe('readPacked', () => {
  it.each([
    ['a plain tar', () => tar(TREE)],
    ['gzip', () => tar(TREE, '-z')],
    ['xz', () => tar(TREE, '-J')],
    ['zstd', () => tar(TREE, '--zstd')],
    ['zip', () => zipOf(TREE)],
    ['a Debian package', () => debOf(tar(TREE, '-J'))],
    ['a Debian package of Ubuntu', () => debOf(tar(TREE, '--zstd'))],
    ['two layers', () => gzipSync(tar(TREE, '-z'))],
  ])('reads %s, in one piece or in many', async (_, make) => {
    const bytes = make()
    expect(sources(await pack(bytes))).toEqual(ALL)
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (__, at) =>
      bytes.subarray(at * 7, at * 7 + 7),
    )
    expect(sources(await readPacked(Readable.from(pieces), 'x'))).toEqual(ALL)
  })

  it.each([
    ['tar', () => tar(SOURCE, '-z')],
    ['zip', () => zipOf(SOURCE)],
  ])("reads VPP's source in a %s", async (_, make) => {
    const input = await pack(make(), 'vpp-26.06.tar.gz')
    expect(sources(input)).toEqual(['core/b.api.json', 'plugins/a.api.json'])
    expect(input).toMatchObject({ release: '26.06', imported: { warnings: [] } })
  })

  it("refuses VPP's source from when it counted enum values from 1", async () => {
    const tool = (count: number) => `class Enum:\n        count = ${count}\n`
    const withTool = (count: number) => ({ ...SOURCE, 'vpp/src/tools/vppapigen/vppapigen.py': tool(count) })
    await expect(pack(tar(withTool(0), '-z'))).rejects.toMatchObject({
      code: 'BINAPI_INVALID',
      message: expect.stringContaining('older than 22.10') as string,
    })
    await expect(readInput({ input: join(tempFolder(withTool(0)), 'vpp') })).rejects.toMatchObject({
      code: 'BINAPI_INVALID',
    })
    expect(sources(await pack(tar(withTool(-1), '-z')))).toHaveLength(2)
  })

  it('leaves out leading folders, and enters one', async () => {
    const bytes = tar({ 'x/y/api/core/b.api.json': apiJson('b'), 'x/other/core/c.api.json': apiJson('c') })
    expect(sources(await pack(bytes, 'x', { within: { strip: 1, subdir: 'y/api' } }))).toEqual([
      'core/b.api.json',
    ])
    const path = join(tempFolder(), 'api.tar')
    writeFileSync(path, bytes)
    const input = await readInput({ input: `${path}#strip=1,subdir=other` })
    expect(sources(input)).toEqual(['core/c.api.json'])
  })

  it.each([['../evil.api.json'], ['/etc/evil.api.json'], ['a/../../evil.api.json'], ['C:\\evil.api.json']])(
    'refuses a member called %s',
    async (path) => {
      await expect(pack(archiveWith(path, Buffer.from('{}')))).rejects.toMatchObject({
        code: 'BINAPI_INPUT',
        message: expect.stringContaining('leads out of the archive') as string,
      })
    },
  )

  it.each([
    ['gzip', () => tar(TREE, '-z')],
    ['xz', () => tar(TREE, '-J')],
    ['zstd', () => tar(TREE, '--zstd')],
    ['deb', () => debOf(tar(TREE, '-J'))],
    ['zip', () => zipOf(TREE)],
    ['tar', () => tar(TREE)],
  ])('refuses a %s that was cut short', async (_, make) => {
    const whole = make()
    await expect(pack(whole.subarray(0, whole.length >> 2))).rejects.toMatchObject({
      code: 'BINAPI_INPUT',
      message: expect.stringContaining('"x"') as string,
    })
  })

  it('refuses what has nothing of use', async () => {
    await expect(pack(tar({ 'a.txt': 'x' }))).rejects.toMatchObject({
      message: 'no .api.json and no .api file in "x": pack VPP\'s API folder or its source',
    })
    await expect(pack(deb([['control.tar.gz', tar({}, '-z')]]))).rejects.toMatchObject({
      message: expect.stringContaining('has no data.tar') as string,
    })
    await expect(pack(deb([['debian-binary', Buffer.from('2.0\n')]]).fill(0x20, 8))).rejects.toMatchObject({
      message: expect.stringContaining('damaged') as string,
    })
  })
})

describe('an archive that unpacks to too much', () => {
  const limits = { unpacked: 8 * 1024 * 1024, kept: 1024 * 1024 }
  const ZEROS = Buffer.alloc(64 * 1024 * 1024)
  const compressed = (program: 'gzip' | 'xz' | 'zstd') =>
    execFileSync(program, ['-c'], { input: archiveWith('core/x.txt', ZEROS), maxBuffer: 2 ** 30 })

  it.each([
    ['gzip', () => compressed('gzip')],
    ['xz', () => compressed('xz')],
    ['zstd', () => compressed('zstd')],
    ['a Debian package', () => debOf(compressed('xz'))],
    ['gzip in gzip', () => gzipSync(compressed('gzip'))],
  ])('is given up at the limit: %s', async (_, make) => {
    const bytes = make()
    const file = join(tempFolder(), 'bomb')
    writeFileSync(file, bytes)
    await expect(readArchiveFile(file, { limits })).rejects.toMatchObject({
      code: 'BINAPI_INPUT',
      message: expect.stringMatching(/it unpacks to more than 8 MB/) as string,
    })
  })

  it('costs little memory: 3 MB that unpack to 3 GB', async () => {
    const MB = 1024 * 1024
    const head = archiveWith('core/x.txt', Buffer.alloc(0))
    new Header({ path: 'core/x.txt', size: 3000 * MB, type: 'File', mode: 0o644 }).encode(head)
    // What is compressed in parts unpacks to the parts, one after the other.
    const members = Array<Uint8Array>(3000).fill(gzipSync(ZEROS.subarray(0, MB)))
    const file = join(tempFolder(), 'bomb.tar.gz')
    writeFileSync(file, Buffer.concat([gzipSync(head.subarray(0, 512)), ...members]))
    const before = process.memoryUsage.rss()
    await expect(readArchiveFile(file)).rejects.toMatchObject({
      message: expect.stringMatching(/it unpacks to more than 256 MB/) as string,
    })
    expect(process.memoryUsage.rss() - before).toBeLessThan(300 * MB)
  })

  it('is given up when definitions alone are too much', async () => {
    const bomb = gzipSync(archiveWith('core/x.api.json', ZEROS.subarray(0, 4 * 1024 * 1024)))
    await expect(pack(bomb, 'x', { limits })).rejects.toMatchObject({
      message: expect.stringMatching(/it has definitions of more than 1 MB/) as string,
    })
    const zip = zipSync({ 'core/x.api.json': ZEROS.subarray(0, 4 * 1024 * 1024) })
    await expect(pack(Buffer.from(zip), 'x', { limits })).rejects.toMatchObject({
      message: expect.stringMatching(/it has definitions of more than 1 MB/) as string,
    })
  })

  it('is given up behind too many layers', async () => {
    let bytes: Uint8Array = tar(TREE)
    for (let layer = 0; layer < 5; layer++) bytes = gzipSync(bytes)
    await expect(pack(bytes)).rejects.toMatchObject({
      message: expect.stringContaining('more than 3 layers of compression') as string,
    })
  })
})

function zipOf(files: Readonly<Record<string, unknown>>): Buffer {
  const content = Object.entries(files).map(([path, value]) => [
    path,
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  ])
  return Buffer.from(zipSync(Object.fromEntries(content) as Record<string, Uint8Array>))
}

function debOf(data: Uint8Array): Buffer {
  return deb([
    ['debian-binary', Buffer.from('2.0\n')],
    ['control.tar.xz', tar({ control: 'Package: vpp' }, '-J')],
    ['data.tar.xz/', data],
  ])
}
