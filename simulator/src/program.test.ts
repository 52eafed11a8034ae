import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { main } from './program.ts'
import { CallingClient } from './testing/calling-client.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vpp-ts-simulator-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

describe('the program', () => {
  it('serves until it is told to end', async () => {
    const path = join(folder, 'api.sock')
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const ended = main(['--socket', path, '--loopbacks', '3', '--routes', '500'])
    await vi.waitFor(() => expect(log).toHaveBeenCalledWith(`serving VPP 26.06 on ${path}`))
    {
      await using client = await CallingClient.connect(path)
      expect(await client.dump('sw_interface_dump')).toHaveLength(4)
      expect(await client.dump('ip_route_dump', { table: {} })).toHaveLength(505)
    }
    process.emit('SIGTERM')
    expect(await ended).toBe(0)
  })

  it('can be hostile', async () => {
    const path = join(folder, 'api.sock')
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const ended = main(['--socket', path, '--hostile', '--page-size', '5', '--unmodelled', 'succeed'])
    await vi.waitFor(() => expect(log).toHaveBeenCalled())
    {
      await using client = await CallingClient.connect(path)
      expect(await client.retval('wireguard_interface_create')).toBe(0)
    }
    process.emit('SIGINT')
    expect(await ended).toBe(0)
  })

  it('says what is wrong and ends with 1 or 2', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const stderr = vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
    expect(await main(['--socket', folder])).toBe(1)
    expect(error.mock.lastCall?.[0]).toContain(`${folder} is there already and is not a socket`)
    for (const args of [['--release', '1.0'], ['--routes', '-1'], ['--nonsense']])
      expect(await main(args)).toBe(2)
    expect(stderr).toHaveBeenCalledTimes(3)
  })

  it('helps', async () => {
    const stdout = vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
    expect(await main(['--help'])).toBe(0)
    expect(stdout.mock.lastCall?.[0]).toContain('--socket <path>')
  })
})
