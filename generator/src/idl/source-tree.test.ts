import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { GeneratorError } from '../errors.ts'
import { belowSourceRoot, isInstalled, moduleName, originOf } from './source-layout.ts'
import { importTree } from './source-tree.ts'

const folders: string[] = []

/** A folder with files, removed after the test. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'idl-tree-'))
  folders.push(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

async function failure(tree: string): Promise<GeneratorError> {
  try {
    await importTree(tree)
  } catch (error) {
    if (error instanceof GeneratorError) return error
    throw error
  }
  throw new Error('no failure')
}

describe('importTree', () => {
  it('takes what is below src/ of a checkout, and nothing beside it', async () => {
    const tree = folderOf({
      'src/vnet/a.api': 'typedef u8 a;',
      'src/plugins/b/b.api': 'import "vnet/a.api"; autoreply define b { vl_api_a_t x; };',
      'src/examples/sample-plugin/s.api': 'option s;',
      'src/plugins/b/b.c': 'int main;',
      'extras/deprecated/old.api': 'not the language',
    })
    const { modules } = await importTree(tree)
    expect(modules.map(({ module, origin }) => `${origin}/${module}`)).toEqual([
      'core/a',
      'plugins/b',
      'plugins/s',
    ])
  })

  it('takes a folder without src/ as the source root itself', async () => {
    const tree = folderOf({ 'vnet/a.api': 'typedef u8 a;', 'b.api': 'import "vnet/a.api";' })
    expect((await importTree(tree)).modules.map(({ path }) => path)).toEqual(['vnet/a.api', 'b.api'])
  })

  it('does not follow links, so that a circle of folders does not trap it', async () => {
    const tree = folderOf({ 'src/vnet/a.api': 'typedef u8 a;' })
    symlinkSync(tree, join(tree, 'src/vnet/loop'))
    expect((await importTree(tree)).modules).toHaveLength(1)
  })

  it('names what cannot be read', async () => {
    expect(await failure('/nonexistent/vpp')).toMatchObject({
      code: 'BINAPI_INPUT',
      message:
        '"/nonexistent/vpp" is not a folder: name a checkout of VPP, or a folder that contains its src/',
    })
    const empty = folderOf({ 'src/README': '' })
    expect(await failure(empty)).toMatchObject({
      code: 'BINAPI_INPUT',
      message: expect.stringContaining(`no .api file below "${join(empty, 'src')}"`),
    })
  })

  it('passes on the errors of the files', async () => {
    const error = await failure(folderOf({ 'src/vnet/a.api': 'oops', 'src/vnet/b.api': 'oops' }))
    expect(error).toMatchObject({
      code: 'BINAPI_INVALID',
      diagnostics: [{ file: 'vnet/a.api' }, { file: 'vnet/b.api' }],
    })
  })
})

describe('source layout', () => {
  it.each([
    ['vnet/ip/ip.api', 'core', true, 'ip'],
    ['vlibmemory/memclnt.api', 'core', true, 'memclnt'],
    ['plugins/nat/lib/nat_types.api', 'plugins', true, 'nat_types'],
    ['examples/sample-plugin/sample/sample.api', 'plugins', false, 'sample'],
    ['vat2/test/vat2_test.api', 'core', false, 'vat2_test'],
    ['pluginsx/a.b.api', 'core', true, 'a_b'],
  ])('%s', (path, origin, installed, module) => {
    expect([originOf(path), isInstalled(path), moduleName(path)]).toEqual([origin, installed, module])
  })

  it.each([
    ['vpp-26.06/src/', ['vpp-26.06/src/vnet/a.api', 'vpp-26.06/src/plugins/b/src/vnet/b.api']],
    ['./src/', ['./src/vnet/a.api', './src/plugins/b/src/vnet/b.api']],
    ['', ['vnet/a.api', 'plugins/b/src/x/b.api']],
    ['', ['a.api', 'mysrc/vnet/b.api']],
  ])('finds the source root "%s" in the paths of an archive', (root, paths) => {
    const files = new Map([...paths, `${root}vnet/a.c`].map((path) => [path, path]))
    expect([...belowSourceRoot(files)]).toEqual(paths.map((path) => [path.slice(root.length), path]))
  })

  it('leaves out what an archive has outside of the source root', () => {
    const files = new Map(['vpp/src/vnet/a.api', 'vpp/extras/deprecated/b.api'].map((path) => [path, 0]))
    expect([...belowSourceRoot(files).keys()]).toEqual(['vnet/a.api'])
  })
})
