import { describe, expect, it } from 'vitest'
import { BUILT_INS } from './builtin/index.ts'
import { knownReleases, loadRelease } from './release/folder.ts'
import { Release } from './release/release.ts'
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

describe.each(knownReleases())('VPP %s', (name) => {
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
    for (const { request, kind, reply, details } of requests) {
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
      message === 'ip_table_add_del_v2' || message.startsWith('sflow_')
    expect(missing.filter((message) => !isExcused(message))).toEqual([])
  })
})
