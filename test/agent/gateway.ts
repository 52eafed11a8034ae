import { LmdbStore, refOf, type ActualObject, type ItemInput, type VppInstance } from '@vpp-ts/agent'
import { DhcpClientRpc } from '@vpp-ts/binapi-dhcp'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { VppConnection } from '@vpp-ts/runtime'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { items, manage, temporaryFolder } from './managed.ts'
import type { VppOfTest } from './no-harm.ts'

/** An agent on a VPP, and somebody else who uses that. */
export class Gateway implements AsyncDisposable {
  readonly instance: VppInstance
  readonly stranger: VppConnection
  readonly #ends: AsyncDisposable[]

  private constructor(instance: VppInstance, stranger: VppConnection, ends: AsyncDisposable[]) {
    this.instance = instance
    this.stranger = stranger
    this.#ends = ends
  }

  static async on(path: string): Promise<Gateway> {
    const folder = await temporaryFolder()
    const store = new LmdbStore(join(folder.path, 'store'))
    const closing = { [Symbol.asyncDispose]: () => store.close() }
    return new Gateway(manage(path, store), await VppConnection.connect(path), [closing, folder])
  }

  /** Puts items and waits until they were tried. @returns their states by id */
  async put(...inputs: ItemInput[]): Promise<Record<string, string>> {
    await this.instance.put(items(...inputs))
    return await this.settled()
  }

  async delete(...inputs: ItemInput[]): Promise<Record<string, string>> {
    await this.instance.delete(items(...inputs).map(refOf))
    return await this.settled()
  }

  /** States by id, and the reasons of those that are not applied. */
  async settled(): Promise<Record<string, string>> {
    await this.instance.settled()
    const statuses = this.instance.statuses()
    return Object.fromEntries(
      statuses.map(({ kind, key, state, error }) => [
        `${kind} ${key}`,
        error === undefined ? state : `${state}: ${error.code}`,
      ]),
    )
  }

  /** Objects of a kind as VPP has them. */
  async actual(kind: string): Promise<readonly ActualObject[]> {
    return (await this.instance.actual()).filter((it) => it.kind === kind)
  }

  /** Index of an interface, by its item's name or VPP's. */
  async index(name: string): Promise<number> {
    const all = await new InterfaceClient(this.stranger).swInterfaceDump({ swIfIndex: 0xffff_ffff }).toArray()
    const found = all.find((it) => it.tag.endsWith(`/${name}`) || it.interfaceName === name)
    if (found === undefined) throw new Error(`no interface is called ${name}`)
    return found.swIfIndex
  }

  /** Somebody else makes a loopback. */
  async loopback(instance: number): Promise<number> {
    const request = { isSpecified: true, userInstance: instance }
    return (await new InterfaceClient(this.stranger).createLoopbackInstance(request)).swIfIndex
  }

  /** A look at all of VPP finds nothing to do, and nothing is planned. */
  async isQuiet(): Promise<void> {
    expect(await this.instance.resync()).toMatchObject({ applied: 0, failed: 0, problems: [] })
    const { changes } = await this.instance.plan()
    expect(changes.filter((it) => it.waitsFor === undefined && it.refusedBecause === undefined)).toEqual([])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stranger.close()
    await this.instance.close()
    for (const it of this.#ends) await it[Symbol.asyncDispose]()
  }
}

export const LAN: ItemInput = {
  kind: 'interface',
  type: 'loopback',
  name: 'lan',
  addresses: ['192.0.2.1/24'],
}
export const WAN: ItemInput = {
  kind: 'interface',
  type: 'loopback',
  name: 'wan',
  addresses: ['198.51.100.1/24'],
}

/** What an item of a kind of gateways is, changes to, and collides with. */
interface Life {
  readonly needs: readonly ItemInput[]
  readonly item: ItemInput
  /** The same key with other fields. */
  readonly changed: ItemInput
  /** Kind of the object that shows what VPP has. */
  readonly object: string
  /** Part of the values of the objects before and after the change. */
  readonly shows: readonly object[]
  readonly showsChanged: readonly object[]
  /** Somebody else makes what the item declares, otherwise. @returns reads what is theirs */
  strange?(gateway: Gateway): Promise<() => Promise<unknown>>
}

const LIVES: Readonly<Record<string, Life>> = {
  'a DHCP client': {
    needs: [LAN],
    item: { kind: 'dhcp-client', interface: 'lan', hostname: 'one', clientId: 'id one', dscp: 46 },
    changed: { kind: 'dhcp-client', interface: 'lan', hostname: 'two', broadcast: false },
    object: 'dhcp-client',
    shows: [{ hostname: 'one', clientId: 'id one', broadcast: true, dscp: 46 }],
    showsChanged: [{ hostname: 'two', broadcast: false, dscp: 0, lease: { state: 'discover' } }],
    async strange(gateway) {
      const client = new DhcpClientRpc(gateway.stranger)
      const swIfIndex = await gateway.index('lan')
      await client.dhcpClientConfig({ isAdd: true, client: { swIfIndex, hostname: 'theirs' } })
      return async () => (await client.dhcpClientDump().toArray()).map((it) => it.client.hostname)
    },
  },
}

/** What kinds of gateways do, on any VPP. @param start a VPP without anything in it */
export function gateway(start: () => Promise<VppOfTest>): void {
  const scene = async (play: (it: Gateway) => Promise<void>): Promise<void> => {
    await using vpp = await start()
    await using it = await Gateway.on(vpp.path)
    await play(it)
  }

  it.each(Object.entries(LIVES))('%s is made, changed and removed', async (_, life) => {
    await scene(async (it) => {
      const { needs, item, changed, object, shows, showsChanged } = life
      const shown = async (): Promise<unknown[]> =>
        (await it.actual(object)).filter(({ owned }) => owned).map(({ value }) => value)
      const all = (await it.put(...needs, item)) satisfies Record<string, string>
      expect(new Set(Object.values(all))).toEqual(new Set(['applied']))
      expect(await shown()).toMatchObject(shows)
      await it.isQuiet()
      const later = await it.put(changed)
      expect(new Set(Object.values(later))).toEqual(new Set(['applied']))
      expect(await shown()).toMatchObject(showsChanged)
      await it.isQuiet()
      // Its interface goes first, and comes again: everything is as it was.
      await it.delete(...needs)
      await it.put(...needs)
      await vi.waitFor(async () =>
        expect(new Set(Object.values(await it.settled()))).toEqual(new Set(['applied'])),
      )
      expect(await shown()).toMatchObject(showsChanged)
      await it.isQuiet()
      await it.delete(item)
      expect(await shown()).toEqual([])
      await it.isQuiet()
    })
  })

  it.each(Object.entries(LIVES).filter(([, { strange }]) => strange !== undefined))(
    '%s of somebody else blocks the item, and stays as it is',
    async (_, { needs, item, strange }) => {
      await scene(async (it) => {
        await it.put(...needs)
        const theirs = await strange?.(it)
        const before = await theirs?.()
        expect(before).not.toEqual([])
        const [ref] = items(item).map(refOf)
        await it.instance.resync()
        const states = await it.put(item)
        expect(states[`${ref?.kind} ${ref?.key}`]).toBe('blocked: FOREIGN')
        expect(await theirs?.()).toEqual(before)
        await it.delete(item)
        expect(await theirs?.()).toEqual(before)
      })
    },
  )
}
