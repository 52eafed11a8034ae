import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tempFolder } from '../testing/folder.ts'
import { fromFolder, loadConfig } from './config.ts'

const load = (name: string, content: unknown) => loadConfig(join(tempFolder({ [name]: content }), name))

describe('loadConfig', () => {
  it.each([
    ['binapi-gen.config.json', { outputDir: 'x', modules: ['ip'] }],
    ['binapi-gen.config.js', "export default { outputDir: 'x', modules: ['ip'] }"],
    [
      'binapi-gen.config.ts',
      "import type { A } from './a.ts'\nexport default { outputDir: 'x', modules: ['ip'] as A } satisfies object",
    ],
  ])('reads %s', async (name, content) => {
    expect((await load(name, content))?.config).toEqual({ outputDir: 'x', modules: ['ip'] })
  })

  it.each([
    [{ outputdir: 'x' }, 'unknown key "outputdir"; known are input, outputDir'],
    [{ modules: 'ip' }, '"modules" must be a list of texts'],
    [{ layout: 'flat' }, '"layout" must be "modules" or "packages"'],
    [{ strict: 1 }, '"strict" must be true or false'],
    [[], 'it has no object with options'],
    ['{', 'JSON'],
  ])('refuses %j', async (content, message) => {
    await expect(load('binapi-gen.config.json', content)).rejects.toMatchObject({
      code: 'BINAPI_USAGE',
      message: expect.stringContaining(message) as string,
    })
  })

  it('means paths relative to the file, and places that are none as they are', () => {
    const folder = tempFolder({ 'api/x.api.json': {} })
    const paths = (config: object) => fromFolder({ path: 'x', folder, config })
    expect(join(process.cwd(), paths({ input: 'api' }).input ?? '')).toBe(join(folder, 'api'))
    expect(paths({ input: '26.06' }).input).toBe('26.06')
    expect(join(process.cwd(), paths({ outputDir: 'out' }).outputDir ?? '')).toBe(join(folder, 'out'))
    expect(paths({ plugin: ['@acme/plugin'] }).plugin).toEqual(['@acme/plugin'])
  })
})
