import { existsSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { loadSchema, readDefinition } from '@vpp-ts/binapi-generator'
import { VppConnection } from '@vpp-ts/runtime'
import { DynamicApi } from '@vpp-ts/runtime/dynamic'
import { API_DIR, Example, type LinkWatchBindings, type LinkWatchEvent } from '../plugin/example.ts'
import { buildPlugin, type BuiltPlugin } from '../plugin/build-plugin.ts'
import { VppProcess } from './real-vpp.ts'

const source = process.env['VPP_SOURCE'] ?? ''
const build = process.env['VPP_BUILD'] ?? ''
const given = source !== '' && build !== ''

if (!given) {
  console.warn(
    'No plugin is built and loaded into VPP: VPP_SOURCE names no source tree of VPP, or VPP_BUILD no folder it was built in',
  )
}

const ADMIN_UP = 1
const BOTH_UP = 3
const ADMIN = 1
const LINK = 2

/** Folder of the plugins in a build, which is called after the machine. */
function pluginsIn(folder: string): string {
  const places = readdirSync(join(folder, 'lib')).map((name) => join(folder, 'lib', name, 'vpp_plugins'))
  const found = [...places, join(folder, 'lib/vpp_plugins')].find((place) => existsSync(place))
  if (found === undefined) throw new Error(`no vpp_plugins below ${folder}/lib: build VPP there first`)
  return found
}

describe.runIf(given)('a plugin of our own in a real VPP', () => {
  const ends: (() => Promise<void>)[] = []
  let example: Example
  let bindings: LinkWatchBindings
  let plugin: BuiltPlugin
  let vpp: VppProcess
  let connection: VppConnection

  beforeAll(async () => {
    plugin = await buildPlugin({ source, build })
    ends.push(() => rm(plugin.folder, { recursive: true }))
    example = await Example.build()
    ends.push(() => example[Symbol.asyncDispose]())
    bindings = await example.bindings()
    vpp = await VppProcess.start(
      join(build, 'bin/vpp'),
      `${pluginsIn(build)}:${join(plugin.folder, 'plugins')}`,
    )
    ends.push(() => vpp[Symbol.asyncDispose]())
    connection = VppConnection.managed(vpp.apiSocket, { reconnect: { initialDelay: 20, maximumDelay: 100 } })
    ends.push(() => connection.close())
    await connection.ready()
  }, 180_000)
  afterAll(async () => {
    for (const end of ends.toReversed()) await end()
  })

  it('has the CRCs that our generator computed', () => {
    const ours = new Map(bindings.messages.map(({ descriptor }) => [descriptor.name, descriptor.crc]))
    expect(ours).toEqual(plugin.crcs)
    expect(ours.size).toBe(7)
    expect(bindings.API_CRC).toBe(plugin.fileCrc)
    expect(connection.checkCompatibility(bindings.messages).same).toHaveLength(7)
  })

  it('is defined as VPP defines it, comments included', async () => {
    const api = join(example.folder, 'api/link_watch.api')
    const fromSource = await readDefinition(api, { input: source })
    const { types, ...rest } = plugin.document
    // Only the comments of the file itself are taken over.
    const own = types.map(([name, ...parts]) => [
      name,
      ...parts.filter((part) => name.startsWith('link_watch') || Array.isArray(part)),
    ])
    expect(fromSource.document).toEqual({ ...rest, types: own })
    const fromJson = await readDefinition(api, { input: API_DIR })
    expect(fromJson.document).toEqual({ ...fromSource.document, vl_api_version: plugin.fileCrc })
  })

  it('is told by VPP itself, for whoever has no file of it', async () => {
    const schema = await loadSchema({ input: `vpp:${vpp.apiSocket}`, modules: ['link_watch'] })
    const told = schema.modules.get('link_watch')?.messages.map(({ name, crc }) => [name, crc])
    expect(new Map(told as [string, string][])).toEqual(plugin.crcs)
  })

  it('gives events with their raw bytes, of any length and content', async () => {
    const client = new bindings.LinkWatchClient(connection)
    const interfaces = new InterfaceClient(connection)
    const { swIfIndex } = await interfaces.createLoopback()
    const target = { swIfIndex, gateway: '2001:db8::1' }
    const events = client.linkWatchEvents()
    await events.ready
    const reader = events[Symbol.asyncIterator]()
    let told = 0
    for (const length of [0, 1, 2, 63, 64, 127, 128, 254, 255]) {
      const note = Uint8Array.from({ length }, (_, at) => (at * 7 + length) & 0xff)
      await client.linkWatchAddDel({ target, note })
      for (const flags of [ADMIN_UP, 0]) {
        await interfaces.swInterfaceSetFlags({ swIfIndex, flags })
        const seen: LinkWatchEvent[] = []
        for (; seen.length < 2; told++) seen.push((await reader.next()).value)
        expect(new Set(seen.map(({ cause }) => cause))).toEqual(new Set([ADMIN, LINK]))
        for (const event of seen) {
          expect(event).toMatchObject({ target, pid: process.pid })
          expect(event.rawMsgData).toEqual(note)
        }
        expect(seen.at(-1)?.flags).toBe(flags === ADMIN_UP ? BOTH_UP : 0)
      }
    }
    await reader.return?.()
    expect(await client.linkWatchDump().toArray()).toMatchObject([
      { target, flags: 0, eventCount: BigInt(told) },
    ])
    await client.linkWatchAddDel({ isAdd: false, target: { swIfIndex } })
    await interfaces.deleteLoopback({ swIfIndex })
  })

  it('refuses what it cannot do', async () => {
    const client = new bindings.LinkWatchClient(connection)
    await expect(client.linkWatchAddDel({ target: { swIfIndex: 999 } })).rejects.toMatchObject({
      apiName: 'INVALID_SW_IF_INDEX',
    })
    await expect(client.linkWatchAddDel({ isAdd: false, target: { swIfIndex: 0 } })).rejects.toMatchObject({
      apiName: 'NO_SUCH_ENTRY',
    })
  })

  it('forgets clients that are gone, whose handles others get', async () => {
    for (let i = 0; i < 3; i++) {
      await using other = await VppConnection.connect(vpp.apiSocket)
      // Not taken back: that the client is gone must do. A second registration of one handle would be refused.
      await new bindings.LinkWatchClient(other).wantLinkWatchEvents({ enableDisable: true, pid: process.pid })
    }
  })

  it('can be called without bindings', async () => {
    const api = await DynamicApi.fromVpp(connection)
    await api.call('link_watch_add_del', { target: { swIfIndex: 0, gateway: '192.0.2.1' } })
    expect(await api.dump('link_watch_dump').toArray()).toMatchObject([
      { target: { swIfIndex: 0, gateway: '192.0.2.1' } },
    ])
    await api.call('link_watch_add_del', { isAdd: false, target: { swIfIndex: 0 } })
  })

  it('serves the program of the example, before and after VPP was killed', async () => {
    const interfaces = new InterfaceClient(connection)
    const { swIfIndex } = await interfaces.createLoopback()
    await using watch = example.start('watch', vpp.apiSocket, String(swIfIndex), '192.0.2.1', 'to the east')
    expect(await watch.line()).toBe(`watching ${swIfIndex}: down`)
    const up = async () => {
      await interfaces.swInterfaceSetFlags({ swIfIndex, flags: ADMIN_UP })
      const lines = [await watch.line(), await watch.line()]
      for (const line of lines)
        expect(line).toMatch(/^to the east \(\d+, 192\.0\.2\.1\): LINK_WATCH_API_CAUSE/)
      expect(lines[1]).toContain('IF_STATUS_API_FLAG_ADMIN_UP IF_STATUS_API_FLAG_LINK_UP')
    }
    await up()

    await vpp.kill('SIGKILL')
    await vpp.launch()
    await connection.ready()
    expect((await interfaces.createLoopback({}, { timeout: 30_000 })).swIfIndex).toBe(swIfIndex)
    // The program is refused, and comes again, until the interface is there.
    const client = new bindings.LinkWatchClient(connection)
    await expect
      .poll(async () => (await client.linkWatchDump().toArray()).length, { timeout: 30_000 })
      .toBe(1)
    await up()
    expect(await watch.interrupt()).toBe(0)
    expect(await watch.line()).toBe('no longer watching')
  })
})
