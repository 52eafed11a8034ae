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
    expect((await load(name, content))?.outputs).toEqual([{ outputDir: 'x', modules: ['ip'] }])
  })

  it.each([
    [{ outputdir: 'x' }, 'unknown key "outputdir"; known are input, outputDir'],
    [{ modules: 'ip' }, '"modules" must be a list of texts'],
    [{ layout: 'flat' }, '"layout" must be "modules" or "packages"'],
    [{ strict: 1 }, '"strict" must be true or false'],
    [[], 'it has no object with options'],
    ['{', 'JSON'],
    [{ outputs: [] }, '"outputs" must be a list of objects'],
    [{ outputs: ['x'] }, '"outputs[0]" must be an object'],
    [{ outputs: [{ outputs: [] }] }, 'unknown key "outputs[0].outputs"'],
    [{ outputs: [{ layout: 'flat' }] }, '"outputs[0].layout" must be "modules" or "packages"'],
    [{ outputs: [{}, { outputDir: './binapi/' }] }, 'outputs[0] and outputs[1] both go into "./binapi/"'],
  ])('refuses %j', async (content, message) => {
    await expect(load('binapi-gen.config.json', content)).rejects.toMatchObject({
      code: 'BINAPI_USAGE',
      message: expect.stringContaining(message) as string,
    })
  })

  it('gives each output what it does not say itself from the options beside', async () => {
    const content = {
      $schema: 'x',
      input: '26.06',
      modules: ['ip'],
      outputs: [{ outputDir: 'a' }, { outputDir: 'b', modules: ['acl'], gen: 'http' }],
    }
    expect((await load('binapi-gen.config.json', content))?.outputs).toEqual([
      { input: '26.06', modules: ['ip'], outputDir: 'a' },
      { input: '26.06', modules: ['acl'], outputDir: 'b', gen: 'http' },
    ])
  })

  it('means paths relative to the file, and places that are none as they are', () => {
    const folder = tempFolder({ 'api/x.api.json': {} })
    const paths = (config: object) => fromFolder({ path: 'x', folder, outputs: [config] })[0] ?? {}
    expect(join(process.cwd(), paths({ input: 'api' }).input ?? '')).toBe(join(folder, 'api'))
    expect(paths({ input: '26.06' }).input).toBe('26.06')
    expect(join(process.cwd(), paths({ outputDir: 'out' }).outputDir ?? '')).toBe(join(folder, 'out'))
    expect(paths({ plugin: ['@acme/plugin'] }).plugin).toEqual(['@acme/plugin'])
  })
})
