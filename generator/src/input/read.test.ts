import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { apiJson } from '../testing/api-json.ts'
import { bundled, filesIn, RELEASES, tempFolder } from '../testing/folder.ts'
import { readPacked } from './archive.ts'
import { bundledReleases, releasesBetween } from './bundled.ts'
import type { Input } from '../schema/input.ts'
import { readInput } from './read.ts'
import { checkInput } from '../schema/check-input.ts'

const A = apiJson('a', { imports: ['vnet/b.api'] })
const B = apiJson('b', { imports: ['vnet/sub/c.api'] })
const C = apiJson('c')
const TREE = { 'core/b.api.json': B, 'core/c.api.json': C, 'plugins/a.api.json': A }

const sources = ({ files }: Input) => files.map(({ source }) => source)

/** A tar archive of the files below a folder, made by another program. */
function packed(folder: string, ...options: string[]): Buffer {
  return execFileSync('tar', ['-c', ...options, '-C', folder, '.'])
}

describe('readInput', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  it('reads a folder with core and plugins', async () => {
    const input = await readInput({ input: tempFolder(TREE) })
    expect(sources(input)).toEqual(['core/b.api.json', 'core/c.api.json', 'plugins/a.api.json'])
    expect(input.release).toBeUndefined()
  })

  it('reads a flat folder', async () => {
    const folder = tempFolder({ 'a.api.json': A, 'notes.txt': 'x', 'deep/er/b.api.json': B })
    expect(sources(await readInput({ input: folder }))).toEqual(['a.api.json'])
  })

  it('reads a file with what it imports, directly or not, from the folders around it', async () => {
    const folder = tempFolder({ ...TREE, 'core/unrelated.api.json': apiJson('unrelated') })
    const input = await readInput({ input: join(folder, 'plugins/a.api.json') })
    expect(sources(input)).toEqual(['a.api.json', 'b.api.json', 'c.api.json'])
    const several = await readInput({
      files: [join(folder, 'core/c.api.json'), join(folder, 'core/unrelated.api.json')],
    })
    expect(sources(several)).toEqual(['c.api.json', 'unrelated.api.json'])
  })

  it('reads a VPP source tree', async () => {
    const folder = tempFolder({
      'src/vnet/b.api': 'typedef pair { u8 a; };',
      'src/plugins/acl/a.api':
        'import "vnet/b.api"; autoreply define poke { u32 client_index; u32 context; vl_api_pair_t p; };',
    })
    const input = await readInput({ input: folder, release: '26.10' })
    expect(sources(input)).toEqual(['core/b.api.json', 'plugins/a.api.json'])
    expect(input.release).toBe('26.10')
    expect(JSON.parse(Buffer.from(input.files[1]?.bytes ?? []).toString())).toMatchObject({ module: 'a' })
  })

  it('passes on the errors of a VPP source tree', async () => {
    const folder = tempFolder({ 'src/a.api': 'define x { gone y; };' })
    await expect(readInput({ input: folder })).rejects.toMatchObject({ code: 'BINAPI_INVALID' })
  })

  it.each([['tar'], ['tar.gz']])('reads a %s', async (ending) => {
    const folder = tempFolder({ ...TREE, VPP_VERSION: '26.02-release\n' })
    const archive = join(tempFolder(), `api.${ending}`)
    writeFileSync(archive, packed(folder, ...(ending === 'tar' ? [] : ['-z'])))
    const input = await readInput({ input: archive })
    expect(sources(input)).toEqual(['core/b.api.json', 'core/c.api.json', 'plugins/a.api.json'])
    expect(input.release).toBe('26.02')
  })

  it('reads the environment when no input is named, and the default after that', async () => {
    vi.stubEnv('VPP_API_DIR', tempFolder({ 'c.api.json': C }))
    expect(sources(await readInput({}))).toEqual(['c.api.json'])
    vi.stubEnv('VPP_API_DIR', '/no/such/folder')
    await expect(readInput({})).rejects.toMatchObject({
      code: 'BINAPI_INPUT',
      message: 'cannot read "/no/such/folder": there is no such file or folder',
    })
  })

  it('reads a release of @vpp-ts/api-json where there is no folder of it', async () => {
    const folder = tempFolder()
    const cwd = vi.spyOn(process, 'cwd').mockReturnValue(folder)
    try {
      const input = await readInput({ input: '24.10' })
      expect(input).toMatchObject({ release: '24.10', label: '24.10 of @vpp-ts/api-json' })
      const paths = Object.keys(filesIn(bundled('24.10')))
      expect(input.files.map(({ source }) => source)).toEqual(paths.filter((path) => path !== 'SOURCE.json'))
      expect(bundledReleases()).toEqual(RELEASES)
      expect(releasesBetween('25.02', '26.02')).toEqual(['25.06', '25.10'])
    } finally {
      cwd.mockRestore()
    }
  })

  it('reads the bundled definitions of a release', async () => {
    const input = await readInput({ release: '26.06' })
    expect(input.files).toHaveLength(152)
    expect(input.label).toBe(bundled('26.06'))
    await expect(readInput({ release: '1.0' })).rejects.toMatchObject({
      code: 'BINAPI_INPUT',
      message: expect.stringMatching(/no definitions of release "1.0".*--input/) as string,
    })
    await expect(readInput({ release: '../api-json/26.06' })).rejects.toMatchObject({ code: 'BINAPI_INPUT' })
  })

  it('takes the release from the option, SOURCE.json, VPP_VERSION, the environment, in this order', async () => {
    vi.stubEnv('VPP_VERSION', 'v24.10-release')
    const files: Record<string, unknown> = { 'c.api.json': C }
    expect((await readInput({ input: tempFolder(files) })).release).toBe('24.10')
    files['VPP_VERSION'] = '25.02-rc1~3-gabc\n'
    expect((await readInput({ input: tempFolder(files) })).release).toBe('25.02-rc1~3-gabc')
    files['SOURCE.json'] = { release: '25.06' }
    expect((await readInput({ input: tempFolder(files) })).release).toBe('25.06')
    expect((await readInput({ input: tempFolder(files), release: '25.10' })).release).toBe('25.10')
  })

  it.each([['core/b.api.json'], ['src/vnet/b.api']])(
    'reads UTF-8 with a byte order mark: %s',
    async (path) => {
      const text = path.endsWith('.json') ? JSON.stringify(B) : 'option version = "1.0.0";'
      const input = await readInput({ input: tempFolder({ [path]: `\uFEFF${text}` }) })
      expect((await checkInput(input)).modules.has('b')).toBe(true)
    },
  )

  it('refuses a pipe at once, wherever it stands for a file', async () => {
    const folder = tempFolder(TREE)
    const pipe = join(folder, 'core/pipe.api.json')
    execFileSync('mkfifo', [pipe, join(folder, 'pipe.tar.gz'), join(folder, 'pipe.api')])
    for (const input of [pipe, folder, join(folder, 'pipe.tar.gz'), join(folder, 'pipe.api')]) {
      await expect(readInput({ input })).rejects.toMatchObject({
        code: 'BINAPI_INPUT',
        message: expect.stringMatching(/pipe.*: it is a pipe, socket or device; name a file/) as string,
      })
    }
  })

  it('passes over a folder that is called like a definition', async () => {
    const folder = tempFolder({
      'core/c.api.json': C,
      'core/b.api.json/notes.txt': '',
      'x.api.json/y.txt': '',
    })
    expect(sources(await readInput({ input: folder }))).toEqual(['core/c.api.json'])
  })

  it('says what is missing', async () => {
    await expect(readInput({ input: tempFolder({ 'readme.txt': '' }) })).rejects.toMatchObject({
      code: 'BINAPI_INPUT',
      message: expect.stringMatching(/^no \.api\.json file in ".*" or one level below it/) as string,
    })
    await expect(readInput({ files: ['/no/such.api.json'] })).rejects.toMatchObject({ code: 'BINAPI_INPUT' })
  })
})

