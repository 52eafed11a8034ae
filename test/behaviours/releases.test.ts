import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { BridgeDomainAddDel, BridgeDomainAddDelReply, BridgeDomainAddDelV2, methods } from '@vpp-ts/binapi-l2'
import { VpeClient } from '@vpp-ts/binapi-vpe'
import { methods as tapMethods } from '@vpp-ts/binapi-tapv2'
import { VppConnection, callNewest, version } from '@vpp-ts/runtime'
import { DynamicApi, Schema, fetchSchema } from '@vpp-ts/runtime/dynamic'
import { Simulator } from '@vpp-ts/simulator'
import { Peer, i32 } from './peer.ts'

/** Where the definitions of a release are. */
function releaseFolder(name: string): string {
  return fileURLToPath(new URL(`../../api-json/${name}`, import.meta.url))
}

/** The definitions of some modules of a release. */
function release(name: string, modules: readonly string[]): Schema {
  const folder = join(releaseFolder(name), 'core')
  const files = readdirSync(folder).filter((file) => modules.includes(file.replace('.api.json', '')))
  return Schema.fromApiJson(
    files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown),
  )
}

const named = ({ descriptor }: { descriptor: { name: string; crc: string } }) =>
  `${descriptor.name}_${descriptor.crc}`

describe('#37 bindings of two releases', () => {
  it('#37 one process talks to two releases at a time, each in its own words', async () => {
    await using old = await Simulator.start({ release: '24.10' })
    await using now = await Simulator.start({ release: '26.06' })
    await using oldVpp = await VppConnection.connect(old.path)
    await using nowVpp = await VppConnection.connect(now.path)
    const oldWords = release('24.10', ['vpe', 'vpe_types', 'interface', 'interface_types'])
    const version = oldWords.method('show_version')
    const interfaces = oldWords.method('sw_interface_dump')
    if (version.kind !== 'unary' || interfaces.kind !== 'dump') expect.fail('kinds of methods')
    const [before, after] = await Promise.all([oldVpp.call(version, {}), new VpeClient(nowVpp).showVersion()])
    expect(before).toMatchObject({ version: expect.stringMatching(/^24\.10/) as string })
    expect(after.version).toMatch(/^26\.06/)
    const [first] = await oldVpp.dump(interfaces, {}).toArray()
    expect(first).toMatchObject({ interfaceName: 'local0', swIfIndex: 0 })
    expect((await new InterfaceClient(nowVpp).swInterfaceDump().toArray())[0]?.interfaceName).toBe('local0')
  })

  it('#37 a call picks the newest version of a message that the connected VPP has', async () => {
    const versions = [BridgeDomainAddDel, BridgeDomainAddDelReply].map(named)
    await using old = await Peer.start({ messages: versions })
    await using now = await Simulator.start()
    await using oldVpp = await VppConnection.connect(old.path)
    await using nowVpp = await VppConnection.connect(now.path)
    const pick = (vpp: VppConnection) => vpp.newest(methods.bridgeDomainAddDelV2, methods.bridgeDomainAddDel)
    expect(pick(nowVpp)).toBe(methods.bridgeDomainAddDelV2)
    expect(pick(oldVpp)).toBe(methods.bridgeDomainAddDel)
    old.on('bridge_domain_add_del', (request) => {
      request.reply('bridge_domain_add_del_reply', i32(0))
    })
    for (const vpp of [oldVpp, nowVpp]) {
      expect(await vpp.call(pick(vpp), { bdId: 7, learn: true })).toMatchObject({ retval: 0 })
    }
    expect(() => oldVpp.newest(methods.bridgeDomainAddDelV2)).toThrow(
      expect.objectContaining({
        code: 'VPP_MESSAGE_UNAVAILABLE',
        messageName: BridgeDomainAddDelV2.descriptor.name,
      }) as Error,
    )
  })
})

