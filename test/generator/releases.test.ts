import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import { buildModel, generate, loadSchema, renderBindings } from '@vpp-ts/binapi-generator'
import { ROOT, compile, userProject } from './compile.ts'

const RELEASES = readdirSync(join(ROOT, 'api-json')).filter((name) => /^\d+\.\d+/.test(name))
const bundled = (release: string) => join(ROOT, 'api-json', release)

describe('bindings of', () => {
  it.each(RELEASES)('VPP %s are made of every message', async (release) => {
    const schema = await loadSchema({ input: bundled(release) })
    const source = JSON.parse(readFileSync(join(bundled(release), 'SOURCE.json'), 'utf8')) as {
      counts: { modules: number; messages: number }
    }
    const files = await renderBindings(buildModel(schema))
    const classes = files.flatMap(({ text }) => text.match(/^export class \w+ extends Message</gm) ?? [])
    expect(schema.notes).toEqual([])
    expect(schema.modules.size).toBe(source.counts.modules)
    expect(classes).toHaveLength(source.counts.messages)
  })

  // The packages of the newest release are compiled by every build.
  it.each(['24.10', '26.06'])('VPP %s compile under the strictest options', async (release) => {
    const folder = userProject()
    await generate({ input: bundled(release), outputDir: join(folder, 'binapi') })
    expect(compile(folder)).toBe('')
  })

  it('VPP 26.06 are laid out as prettier would', async () => {
    const model = buildModel(await loadSchema({ input: bundled('26.06') }))
    const options = await resolveConfig(join(ROOT, 'package.json'))
    const sample = new Set([
      'acl',
      'cnat',
      'flow_types',
      'interface',
      'ip',
      'ip_types',
      'memclnt',
      'sasc',
      'vat2_test',
    ])
    const files = (await renderBindings(model)).filter(({ path }) => sample.has(path.split('/')[0] ?? ''))
    expect(files.length).toBeGreaterThan(20)
    for (const { path, text } of files)
      expect(text, path).toBe(await format(text, { ...options, filepath: path }))
  })
})

describe('packages', () => {
  it('compile on their own, outside of this repository', async () => {
    const folder = userProject()
    const outputDir = join(folder, 'packages')
    await generate({
      input: bundled('26.06'),
      modules: ['ip'],
      outputDir,
      layout: 'packages',
      importPrefix: '@acme/vpp-',
    })
    expect(compile(outputDir)).toBe('')
    expect(readdirSync(join(outputDir, 'ip'))).toEqual(
      expect.arrayContaining(['client.d.ts', 'client.js', 'index.d.ts', 'index.js', 'messages.js']),
    )
  })
})
