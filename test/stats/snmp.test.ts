import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createSocket } from 'node:dgram'
import { promisify } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import { StatsClient } from '@vpp-ts/stats'
import { SnmpSubagent } from '@vpp-ts/stats/agentx'
import type { InterfaceFacts } from '@vpp-ts/stats/api'
import { publishSample, SocketFolder } from './fixture.ts'

const missing = ['snmpd', 'snmpwalk'].filter((name) => spawnSync(name, ['-v']).error !== undefined)
if (missing.length > 0) console.warn(`SNMP is not tried: ${missing.join(' and ')} not found`)

const IF_TABLE = '.1.3.6.1.2.1.2.2.1'
const IF_X_TABLE = '.1.3.6.1.2.1.31.1.1.1'
const run = promisify(execFile)

/** snmpd of Debian with an AgentX socket, and what walks it. */
class Daemon implements AsyncDisposable {
  readonly agentx: string
  readonly #folder: SocketFolder
  readonly #port: number
  #process: ChildProcess | undefined

  private constructor(folder: SocketFolder, port: number) {
    this.#folder = folder
    this.#port = port
    this.agentx = `${folder.path}/agentx`
  }

  static async start(folder: SocketFolder): Promise<Daemon> {
    const probe = createSocket('udp4').bind(0, '127.0.0.1')
    await once(probe, 'listening')
    const { port } = probe.address()
    probe.close()
    const daemon = new Daemon(folder, port)
    await daemon.launch()
    return daemon
  }

  async launch(): Promise<void> {
    const { path } = this.#folder
    mkdirSync(`${path}/state`, { recursive: true })
    const config = `rocommunity public 127.0.0.1\nmaster agentx\nagentXSocket ${this.agentx}\n`
    writeFileSync(`${path}/snmpd.conf`, config)
    const args = ['-f', '-Lo', '-C', '-c', `${path}/snmpd.conf`, '-I', '-smux', `udp:127.0.0.1:${this.#port}`]
    this.#process = spawn('snmpd', args, {
      stdio: 'ignore',
      env: { ...process.env, SNMP_PERSISTENT_DIR: `${path}/state` },
    })
    // A request that comes before the daemon listens is lost: it is asked again soon.
    const sysUpTime = '.1.3.6.1.2.1.1.3.0'
    await vi.waitFor(() => this.#tool('snmpget', sysUpTime, '1'), { timeout: 100_000, interval: 100 })
  }

  async stop(): Promise<void> {
    const exit = once(this.#process ?? process, 'exit')
    this.#process?.kill('SIGTERM')
    await exit
  }

  get(oid: string): Promise<string> {
    return this.#tool('snmpget', oid)
  }

  /** Values by column and ifIndex. */
  async table(oid: string, tool: 'snmpwalk' | 'snmpbulkwalk' = 'snmpwalk'): Promise<Map<string, string>> {
    const lines = (await this.#tool(tool, oid)).split('\n').filter((line) => line.startsWith(`${oid}.`))
    return new Map(lines.map((line) => line.slice(oid.length + 1).split(' = ', 2) as [string, string]))
  }

  async #tool(tool: string, oid: string, patience = '60'): Promise<string> {
    const args = [
      '-v2c',
      '-c',
      'public',
      '-On',
      '-Ot',
      '-t',
      patience,
      '-r',
      '0',
      `127.0.0.1:${this.#port}`,
      oid,
    ]
    const { stdout } = await run(tool, args, { env: { ...process.env, MIBS: '' } })
    return stdout
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process?.exitCode === null) await this.stop()
  }
}

const FACTS: InterfaceFacts = {
  swIfIndex: 1,
  name: 'TenGigE0',
  tag: 'uplink',
  item: '',
  lcp: 'e0',
  isSub: false,
  device: 'dpdk',
  adminUp: true,
  linkUp: false,
  mtu: 9000,
  mac: '02:fe:00:ff:80:01',
  linkSpeed: 10_000_000,
}