describe('#37 requests of several versions', () => {
  const { tapCreateV3, tapCreateV2 } = tapMethods
  const versions = [
    version(tapCreateV3, { id: 7, numTxQueues: 2 }),
    version(tapCreateV2, { id: 7, numRxQueues: 1 }),
  ] as const

  it('#37 the newest that VPP has is sent, each checked against its own message', async () => {
    await using simulator = await Simulator.start()
    await using vpp = await VppConnection.connect(simulator.path)
    const reply = await callNewest(vpp, versions)
    const swIfIndex: number = reply.swIfIndex
    expect(swIfIndex).toBeGreaterThan(0)
    expect(simulator.requests.of('tap_create_v3')[0]?.request).toMatchObject({ id: 7, numTxQueues: 2 })
    // @ts-expect-error tap_create_v2 has no such field
    version(tapCreateV2, { numTxQueues: 2 })
  })

  it('#37 an older one where VPP lacks the newest, and an error where it has none', async () => {
    const known = [tapCreateV2.request, tapCreateV2.reply].map(named)
    await using old = await Peer.start({ messages: known })
    await using vpp = await VppConnection.connect(old.path)
    old.on('tap_create_v2', (request) => {
      request.reply('tap_create_v2_reply', Buffer.concat([i32(0), i32(5)]))
    })
    expect(await callNewest(vpp, versions)).toMatchObject({ swIfIndex: 5 })
    await expect(callNewest(vpp, [versions[0]])).rejects.toMatchObject({ code: 'VPP_MESSAGE_UNAVAILABLE' })
  })

  it('#37 DynamicApi names the newest version, of its definitions and of the connected VPP', async () => {
    await using simulator = await Simulator.start({ release: '24.10' })
    await using vpp = await VppConnection.connect(simulator.path)
    const newer = await DynamicApi.fromFiles(releaseFolder('26.06'), vpp)
    expect(DynamicApi.fromSchema(newer.schema).newest('wireguard_peer_add')).toBe('wireguard_peer_add_v2')
    expect(newer.newest('wireguard_peer_add_v2')).toBe('wireguard_peer_add')
    expect(newer.newest('tap_create')).toBe('tap_create_v3')
    expect(() => newer.newest('tap_crate_v3')).toThrow(/did you mean 'tap_create_v/)
  })

  it('#37 two releases without bindings, each called in its own words', async () => {
    await using old = await Simulator.start({ release: '24.10' })
    await using now = await Simulator.start({ release: '26.06' })
    await using oldVpp = await VppConnection.connect(old.path)
    await using nowVpp = await VppConnection.connect(now.path)
    const [before, after] = await Promise.all([DynamicApi.fromVpp(oldVpp), DynamicApi.fromVpp(nowVpp)])
    const names = new Set(before.schema.messages())
    expect(after.schema.messages().filter((name) => !names.has(name)).length).toBeGreaterThan(50)
    expect(await before.call('show_version')).toMatchObject({ version: '24.10.0-release' })
    expect(await after.call('show_version')).toMatchObject({ version: '26.06.0-release' })
  })
})

describe('#37 no bindings at all', () => {
  it('#37 the API that VPP tells of itself behaves as the generated one', async () => {
    await using simulator = await Simulator.start()
    await using vpp = await VppConnection.connect(simulator.path)
    const schema = await fetchSchema(vpp)
    const interfaces = new InterfaceClient(vpp)
    const { swIfIndex } = await interfaces.createLoopback({ macAddress: '02:00:00:00:00:37' })

    const [create, dump] = [schema.method('create_loopback'), schema.method('sw_interface_dump')]
    if (create.kind !== 'unary' || dump.kind !== 'dump') expect.fail('kinds of methods')
    expect(create.request.descriptor.crc).toBe('42bb5d22')
    expect(await vpp.call(create, { macAddress: '02:00:00:00:00:38' })).toMatchObject({ retval: 0 })
    const told = await vpp.dump(dump, {}).toArray()
    const generated = await interfaces.swInterfaceDump().toArray()
    expect(JSON.stringify(told)).toBe(JSON.stringify(generated))
    expect(generated.map(({ l2Address }) => l2Address)).toContain('02:00:00:00:00:38')

    const events = vpp.events(schema.event('sw_interface_event'), {})
    await events.ready
    await interfaces.swInterfaceSetFlags({ swIfIndex, flags: 1 })
    for await (const event of events) {
      expect(event).toMatchObject({ swIfIndex, deleted: false })
      break
    }
  })
})
