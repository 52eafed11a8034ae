import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Registry } from '../session/registry.ts'
import { bootIdOf, reasonOf, type Boot } from './boot.ts'

const boot = (changes: Partial<Boot> & { table?: [string, number][] } = {}): Boot => {
  const { table = [['control_ping_51077d14', 23]], ...rest } = changes
  const registry = new Registry(table.map(([name, index]) => ({ name, index })))
  return { pid: 7, id: '1:2:3', registry, ...rest }
}

describe('reasonOf', () => {
  it('is "first" where there was none', () => {
    expect(reasonOf(undefined, boot())).toBe('first')
  })

  it('is the same process when identity, pid and messages are', () => {
    expect(reasonOf(boot(), boot())).toBe('same-process')
  })

  it.each([
    ['another pid', boot({ pid: 8 })],
    ['another socket file', boot({ id: '1:2:4' })],
    ['no identity', boot({ id: undefined })],
    ['a message under another id', boot({ table: [['control_ping_51077d14', 24]] })],
    ['another CRC', boot({ table: [['control_ping_51077d15', 23]] })],
    [
      'one more message',
      boot({
        table: [
          ['control_ping_51077d14', 23],
          ['show_version_51077d14', 24],
        ],
      }),
    ],
  ])('is a restart with %s', (_what, current) => {
    expect(reasonOf(boot(), current)).toBe('restarted')
    expect(reasonOf(current, boot())).toBe('restarted')
  })

  it('is a restart when neither has an identity', () => {
    expect(reasonOf(boot({ id: undefined }), boot({ id: undefined }))).toBe('restarted')
  })
})

describe('bootIdOf', () => {
  it('changes with the socket file, and with any change to it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vpp-ts-boot-'))
    const path = join(folder, 'api.sock')
    await writeFile(path, '')
    const first = await bootIdOf(path)
    expect(first).toMatch(/^\d+:\d+:\d+$/)
    expect(await bootIdOf(path)).toBe(first)
    await utimes(path, 1, 1)
    expect(await bootIdOf(path)).not.toBe(first)
    await rm(folder, { recursive: true })
    expect(await bootIdOf(path)).toBeUndefined()
  })

  it('is what a target says, and nothing where it says nothing', async () => {
    const open = () => Promise.reject(new Error('not opened'))
    expect(await bootIdOf({ name: 'tcp', open, bootId: () => Promise.resolve('container-1') })).toBe(
      'container-1',
    )
    expect(await bootIdOf({ name: 'tcp', open })).toBeUndefined()
  })
})
