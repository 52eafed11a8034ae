import { readFileSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { buildModel, generate, http, loadSchema, renderBindings, rpc, zod } from '@vpp-ts/binapi-generator'
import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import { ROOT, compile, userProject } from '../generator/compile.ts'

const input = join(ROOT, 'api-json/26.06')

it('what --gen http gives of all modules compiles under the strictest options', async () => {
  const folder = userProject()
  await generate({ input, outputDir: join(folder, 'binapi'), plugins: [http] })
  expect(compile(folder)).toBe('')
})

describe('--gen zod of all modules', () => {
  function projectWithZod(): string {
    const folder = userProject()
    symlinkSync(join(ROOT, 'node_modules/zod'), join(folder, 'node_modules/zod'))
    return folder
  }

  it('compiles under the strictest options', async () => {
    const folder = projectWithZod()
    await generate({ input, outputDir: join(folder, 'binapi'), plugins: [zod] })
    expect(compile(folder)).toBe('')
  })

  it('is laid out as prettier would, like the routes', async () => {
    const model = buildModel(await loadSchema({ input }))
    const options = await resolveConfig(join(ROOT, 'package.json'))
    const sample = new Set(['acl', 'cnat', 'flow_types', 'interface', 'ip', 'ip_types', 'nat44_ed', 'sasc'])
    const files = await renderBindings(model, { plugins: [http, zod] })
    const chosen = files.filter(({ path }) => sample.has(path.split('/')[0] ?? '') && !path.endsWith('json'))
    expect(chosen.length).toBeGreaterThan(20)
    for (const { path, text } of chosen) {
      expect(text, path).toBe(await format(text, { ...options, filepath: path }))
    }
  })

  it('is a separate file in packages that find each other', async () => {
    const folder = projectWithZod()
    const outputDir = join(folder, 'packages')
    await generate({
      input,
      modules: ['ip'],
      outputDir,
      layout: 'packages',
      importPrefix: '@acme/vpp-',
      plugins: [rpc, zod],
    })
    expect(compile(outputDir)).toBe('')
    const manifest: unknown = JSON.parse(readFileSync(join(outputDir, 'ip/package.json'), 'utf8'))
    expect(manifest).toMatchObject({
      exports: { './zod': { types: './zod.d.ts', default: './zod.js' } },
      peerDependencies: { zod: '^4.0.0' },
    })
    expect(readdirSync(join(outputDir, 'ip'))).toContain('zod.d.ts')
    expect(readFileSync(join(outputDir, 'ip/zod.ts'), 'utf8')).toContain("from '@acme/vpp-fib-types/zod'")
  })
})
