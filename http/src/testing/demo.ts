import type { EventStream, RpcConnection } from '@vpp-ts/runtime'
import { Schema } from '@vpp-ts/runtime/dynamic'
import type { RouteSource } from '../route.ts'
import { schemaRoutes } from '../schema-routes.ts'

const REQUEST = [
  ['u16', '_vl_msg_id'],
  ['u32', 'client_index'],
  ['u32', 'context'],
] as const
const REPLY = [
  ['u16', '_vl_msg_id'],
  ['u32', 'context'],
  ['i32', 'retval'],
] as const

/** A module with a call, a dump and an event. */
export const DEMO = {
  module: 'demo',
  messages: [
    ['poke', ...REQUEST, ['u8', 'strength'], { crc: '0x00000001' }],
    ['poke_reply', ...REPLY, { crc: '0x00000002' }],
    ['poke_dump', ...REQUEST, { crc: '0x00000003' }],
    ['poke_details', ['u16', '_vl_msg_id'], ['u32', 'context'], ['u64', 'total'], { crc: '0x00000004' }],
    ['want_pokes', ...REQUEST, ['bool', 'enable'], ['u32', 'pid'], { crc: '0x00000005' }],
    ['want_pokes_reply', ...REPLY, { crc: '0x00000006' }],
    ['poke_event', ['u16', '_vl_msg_id'], ['u32', 'client_index'], ['u32', 'pid'], { crc: '0x00000007' }],
  ],
  services: {
    poke: { reply: 'poke_reply' },
    poke_dump: { reply: 'poke_details', stream: true },
    want_pokes: { reply: 'want_pokes_reply', events: ['poke_event'] },
  },
}

/** Its routes. */
export function demoRoutes(): RouteSource {
  return schemaRoutes(Schema.fromApiJson([DEMO]))
}

async function* details(): AsyncGenerator<object> {
  yield { total: '1' }
  yield { total: '2' }
}

function close(): Promise<void> {
  return Promise.resolve()
}

/** A VPP with that module, and nothing behind it. */
export class DemoVpp {
  /** What it was asked. */
  readonly requests: object[] = []
  /** Settles when a reader of events has left. */
  readonly left: Promise<void>
  readonly connection: RpcConnection
  #leave = (): void => {}

  constructor() {
    this.left = new Promise((resolve) => {
      this.#leave = resolve
    })
    this.connection = {
      call: (_method: unknown, request: object) => {
        this.requests.push(request)
        return Promise.resolve({ retval: 0 })
      },
      dump: details,
      events: (_method: unknown, _request: object, { signal }: { signal?: AbortSignal } = {}) =>
        this.#events(signal),
    } as unknown as RpcConnection
  }

  #events(signal: AbortSignal | undefined): EventStream<unknown> {
    const leave = this.#leave
    async function* events(): AsyncGenerator<object> {
      yield { pid: 7 }
      await new Promise((resolve) => signal?.addEventListener('abort', resolve))
      leave()
    }
    return Object.assign(events(), {
      ready: Promise.resolve(),
      dropped: 0,
      close,
      [Symbol.asyncDispose]: close,
    })
  }
}
