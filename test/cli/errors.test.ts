import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Simulator, versionOfRelease } from '@vpp-ts/simulator'
import { build } from '../linux/child.ts'
import { vppTs } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'vpp-ts-cli-'))
beforeAll(() => build('cli'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('vpp-ts tells what is wrong and what to do', () => {
  it('there is no socket', async () => {
    const { status, stderr } = await vppTs(['-s', join(folder, 'none.sock'), 'info'])
    expect(status).toBe(3)
    expect(stderr).toMatch(/there is no such socket/)
    expect(stderr).toMatch(/systemctl start vpp/)
  })

  it('there is no VPP of that prefix', async () => {
    const { status, stderr } = await vppTs(['--prefix', 'vpp-ts-none', 'info'])
    expect(status).toBe(3)
    expect(stderr).toContain('/run/vpp/vpp-ts-none')
    expect((await vppTs(['--prefix', '../x', 'info'])).status).toBe(2)
    expect((await vppTs(['-p', 'a', '-s', 'b', 'info'])).stderr).toMatch(/exclude each other/)
  })

  it('nobody listens', async () => {
    await using simulator = await Simulator.start({ path: join(folder, 'left.sock') })
    await simulator.stop()
    const { status, stderr } = await vppTs(['-s', simulator.path, 'info'])
    expect(status).toBe(3)
    expect(stderr).toMatch(/no listener.*\n.*start VPP again/)
  })

  it('the file is not a socket', async () => {
    const path = join(folder, 'file')
    writeFileSync(path, '')
    expect((await vppTs(['-s', path, 'info'])).status).toBe(3)
  })

  it('VPP does not answer', async () => {
    await using simulator = await Simulator.start()
    simulator.pause()
    const { status, stderr } = await vppTs(['-s', simulator.path, '-t', '0.3', 'info'])
    simulator.resume()
    expect(status).toBe(4)
    expect(stderr).toMatch(/main thread busy or stopped/)
  })

  it('VPP does not answer one request', async () => {
    await using simulator = await Simulator.start()
    simulator.faults.add({ message: 'show_version', effect: { kind: 'ignore' } })
    const { status, stderr } = await vppTs(['-s', simulator.path, '-t', '3', 'call', 'show_version'])
    expect(status).toBe(4)
    expect(stderr).toMatch(/show_version: no reply after \d+ ms/)
  })

  it('the request would crash VPP', async () => {
    await using simulator = await Simulator.start()
    for (const words of [
      ['call', 'get_node_graph'],
      ['dump', 'graph_node_get'],
    ]) {
      const { status, stderr } = await vppTs(['-s', simulator.path, ...words])
      expect([words, status]).toEqual([words, 2])
      expect(stderr).toMatch(/nothing was sent[^]*--force sends it anyway/)
      const forced = await vppTs(['-s', simulator.path, ...words, '--force'])
      expect(forced.stderr).not.toContain('nothing was sent')
    }
  })

  it('VPP crashes', async () => {
    await using simulator = await Simulator.start()
    simulator.faults.add({ message: 'show_version', effect: { kind: 'disconnect' } })
    const { status, stderr } = await vppTs(['-s', simulator.path, 'call', 'show_version'])
    expect(status).toBe(3)
    expect(stderr).toMatch(/journalctl/)
  })

  it('it is another program', async () => {
    const path = join(folder, 'other.sock')
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    }).listen(path)
    const { status, stderr } = await vppTs(['-s', path, 'info'])
    server.close()
    expect(status).toBe(3)
    expect(stderr).not.toMatch(/at .*\.js:/)
  })

  it('the environment names the socket', async () => {
    await using simulator = await Simulator.start()
    const { stdout, status } = await vppTs(['info', '-o', 'json'], {
      env: { VPP_API_SOCKET: simulator.path },
    })
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      socket: simulator.path,
      version: versionOfRelease(),
      pid: process.pid,
    })
  })
})