describe.skipIf(missing.length > 0)("IF-MIB through Debian's snmpd", () => {
  test('every interface has its row in ifTable and ifXTable, counters of 64 bits among them', async () => {
    using folder = new SocketFolder()
    const { publisher, vpp } = publishSample(folder.socket)
    vpp.counter('rx').set(1, 1, 2n ** 32n + 5n, 2n ** 63n + 1n)
    vpp.counter('rx-multicast').set(1, 1, 2n, 200n)
    vpp.counter('tx').set(2, 1, 7n, 700n)
    vpp.counter('drops').set(0, 1, 3n)
    vpp.counter('rx-error').set(0, 1, 4n)
    await using daemon = await Daemon.start(folder)
    await using client = await StatsClient.connect(folder.socket)
    const facts = { read: () => Promise.resolve(new Map([[1, FACTS]])) }
    await using _ = await SnmpSubagent.start(client, { address: daemon.agentx, facts, maximumAge: 0 })

    expect(await daemon.get('.1.3.6.1.2.1.2.1.0')).toContain('INTEGER: 3')
    const table = await daemon.table(IF_TABLE)
    expect([0, 1, 2].map((index) => table.get(`1.${1000 + index}`))).toEqual([
      'INTEGER: 1000',
      'INTEGER: 1001',
      'INTEGER: 1002',
    ])
    const row = (of: Map<string, string>, ...columns: number[]) =>
      columns.map((column) => of.get(`${column}.1001`))
    expect(row(table, 2, 3, 4, 5, 7, 8)).toEqual([
      'STRING: "TenGigE0"',
      'INTEGER: 6',
      'INTEGER: 9000',
      'Gauge32: 4294967295',
      'INTEGER: 1',
      'INTEGER: 2',
    ])
    expect(table.get('6.1001')).toBe('Hex-STRING: 02 FE 00 FF 80 01 ')
    expect(row(table, 10, 11, 13, 14, 16, 17)).toEqual([
      'Counter32: 1',
      'Counter32: 3',
      'Counter32: 3',
      'Counter32: 4',
      'Counter32: 700',
      'Counter32: 7',
    ])
    const wide = await daemon.table(IF_X_TABLE, 'snmpbulkwalk')
    expect(row(wide, 1, 6, 7, 8, 10, 15, 18)).toEqual([
      'STRING: "TenGigE0"',
      `Counter64: ${2n ** 63n + 1n}`,
      `Counter64: ${2n ** 32n + 3n}`,
      'Counter64: 2',
      'Counter64: 700',
      'Gauge32: 10000',
      'STRING: "uplink"',
    ])
    // Of local0 the API says nothing: name and counters alone.
    expect(wide.get('1.1000')).toBe('STRING: "local0"')
    expect([...table.keys()].filter((key) => key.endsWith('.1000'))).not.toContain('7.1000')

    vpp.counter('tx').set(2, 1, 8n, 800n)
    expect(await daemon.get(`${IF_X_TABLE}.10.1001`)).toContain('Counter64: 800')
    publisher.close()
  })

  test('a daemon that restarts is followed, a VPP that has gone leaves empty tables', async () => {
    using folder = new SocketFolder()
    const { publisher } = publishSample(folder.socket)
    await using daemon = await Daemon.start(folder)
    await using client = await StatsClient.connect(folder.socket)
    const retryInterval = { min: 10, max: 100 }
    const options = { address: daemon.agentx, maximumAge: 0, retryInterval }
    await using subagent = await SnmpSubagent.start(client, options)
    const lost = once(subagent, 'lost')
    const again = once(subagent, 'registered')
    await daemon.stop()
    await lost
    await daemon.launch()
    await again
    expect(await daemon.get(`${IF_X_TABLE}.1.1002`)).toContain('"loop0"')
    const gone = once(client, 'disconnected')
    publisher.abandon()
    publishSample(folder.socket).publisher.abandon()
    await gone
    expect(await daemon.get(`${IF_X_TABLE}.1.1002`)).toContain('No Such Instance')
    expect(await daemon.table(IF_X_TABLE)).toEqual(new Map())
  })

  test('a second subagent of the same priority is refused with the reason', async () => {
    using folder = new SocketFolder()
    const { publisher } = publishSample(folder.socket)
    await using daemon = await Daemon.start(folder)
    await using client = await StatsClient.connect(folder.socket)
    await using _ = await SnmpSubagent.start(client, { address: daemon.agentx })
    await expect(SnmpSubagent.start(client, { address: daemon.agentx })).rejects.toMatchObject({
      code: 'STATS_AGENTX',
      message: expect.stringContaining('another subagent has registered it'),
    })
    await using other = await SnmpSubagent.start(client, { address: daemon.agentx, priority: 101 })
    expect(other.listenerCount('lost')).toBe(0)
    publisher.close()
  })
})

test('a master that is not one ends the attempt with an error, and never the process', async () => {
  using folder = new SocketFolder()
  const { publisher } = publishSample(folder.socket)
  await using client = await StatsClient.connect(folder.socket)
  const path = `${folder.path}/other`
  const server = createServer((socket) => void socket.write(Buffer.alloc(64, 0xff))).listen(path)
  await once(server, 'listening')
  await expect(SnmpSubagent.start(client, { address: path })).rejects.toMatchObject({ code: 'STATS_AGENTX' })
  server.close()
  publisher.close()
})
