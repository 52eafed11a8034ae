import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readInput } from '../../input/read.ts'
import { checkInput } from '../../schema/check-input.ts'
import { loadSchema } from '../../input/load.ts'
import { bundled, filesIn, tempFolder, writeFiles } from '../../testing/folder.ts'
import { diffSchemas } from '../diff/diff.ts'
import { differencesOf } from '../diff/report.ts'
import { archiveOf, exportFiles } from './export.ts'

async function exported(place: string, modules: readonly string[] = []) {
  const input = await readInput({ input: place })
  return exportFiles(input, await checkInput(input, { wanted: modules }))
}

describe('exportFiles', () => {
  it('gives the files as they were read', async () => {
    const files = await exported(bundled('26.06'))
    expect(files).toHaveLength(153)
    const before = filesIn(bundled('26.06'))
    for (const { path, bytes } of files)
      if (path !== 'VPP_VERSION') expect(Buffer.from(bytes).toString(), path).toBe(before[path])
    expect(files.at(-1)).toMatchObject({ path: 'VPP_VERSION', bytes: Buffer.from('26.06\n') })
  })

  it('takes what modules import along', async () => {
    const files = await exported(bundled('26.06'), ['abf'])
    expect(files.map(({ path }) => path)).toEqual([
      'core/fib_types.api.json',
      'core/interface_types.api.json',
      'core/ip_types.api.json',
      'plugins/abf.api.json',
      'VPP_VERSION',
    ])
  })

  it('puts the files of a flat input where imports say they are', async () => {
    const files = filesIn(bundled('26.06'))
    const names = [
      'core/ip_types',
      'core/interface_types',
      'core/fib_types',
      'plugins/abf',
      'plugins/acl_types',
      'plugins/acl',
    ]
    const folder = tempFolder(
      Object.fromEntries(
        names.map((name) => [`${name.slice(name.indexOf('/') + 1)}.api.json`, files[`${name}.api.json`]]),
      ),
    )
    const paths = (await exported(folder)).map(({ path }) => path.replace('.api.json', ''))
    expect(paths.toSorted()).toEqual(names.toSorted())
  })
})

describe('archiveOf', () => {
  it('makes an archive that reads as what went in, the same bytes each time', async () => {
    const files = await exported(bundled('26.06'))
    const archive = await archiveOf(files)
    expect(Buffer.compare(archive, await archiveOf(files))).toBe(0)
    const folder = tempFolder()
    writeFileSync(join(folder, 'api.tar.gz'), archive)
    const [before, after] = [
      await loadSchema({ input: bundled('26.06') }),
      await loadSchema({ input: join(folder, 'api.tar.gz') }),
    ]
    expect(after.release).toBe('26.06')
    expect(differencesOf(diffSchemas(before, after))).toEqual([])
  })

  it('has what a folder has', async () => {
    const folder = tempFolder()
    writeFiles(
      folder,
      Object.fromEntries((await exported(bundled('26.06'), ['vpe'])).map(({ path, bytes }) => [path, bytes])),
    )
    expect(Object.keys(filesIn(folder))).toEqual([
      'VPP_VERSION',
      'core/vpe.api.json',
      'core/vpe_types.api.json',
    ])
  })
})
