import { describe, expect, it } from 'vitest'
import { BUILT_INS } from './builtin/index.ts'
import { releases } from '@vpp-ts/api-json'
import { loadRelease } from './release/folder.ts'
import { Release } from './release/release.ts'
import { MISNAMED_REPLIES } from './faults/misnamed.ts'
import { Simulator } from './simulator.ts'
import { CallingClient } from './testing/calling-client.ts'

/** Requests that are not answered on a socket, and the one that ends the connection. */
const SILENT: ReadonlySet<string> = new Set([
  'memclnt_create',
  'memclnt_create_v2',
  'memclnt_delete',
  'memclnt_keepalive',
  'rpc_call',
  'sock_init_shm',
  'trace_plugin_msg_ids',
  'sockclnt_delete',
])

/** VPP answers these otherwise than their definitions say: with a reply behind the details, with details and no reply. */
const UNDECLARED: ReadonlySet<string> = new Set(['mactime_dump', 'gre_tunnel_dump_v2'])
/** Came with 25.10 and 26.06. */
const GRE_WITH_KEYS: ReadonlySet<string> = new Set([
  'gre_tunnel_add_del_v2',
  'gre_tunnel_dump_v2',
  'gre_tunnel_v2_dump',
])

describe.each(releases())('VPP %s', (name) => {
  const source = loadRelease(name)
  const release = new Release(source)
  const requests = release.schema.services().filter(({ request }) => !SILENT.has(request))

  it('has every request answered with what it declares', async () => {
    const failures: unknown[] = []
    await using simulator = await Simulator.start({
      source,
      onFailure: (error, message) => failures.push([message, error]),
    })
    await using client = await CallingClient.connect(simulator.path, release)
    for (const { request, kind, reply: own, details } of requests) {
      if (UNDECLARED.has(request)) continue
      const other = MISNAMED_REPLIES[request]
      const reply = other !== undefined && release.schema.has(other) ? other : own
      client.send(request)
      const bodies = await client.raw.untilPing()
      const ids = new Set(bodies.map((body) => body.readUInt16BE(0)))
      const declared = new Set(
        [reply, details].filter((it) => it !== undefined).map((it) => client.raw.id(it)),
      )
      expect(
        [...ids].filter((id) => !declared.has(id)),
        request,
      ).toEqual([])
      const replies =
        reply === undefined ? 0 : bodies.filter((it) => it.readUInt16BE(0) === client.raw.id(reply)).length
      expect(replies, request).toBe(kind === 'unary' || kind === 'stream' ? 1 : 0)
    }
    expect(failures).toEqual([])
    expect(requests.length).toBeGreaterThan(900)
  })

  it('has the messages that the model answers', () => {
    const missing = Object.keys(BUILT_INS).filter((message) => !release.schema.has(message))
    // Came with later releases, or left with one.
    const isExcused = (message: string): boolean =>
      message === 'ip_table_add_del_v2' || message.startsWith('sflow_') || GRE_WITH_KEYS.has(message)
    expect(missing.filter((message) => !isExcused(message))).toEqual([])
  })
})
