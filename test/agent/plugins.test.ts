import { readFileSync } from 'node:fs'
import { cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { refOf, type ItemInput } from '@vpp-ts/agent'
import { Simulator } from '@vpp-ts/simulator'
import { expect, it } from 'vitest'
import { items, managedAlone, temporaryFolder } from './managed.ts'

const DEFINITIONS = fileURLToPath(new URL('../../api-json/26.06/', import.meta.url))
const GUIDE = fileURLToPath(new URL('../../docs/agent-kinds.md', import.meta.url))

/** A VPP without some files of definitions, that is without the plugins that have them. */
async function without(...files: string[]): Promise<{ path: string } & AsyncDisposable> {
  const folder = await temporaryFolder()
  const apiDir = join(folder.path, 'api')
  await mkdir(apiDir)
  await cp(DEFINITIONS, apiDir, { recursive: true })
  for (const file of files) await rm(join(apiDir, 'plugins', `${file}.api.json`))
  const vpp = await Simulator.start({ apiDir })
  return {
    path: vpp.path,
    async [Symbol.asyncDispose]() {
      await vpp[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

function blocked(plugin: string) {
  return {
    state: 'blocked',
    error: { code: 'PLUGIN_MISSING', message: expect.stringContaining(`${plugin}_plugin.so`) },
  }
}

const LAN: ItemInput = { kind: 'interface', type: 'loopback', name: 'lan' }
const WAN: ItemInput = { kind: 'interface', type: 'loopback', name: 'wan' }
const sides = { inside: ['lan'], outside: ['wan'] }
const rules = [{ action: 'deny' as const }]
const mapping = {
  protocol: 'tcp' as const,
  localAddress: '10.0.0.5',
  localPort: 80,
  externalAddress: '203.0.113.5',
  externalPort: 80,
}
const backends = ['10.0.0.7', '10.0.0.8'].map((address) => ({ address, port: 80 }))

/** Every plugin that something needs: its file of definitions, and items that need it. */
const PLUGINS: Readonly<Record<string, readonly [file: string, ...ItemInput[]]>> = {
  memif: [
    'memif',
    { kind: 'memif-socket', id: 7, path: 'abstract:vpp-ts' },
    { kind: 'interface', type: 'memif', name: 'peer', role: 'master' },
  ],
  tap: ['tapv2', { kind: 'interface', type: 'tap', name: 'host' }],
  linux_cp: ['lcp', { kind: 'interface', type: 'loopback', name: 'bgp', linuxCp: { hostName: 'bgp' } }],
  acl: ['acl', { kind: 'acl', name: 'guard', rules }, { kind: 'macip-acl', name: 'hosts', rules }],
  nat: [
    'nat44_ed',
    { kind: 'nat44', ...sides },
    { kind: 'nat44-static', ...mapping },
    { kind: 'nat44-identity', address: '203.0.113.7' },
    { kind: 'nat44-load-balancer', externalAddress: '203.0.113.8', externalPort: 80, backends },
  ],
  nat44_ei: [
    'nat44_ei',
    { kind: 'nat44', mode: 'ei', ...sides },
    { kind: 'nat44-static', mode: 'ei', ...mapping },
    { kind: 'nat44-identity', mode: 'ei', address: '203.0.113.7' },
  ],
  nat64: [
    'nat64',
    { kind: 'nat64', ...sides },
    {
      kind: 'nat64-static',
      insideAddress: '2001:db8::5',
      insidePort: 80,
      outsideAddress: '203.0.113.5',
      outsidePort: 80,
    },
  ],
  nat66: [
    'nat66',
    { kind: 'nat66', ...sides },
    { kind: 'nat66-static', localAddress: 'fd00::5', externalAddress: '2001:db8::5' },
  ],
  det44: [
    'det44',
    { kind: 'det44', ...sides },
    { kind: 'det44-mapping', inside: '10.9.0.0/24', outside: '203.0.113.64/30' },
  ],
  dhcp: [
    'dhcp',
    { kind: 'dhcp-client', interface: 'lan' },
    { kind: 'dhcp-proxy', source: '192.0.2.1', servers: ['198.51.100.1'] },
    { kind: 'dhcp6-proxy', source: '2001:db8::1', servers: ['2001:db8:9::1'] },
  ],
  pppoe: [
    'pppoe',
    { kind: 'pppoe', interface: 'lan' },
    { kind: 'pppoe-session', mac: '02:00:00:00:00:31', session: 7, address: '198.51.100.7' },
  ],
  dns: ['dns', { kind: 'dns', servers: ['192.0.2.53'] }],
  mss_clamp: ['mss_clamp', { kind: 'mss-clamp', interface: 'lan', ip4: { mss: 1360 } }],
  urpf: ['urpf', { kind: 'urpf', interface: 'lan', ip4: { input: 'strict' } }],
  policer: ['policer', { kind: 'policer', name: 'slow', rate: 1000, burst: 10_000 }],
  abf: ['abf', { kind: 'abf', id: 7, acl: 'web', paths: [{ interface: 'lan' }] }],
}

it.each(Object.entries(PLUGINS))(
  'without the plugin %s, what needs it is blocked and names it, and the rest is made',
  async (plugin, [file, ...needing]) => {
    await using vpp = await without(file)
    await using managed = await managedAlone(vpp.path)
    const { instance } = managed
    const others: ItemInput[] =
      plugin === 'acl' ? [LAN, WAN] : [LAN, WAN, { kind: 'acl', name: 'web', rules }]
    await instance.put(items(...others, ...needing))
    await instance.settled()
    for (const item of items(...needing)) {
      const ref = refOf(item)
      expect({ ...ref, ...instance.status(ref) }).toMatchObject({ ...ref, ...blocked(plugin) })
    }
    // One that comes later is blocked as well, whatever it depends on.
    const [last] = items(...needing).slice(-1)
    await instance.delete([refOf(last!)])
    await instance.put([last!])
    await instance.settled()
    expect(instance.status(refOf(last!))).toMatchObject(blocked(plugin))
    for (const item of items(...others)) {
      expect(instance.status(refOf(item))).toMatchObject({ state: 'applied' })
    }
  },
)

it('every plugin that the guide names for a kind is among them', () => {
  const rows = readFileSync(GUIDE, 'utf8').matchAll(/^\| `[\w-]+` \| [^|]+ \| ([^|]+) \| \d\d\.\d\d/gm)
  const named = new Set(Array.from(rows, ([, cell = '']) => cell.split(', ')).flat())
  named.delete('always there')
  expect([...named].sort()).toEqual(Object.keys(PLUGINS).sort())
})

it('an interface that a missing plugin should protect stays down', async () => {
  await using vpp = await without('acl')
  await using managed = await managedAlone(vpp.path)
  const { instance } = managed
  await instance.put(items({ kind: 'acl', name: 'guard', rules, ingress: ['lan'] }, LAN))
  await instance.settled()
  expect(instance.status({ kind: 'acl', key: 'guard' })).toMatchObject(blocked('acl'))
  expect(instance.status({ kind: 'interface', key: 'lan' })).toMatchObject({ state: 'waiting' })
  const lan = (await instance.actual()).find(({ kind, key }) => kind === 'interface' && key === 'lan')
  expect(lan).toBeDefined()
  expect(
    (await instance.actual()).filter(({ kind, key }) => kind === 'interface-up' && key === 'lan'),
  ).toEqual([])
})