const readStream = (chunks: Iterable<Uint8Array>) => readPacked(Readable.from(chunks), 'standard input')
const read = (text: string) => readStream([Buffer.from(text)])

describe('a stream of bytes', () => {
  it('reads an archive', async () => {
    const input = await readStream([packed(tempFolder(TREE), '-z')])
    expect(sources(input)).toHaveLength(3)
  })

  it('reads a document in pieces', async () => {
    const text = readFileSync(join(bundled('26.06'), 'core/ip_types.api.json'))
    const pieces = Array.from({ length: Math.ceil(text.length / 1000) }, (_, i) =>
      text.subarray(i * 1000, (i + 1) * 1000),
    )
    expect(sources(await readStream(pieces))).toEqual(['ip_types.api.json'])
  })

  it('reads what get_api_json gives: an array, and a NUL byte behind it', async () => {
    const input = await readStream([Buffer.from(`${JSON.stringify([C, A])}\0`)])
    expect(sources(input)).toEqual(['a.api.json', 'c.api.json'])
  })

  it('refuses anything else', async () => {
    await expect(read('')).rejects.toMatchObject({
      message: expect.stringContaining('it is empty') as string,
    })
    await expect(read('hello')).rejects.toMatchObject({ code: 'BINAPI_INPUT' })
    await expect(read('{"types": []}')).rejects.toMatchObject({
      message: expect.stringContaining('does not say which module it is') as string,
    })
    await expect(read('{"module": "../x"}')).rejects.toMatchObject({ code: 'BINAPI_INPUT' })
  })
})
