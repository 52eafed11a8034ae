/** A conversation with a VPP that shows what the bindings and the runtime do. Leaves VPP as it was. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VppConnection, decodeMessage, encodeMessage } from '@vpp-ts/runtime'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { IfStatusFlags } from '@vpp-ts/binapi-interface-types'
import { IpClient, IpRouteAddDel } from '@vpp-ts/binapi-ip'
import { VpeClient } from '@vpp-ts/binapi-vpe'
import { Simulator } from '@vpp-ts/simulator'

const ROUTES = 1000
const UP = IfStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP

const say = (what, text) => console.log(`  ${what.padEnd(12)} ${text}`)

function showCodec() {
  const route = new IpRouteAddDel({
    route: { prefix: '10.1.0.0/24', paths: [{ nh: { address: '10.0.0.2' }, swIfIndex: 1 }] },
  })
  const bytes = encodeMessage(IpRouteAddDel, route)
  const back = decodeMessage(IpRouteAddDel, bytes)
  console.log('\nCodec')
  say('encode', `ip_route_add_del to ${route.route.prefix}: ${bytes.length} bytes`)
  say(
    'decode',
    `${back.route.prefix} via ${back.route.paths[0].nh.address.ip4}, is_add ${back.isAdd} (VPP's default)`,
  )
}

/** Runs the tour on the socket given, or on its own simulator. */
export async function tour(socket) {
  showCodec()
  if (socket) {
    console.log(`\nVPP at ${socket}`)
    return converse(socket)
  }
  const folder = await mkdtemp(join(tmpdir(), 'vpp-ts-'))
  const simulator = await Simulator.start({ path: join(folder, 'api.sock') })
  try {
    console.log(`\nSimulated VPP at ${simulator.path} (set VPP_API_SOCKET to use a real one)`)
    await converse(simulator.path)
  } finally {
    await simulator.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function converse(path) {
  const vpp = await VppConnection.connect(path, { clientName: 'vpp-ts-tour' })
  try {
    const version = await new VpeClient(vpp).showVersion()
    say('version', `${version.program} ${version.version}, built ${version.buildDate}`)
    await withLoopback(new InterfaceClient(vpp), new IpClient(vpp))
  } finally {
    await vpp.close()
  }
  console.log('\nDone: the tour ended without an error.')
}

async function withLoopback(interfaces, ip) {
  const { swIfIndex } = await interfaces.createLoopback({})
  try {
    await useInterface(interfaces, swIfIndex)
    await programRoutes(ip, swIfIndex)
  } finally {
    await interfaces.deleteLoopback({ swIfIndex })
    say('clean-up', `loopback ${swIfIndex} deleted`)
  }
}

async function useInterface(interfaces, swIfIndex) {
  await interfaces.swInterfaceAddDelAddress({ isAdd: true, swIfIndex, prefix: '192.0.2.1/24' })
  const [details] = await interfaces.swInterfaceDump({ swIfIndex }).toArray()
  say(
    'interface',
    `${details.interfaceName} (sw_if_index ${swIfIndex}, ${details.l2Address}) with 192.0.2.1/24`,
  )

  const events = interfaces.swInterfaceEvents()
  await events.ready
  const seen = firstOf(events, swIfIndex)
  await interfaces.swInterfaceSetFlags({ swIfIndex, flags: UP })
  const event = await seen
  say(
    'event',
    `sw_interface_event: sw_if_index ${event.swIfIndex}, admin ${event.flags & UP ? 'up' : 'down'}`,
  )
  await events.close()
}

async function firstOf(events, swIfIndex) {
  for await (const event of events) if (event.swIfIndex === swIfIndex) return event
  throw new Error('the connection closed before the event came')
}

async function programRoutes(ip, swIfIndex) {
  const routes = Array.from({ length: ROUTES }, (_, i) => ({
    prefix: `10.${20 + (i >> 8)}.${i & 255}.0/24`,
    paths: [{ swIfIndex, nh: { address: '192.0.2.2' } }],
  }))
  const started = performance.now()
  await Promise.all(routes.map((route) => ip.ipRouteAddDel({ route })))
  const seconds = (performance.now() - started) / 1000
  say(
    'routes',
    `${ROUTES} programmed in ${(seconds * 1000).toFixed(1)} ms: ${Math.round(ROUTES / seconds)} routes/second`,
  )

  const dumped = await ip.ipRouteDump({ table: {} }).toArray()
  const known = new Set(dumped.map((details) => details.route.prefix))
  const missing = routes.filter((route) => !known.has(route.prefix)).length
  say('dump', `${dumped.length} routes in the default table, ${missing} of ours missing`)
  await Promise.all(routes.map((route) => ip.ipRouteAddDel({ isAdd: false, route })))
  if (missing > 0) throw new Error(`${missing} routes were programmed but not dumped`)
}
