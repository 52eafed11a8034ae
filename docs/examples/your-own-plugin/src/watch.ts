import { enumName, listFlags, VppConnection, type RpcConnection } from '@vpp-ts/runtime'
import { IfStatusFlags } from './binapi/interface_types/index.js'
import { LinkWatchCause, LinkWatchClient } from './binapi/link_watch/index.js'

const [socket = '/run/vpp/api.sock', index = '1', gateway = '192.0.2.1', note = 'uplink'] =
  process.argv.slice(2)

const stop = new AbortController()
process.once('SIGINT', () => stop.abort())

async function watchUplink(vpp: RpcConnection): Promise<void> {
  const target = { swIfIndex: Number(index), gateway }
  await new LinkWatchClient(vpp).linkWatchAddDel({ target, note: Buffer.from(note) })
}

await using vpp = VppConnection.managed(socket, {
  clientName: 'link-watch',
  // Only the same VPP process still watches. Subscriptions to events are renewed automatically.
  prepare: async ({ reason, vpp }) => {
    if (reason !== 'same-process') await watchUplink(vpp)
  },
})
await vpp.ready()

const client = new LinkWatchClient(vpp)
const events = client.linkWatchEvents({ signal: stop.signal })
await events.ready
for await (const { target, flags } of client.linkWatchDump()) {
  console.log(`watching ${target.swIfIndex}: ${listFlags(IfStatusFlags, flags).join(' ') || 'down'}`)
}

for await (const { target, cause, flags, rawMsgData } of events) {
  const state = listFlags(IfStatusFlags, flags).join(' ') || 'down'
  const name = enumName(LinkWatchCause, cause)
  console.log(
    `${Buffer.from(rawMsgData).toString()} (${target.swIfIndex}, ${target.gateway}): ${name} ${state}`,
  )
}
console.log('no longer watching')
