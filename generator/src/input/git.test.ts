import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { apiJson } from '../testing/api-json.ts'
import { generate } from '../generate.ts'
import { filesIn, tempFolder, writeFiles } from '../testing/folder.ts'
import type { Input } from '../schema/input.ts'
import { readInput } from './read.ts'

const git = (folder: string, ...args: string[]) =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=x', '-c', 'user.email=x@example.net', ...args], {
    encoding: 'utf8',
  }).trim()

/** A repository of VPP's shape: v26.02 has module a, main has b as well. */
function repository(): string {
  const folder = tempFolder({
    'src/plugins/a/a.api': 'option version = "1.0.0";',
    'src/vpp-api/vapi/fixture.api.json': '{}',
  })
  git(folder, 'init', '--quiet', '--initial-branch', 'main')
  git(folder, 'add', '.')
  git(folder, 'commit', '--quiet', '-m', 'a')
  git(folder, 'tag', 'v26.02')
  writeFiles(folder, { 'src/vnet/b.api': 'option version = "2.0.0";' })
  git(folder, 'add', '.')
  git(folder, 'commit', '--quiet', '-m', 'b')
  return folder
}

const sources = ({ files }: Input) => files.map(({ source }) => source)

describe('a git repository', () => {
  it.each([
    ['tag=v26.02', ['plugins/a.api.json'], /^26\.02$/],
    ['branch=main', ['core/b.api.json', 'plugins/a.api.json'], /^26\.02~1-g[0-9a-f]+$/],
    ['ref=HEAD~1', ['plugins/a.api.json'], /^26\.02$/],
    ['format=git', ['core/b.api.json', 'plugins/a.api.json'], /^26\.02~1-g/],
    ['branch=main,subdir=src/plugins', ['core/a.api.json'], /^26\.02~1-g/],
  ])('is read at %s, without a checkout', async (options, expected, release) => {
    const folder = repository()
    rmSync(join(folder, 'src'), { recursive: true })
    const input = await readInput({ input: `${folder}#${options}` })
    expect(sources(input)).toEqual(expected)
    expect(input.release).toMatch(release)
    expect(input.revision?.commit).toMatch(/^[0-9a-f]{40}$/)
  })

  it('may be bare, and hold .api.json files', async () => {
    const folder = repository()
    git(folder, 'rm', '--quiet', '-r', 'src')
    writeFiles(folder, { 'api/core/c.api.json': apiJson('c') })
    git(folder, 'add', '.')
    git(folder, 'commit', '--quiet', '-m', 'c')
    const bare = join(tempFolder(), 'vpp.git')
    git(folder, 'clone', '--quiet', '--bare', folder, bare)
    expect(sources(await readInput({ input: `${bare}#branch=main` }))).toEqual(['core/c.api.json'])
    expect(sources(await readInput({ input: `${bare}#tag=v26.02` }))).toEqual(['plugins/a.api.json'])
  })

  it.each([
    ['tag=v1', 'BINAPI_INPUT', 'there is no commit "refs/tags/v1"'],
    ['tag=v26.02,branch=main', 'BINAPI_USAGE', 'give one of branch and tag'],
    ['tga=v1', 'BINAPI_USAGE', 'unknown option "tga"; known are format, branch, tag'],
    ['ref=--upload-pack=x', 'BINAPI_USAGE', '"--upload-pack=x" is not a value of ref'],
    ['tag=v26.02,subdir=..', 'BINAPI_USAGE', '".." is not a value of subdir'],
    ['tag=v26.02,subdir=docs', 'BINAPI_INPUT', 'no .api.json and no .api file'],
  ])('refuses %s', async (options, code, message) => {
    await expect(readInput({ input: `${repository()}#${options}` })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    })
  })
})

describe('a place behind a URL', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  /** Serves bytes, and counts how often they were sent. */
  async function serve(bytes: Uint8Array) {
    vi.stubEnv('XDG_CACHE_HOME', tempFolder())
    const state = { sent: 0, bytes, url: '' }
    const server = createServer((request, response) => {
      const etag = createHash('sha256').update(state.bytes).digest('hex')
      if (request.url !== '/api.tar.gz') response.writeHead(404).end()
      else if (request.headers['if-none-match'] === etag) response.writeHead(304).end()
      else {
        state.sent += 1
        response.writeHead(200, { etag }).end(state.bytes)
      }
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api.tar.gz`
    return state
  }

  const archive = (module: string) =>
    execFileSync('tar', ['-cz', '-C', tempFolder({ [`core/${module}.api.json`]: apiJson(module) }), '.'])

  it('is fetched once, and again when it has changed', async () => {
    const server = await serve(archive('a'))
    const input = await readInput({ input: server.url })
    expect(sources(input)).toEqual(['core/a.api.json'])
    expect(input.sha256).toBe(createHash('sha256').update(server.bytes).digest('hex'))
    const folder = tempFolder()
    await generate({ input: server.url, outputDir: folder })
    expect(JSON.parse(filesIn(folder)['.binapi-gen.json'] ?? '')).toMatchObject({
      input: `${server.url}#sha256=${input.sha256}`,
    })
    expect(server.sent).toBe(1)
    server.bytes = archive('b')
    expect(sources(await readInput({ input: server.url }))).toEqual(['core/b.api.json'])
    expect(server.sent).toBe(2)
  })

  it('is refused when it is not what was pinned, and not even asked for when it is', async () => {
    const server = await serve(archive('a'))
    const sha256 = createHash('sha256').update(server.bytes).digest('hex')
    await expect(readInput({ input: `${server.url}#sha256=${'0'.repeat(64)}` })).rejects.toMatchObject({
      code: 'BINAPI_INPUT',
      message: expect.stringContaining(`has the SHA-256 ${sha256}`) as string,
    })
    await readInput({ input: `${server.url}#sha256=${sha256}` })
    const sent = server.sent
    await readInput({ input: `${server.url}#sha256=${sha256}` })
    expect(server.sent).toBe(sent)
  })

  it('is refused when the server has nothing there', async () => {
    const { url } = await serve(archive('a'))
    await expect(readInput({ input: `${url}.missing` })).rejects.toMatchObject({
      code: 'BINAPI_INPUT',
      message: expect.stringContaining('the server answered 404') as string,
    })
  })

  it('can be a git repository', async () => {
    vi.stubEnv('XDG_CACHE_HOME', tempFolder())
    const url = `file://${repository()}`
    const input = await readInput({ input: `${url}#tag=v26.02` })
    expect(sources(input)).toEqual(['plugins/a.api.json'])
    expect(input).toMatchObject({ release: '26.02', label: `${url}#v26.02` })
    await expect(readInput({ input: `${url}#tag=v9` })).rejects.toMatchObject({ code: 'BINAPI_INPUT' })
  })
})
