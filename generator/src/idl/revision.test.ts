import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { revisionOf } from './revision.ts'

const DATE = '2026-06-21T16:02:56+02:00'

describe('revisionOf', () => {
  let tree = ''

  beforeEach(() => {
    tree = mkdtempSync(join(realpathSync(tmpdir()), 'idl-revision-'))
    mkdirSync(join(tree, 'src'))
    writeFileSync(join(tree, 'src', 'a.api'), 'option a;')
  })

  afterEach(() => rmSync(tree, { recursive: true }))

  function git(...args: string[]): string {
    const identity = [
      '-c',
      'user.name=n',
      '-c',
      'user.email=e',
      '-c',
      'commit.gpgsign=false',
      '-c',
      'init.defaultBranch=m',
    ]
    const env = { ...process.env, GIT_AUTHOR_DATE: DATE, GIT_COMMITTER_DATE: DATE }
    return execFileSync('git', ['-C', tree, ...identity, ...args], { env, encoding: 'utf8' }).trim()
  }

  function commitAll(): string {
    git('init', '-q')
    git('add', '.')
    git('commit', '-q', '-m', 'x')
    return git('rev-parse', 'HEAD')
  }

  it('asks git about a checkout, or about the src/ of one', async () => {
    const commit = commitAll()
    expect(await revisionOf(tree, {})).toEqual({ commit, date: DATE })
    expect(await revisionOf(join(tree, 'src'), {})).toEqual({ commit, date: DATE })
  })

  it('marks a checkout whose .api files differ from the commit', async () => {
    const commit = commitAll()
    writeFileSync(join(tree, 'src', 'b.c'), '')
    expect((await revisionOf(tree, {})).commit).toBe(commit)
    writeFileSync(join(tree, 'src', 'b.api'), 'option b;')
    expect((await revisionOf(tree, {})).commit).toBe(`${commit}-dirty`)
  })

  it('believes the caller before git', async () => {
    commitAll()
    expect(await revisionOf(tree, { commit: '0123abc' })).toEqual({ commit: '0123abc', date: null })
    expect(await revisionOf(tree, { commit: '0123abc', date: '2026-01-01' })).toEqual({
      commit: '0123abc',
      date: '2026-01-01',
    })
    expect((await revisionOf(tree, { date: '2026-01-01' })).date).toBe('2026-01-01')
  })

  it('wants to be told where git cannot know', async () => {
    const message = `"${tree}" is not a git checkout: state its commit with --commit (and --date)`
    await expect(revisionOf(tree, {})).rejects.toMatchObject({ code: 'BINAPI_INPUT', message })
    expect(await revisionOf(tree, { commit: '0123abc' })).toMatchObject({ commit: '0123abc' })
  })

  it("does not take another project's checkout around the tree for VPP's", async () => {
    commitAll()
    const inner = join(tree, 'third-party', 'vpp')
    mkdirSync(inner, { recursive: true })
    await expect(revisionOf(inner, {})).rejects.toMatchObject({ code: 'BINAPI_INPUT' })
  })
})
