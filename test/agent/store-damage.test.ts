import { execFileSync } from 'node:child_process'
import { mkdirSync, openSync, closeSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { LmdbStore } from '@vpp-ts/agent'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './managed.ts'
import { Program } from './processes.ts'

/** A file system of two megabytes on a folder; undefined where mounting is not allowed. */
function smallFileSystem(folder: string): Disposable | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  return { [Symbol.dispose]: () => void execFileSync('umount', ['-l', folder]) }
}

const mountable = ((): boolean => {
  try {
    execFileSync('unshare', ['--mount', 'true'], { stdio: 'ignore' })
    return process.getuid?.() === 0
  } catch {
    return false
  }
})()
if (!mountable) console.info('file systems cannot be mounted here (needs root): the full disk is not tried')

async function filled(folder: string): Promise<void> {
  const store = new LmdbStore(folder)
  for (let i = 0; i < 500; i++) await store.put(`vpp/item/route/${i}`, 'x'.repeat(1000))
  await store.close()
}

describe('a store in LMDB', () => {
  it.runIf(mountable)(
    'says AGENT_STORE when the disk is full, is read on, and written again when there is room',
    async () => {
      await using folder = await temporaryFolder()
      const path = join(folder.path, 'small')
      mkdirSync(path)
      using mounted = smallFileSystem(path)
      expect(mounted).toBeDefined()
      const ballast = join(path, 'ballast')
      writeFileSync(ballast, Buffer.alloc(1_000_000))
      const store = new LmdbStore(join(path, 'store'))
      await store.put('first', 'one')
      const fill = async (): Promise<void> => {
        for (let i = 0; i < 100; i++) await store.put(`large/${i}`, 'x'.repeat(100_000))
      }
      await expect(fill()).rejects.toMatchObject({
        code: 'AGENT_STORE',
        message: expect.stringContaining('disk') as string,
      })
      await expect(fill()).rejects.toMatchObject({ code: 'AGENT_STORE' })
      expect(await store.get('first')).toMatchObject({ value: 'one' })
      const { signal } = new AbortController()
      truncateSync(ballast)
      await store.put('later', 'two')
      const leadership = await store.campaign('vpp', 'one', { signal })
      expect([leadership.held, (await store.get('later'))?.value]).toEqual([true, 'two'])
      await leadership.resign()
      await store.close()
    },
  )

  it('that is sound is opened, with all that it had', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'store')
    await (await LmdbStore.open(path)).close()
    await filled(path)
    const store = await LmdbStore.open(path)
    expect((await store.list('vpp/')).entries).toHaveLength(500)
    await store.close()
  })

  it.each(['cut off', 'overwritten', 'something else'])(
    'that is %s is recognised before it is opened',
    async (how) => {
      await using folder = await temporaryFolder()
      const path = join(folder.path, 'store')
      await filled(path)
      const data = join(path, 'data.mdb')
      const { size } = statSync(data)
      if (how === 'cut off') truncateSync(data, size / 2)
      else if (how === 'something else') writeFileSync(data, 'this is a text\n'.repeat(1000))
      else {
        const file = openSync(data, 'r+')
        for (let at = 8192; at < size; at += 4096) writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, at)
        closeSync(file)
      }
      await expect(LmdbStore.open(path)).rejects.toMatchObject({
        code: 'AGENT_STORE',
        message: expect.stringContaining('vpp-ts-agent import') as string,
      })
    },
  )

  it('is exported by a command, and a new one is filled from that', async () => {
    await using folder = await temporaryFolder()
    const config = (name: string): string => {
      const file = join(folder.path, `${name}.yaml`)
      writeFileSync(file, `store: { path: ${name} }\ninstances: [{ name: vpp }]\n`)
      return file
    }
    await filled(join(folder.path, 'one'))
    await using exported = Program.agent(
      'export',
      '--config',
      config('one'),
      '--file',
      join(folder.path, 'backup'),
    )
    await exported.line((line) => line.includes('500 entries'))
    expect(statSync(join(folder.path, 'backup')).mode & 0o777).toBe(0o600)
    const args = ['import', '--config', config('two'), '--file', join(folder.path, 'backup')]
    await using imported = Program.agent(...args)
    await imported.line((line) => line.includes('500 entries'))
    const store = await LmdbStore.open(join(folder.path, 'two'))
    expect((await store.list('vpp/')).entries).toHaveLength(500)
    await store.close()
    await using again = Program.agent(...args)
    await again.line((line) => line.includes('is not empty'))
  })
})
