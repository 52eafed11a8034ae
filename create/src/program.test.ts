import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { main } from './program.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'create-vpp-ts-'))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

const filesIn = (path: string) => readdirSync(path, { recursive: true, encoding: 'utf8' }).sort()

describe('create-vpp-ts', () => {
  it('writes a program with its test, and says how to go on', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const target = join(folder, 'My Router!')
    expect(await main([target])).toBe(0)
    expect(filesIn(target)).toEqual([
      '.gitignore',
      'README.md',
      'package.json',
      'src',
      'src/main.ts',
      'src/router.test.ts',
      'src/router.ts',
      'tsconfig.json',
    ])
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string
    }
    expect(JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'))).toMatchObject({
      name: 'my-router',
      dependencies: { '@vpp-ts/vpp': `^${version}` },
      devDependencies: { '@vpp-ts/simulator': `^${version}` },
    })
    expect(log.mock.lastCall?.[0]).toContain('npm install')
  })

  it('takes an empty folder, and leaves one that is not as it is', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    mkdirSync(join(folder, 'empty'))
    expect(await main([join(folder, 'empty')])).toBe(0)
    mkdirSync(join(folder, 'full'))
    writeFileSync(join(folder, 'full/mine.txt'), 'mine')
    expect(await main([join(folder, 'full')])).toBe(1)
    expect(error.mock.lastCall?.[0]).toContain('is not empty (mine.txt): name a new folder')
    expect(filesIn(join(folder, 'full'))).toEqual(['mine.txt'])
    expect(await main([join(folder, 'full/mine.txt')])).toBe(1)
  })

  it('ends with 2 without a folder', async () => {
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
    expect(await main([])).toBe(2)
  })
})
