import type { Dump, DumpWithReply, EventStream, MessageClass, RpcConnection } from '@vpp-ts/runtime'
import type { OneWayMethod, StreamMethod, UnaryMethod } from '@vpp-ts/runtime/codegen/v1'

/** A request that an apply would send. */
export interface RehearsedCall {
  /** Name of the message, as `sw_interface_set_flags`. */
  readonly message: string
  readonly request: object
}

/** Indexes from here on stand for those that VPP will give. */
const FIRST_INDEX = 0x7f00_0000
/** Fields of replies that hold an index which VPP has given. */
const INDEX = /^(swIfIndex|id|.*Index)$/

/** A connection on which requests are recorded and answered as if VPP took them. Nothing is sent. */
export class Rehearsal implements RpcConnection {
  #calls: RehearsedCall[] = []
  #next = FIRST_INDEX

  /** The requests since the last time. */
  take(): RehearsedCall[] {
    return this.#calls.splice(0)
  }

  async call<Q extends object, R>(method: UnaryMethod<Q, R>, request: object): Promise<R> {
    this.#note(method.request.descriptor.name, request)
    return await Promise.resolve(this.#reply(method.reply))
  }

  async send<Q extends object>(method: OneWayMethod<Q>, request: object): Promise<void> {
    this.#note(method.request.descriptor.name, request)
    await Promise.resolve()
  }

  /** Questions are not part of what is done; VPP has nothing new to say yet. */
  dump<D>(): Dump<D> {
    return emptyDump<D>()
  }

  stream<Q extends object, R, D>(method: StreamMethod<Q, R, D>): DumpWithReply<D, R> {
    return Object.assign(emptyDump<D>(), { reply: Promise.resolve(this.#reply(method.reply)) })
  }

  events<E>(): EventStream<E> {
    throw new TypeError('no subscriptions in a rehearsal')
  }

  #note(message: string, request: object): void {
    this.#calls.push({ message, request })
  }

  #reply<R>(type: MessageClass<R>): R {
    const reply = new type()
    const fields = reply as Record<string, unknown>
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'number' && INDEX.test(name)) fields[name] = this.#next++
    }
    return reply
  }
}

function emptyDump<D>(): Dump<D> {
  return {
    toArray: async () => await Promise.resolve([]),
    async *[Symbol.asyncIterator](): AsyncGenerator<D, void> {},
  }
}

/**
 * A request as people read it: numbers that are too long for JSON and bytes as text.
 * @param nameOf what an index that VPP has not given yet stands for
 * @param secrets texts that are not shown
 */
export function requestView(
  request: object,
  nameOf: (index: number) => string | undefined,
  secrets: ReadonlySet<string>,
  hidden: string,
): Record<string, unknown> {
  const text = JSON.stringify(request, (_key, value: unknown) => {
    if (typeof value === 'bigint') return String(value)
    if (typeof value === 'number' && value >= FIRST_INDEX) return nameOf(value) ?? value
    if (typeof value === 'string' && secrets.has(value)) return hidden
    if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
    return value
  })
  return JSON.parse(text) as Record<string, unknown>
}
