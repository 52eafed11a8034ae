import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { checkOutput, generate, type GenerateOptions } from './generate.ts'
import { rpc } from './plugin/rpc.ts'
import { REPLY, REQUEST, apiJson } from './testing/api-json.ts'
import { filesIn, tempFolder, writeFiles } from './testing/folder.ts'

const A = apiJson('a', {
  imports: ['x/b.api'],
  types: [['pair', ['u8', 'a']]],
  messages: [
    ['poke', ...REQUEST],
    ['poke_reply', ...REPLY],
  ],
  services: { poke: { reply: 'poke_reply' } },
})
const B = apiJson('b', { types: [['pair', ['u8', 'a']]] })

function setUp(): GenerateOptions & { readonly input: string } {
  return { input: tempFolder({ 'a.api.json': A, 'b.api.json': B }), outputDir: join(tempFolder(), 'out') }
}

describe('generate', () => {
  it('says what it made', async () => {
    const options = setUp()
    const result = await generate({ ...options, release: '26.06' })
    expect(result).toMatchObject({
      release: '26.06',
      source: options.input,
      written: 6,
      counts: { modules: 2, messages: 2, types: 1, methods: 1, files: 5 },
    })
    expect(Object.keys(filesIn(options.outputDir))).toEqual([
      '.binapi-gen.json',
      'a/client.ts',
      'a/index.ts',
      'a/messages.ts',
      'b/index.ts',
      'b/messages.ts',
    ])
  })

  it('does nothing when nothing has changed', async () => {
    const options = setUp()
    const first = await generate(options)
    const onProgress = vi.fn()
    expect(await generate({ ...options, onProgress })).toEqual({ ...first, written: 0, unchanged: 5 })
    expect(onProgress.mock.calls).toEqual([['read']])
  })

  it.each<[string, (options: ReturnType<typeof setUp>) => Partial<GenerateOptions> | undefined]>([
    ['the input', ({ input }) => void writeFiles(input, { 'b.api.json': { ...B, vl_api_version: '0x1' } })],
    ['an option', () => ({ comments: false })],
    ['the release', () => ({ release: '26.10' })],
    ['the choice of modules', () => ({ modules: ['b'] })],
    [
      'a file of the output',
      ({ outputDir }) => void writeFileSync(join(outputDir, 'a/index.ts'), '// binapi-gen changed\n'),
    ],
    ['the presence of a file', ({ outputDir }) => void rmSync(join(outputDir, 'a/index.ts'))],
    [
      'the note of the last run',
      ({ outputDir }) => void writeFileSync(join(outputDir, '.cache/binapi-gen.json'), '{'),
    ],
  ])('starts from scratch when %s has changed', async (_what, change) => {
    const options = setUp()
    await generate(options)
    const onProgress = vi.fn()
    const changed = { ...options, ...change(options) }
    await generate({ ...changed, onProgress })
    expect(onProgress).toHaveBeenCalledWith('write')
    await expect(checkOutput(changed)).resolves.toBeDefined()
  })

  it('is not fooled by a checkout of older output, whose files fit the list that came along', async () => {
    const options = setUp()
    const older = { ...options, comments: false, sourcePathInfo: false }
    await generate(older)
    const before = filesIn(options.outputDir)
    await generate(options)
    const after = filesIn(options.outputDir)
    writeFiles(options.outputDir, before)
    await generate(options)
    expect(before).not.toEqual(after)
    expect(filesIn(options.outputDir)).toEqual(after)
  })

  it('is not fooled by plugins: with them it always starts from scratch', async () => {
    const options = setUp()
    let text = '// binapi-gen one\n'
    const plugins = [
      rpc,
      {
        name: 'mine',
        all: (context: { file(path: string, content: string): void }) => context.file('x.ts', text),
      },
    ]
    await generate({ ...options, plugins })
    text = '// binapi-gen two\n'
    await generate({ ...options, plugins })
    expect(filesIn(options.outputDir)['x.ts']).toBe(text)
  })

  it('changes nothing in the output when the input has errors', async () => {
    const options = setUp()
    await generate(options)
    const before = filesIn(options.outputDir)
    writeFiles(options.input, { 'b.api.json': '{"types": [' })
    await expect(generate(options)).rejects.toMatchObject({ code: 'BINAPI_INVALID' })
    expect(filesIn(options.outputDir)).toEqual(before)
    const fresh = { ...options, outputDir: join(tempFolder(), 'out') }
    await expect(generate(fresh)).rejects.toMatchObject({ code: 'BINAPI_INVALID' })
    expect(() => filesIn(fresh.outputDir)).toThrow('ENOENT')
  })

  it('removes what a smaller choice of modules no longer needs', async () => {
    const options = setUp()
    await generate(options)
    expect(await generate({ ...options, modules: ['b'] })).toMatchObject({ removed: 3 })
    expect(Object.keys(filesIn(options.outputDir))).toEqual([
      '.binapi-gen.json',
      'b/index.ts',
      'b/messages.ts',
    ])
  })
})

describe('checkOutput', () => {
  it('passes what was generated, and lists what was not', async () => {
    const options = setUp()
    await generate(options)
    await expect(checkOutput(options)).resolves.toMatchObject({ written: 0, unchanged: 5 })
    writeFileSync(join(options.outputDir, 'a/index.ts'), 'changed')
    const before = filesIn(options.outputDir)
    await expect(checkOutput(options)).rejects.toMatchObject({
      code: 'BINAPI_OUTDATED',
      problems: [{ code: 'different', file: 'a/index.ts' }],
    })
    expect(filesIn(options.outputDir)).toEqual(before)
  })
})
