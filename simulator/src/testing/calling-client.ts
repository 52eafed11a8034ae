import { ByteWriter, codecOf } from '@vpp-ts/runtime/internal'
import { DEFAULT_RELEASE, loadRelease } from '../release/folder.ts'
import { Release } from '../release/release.ts'
import { RawClient, frame } from './raw-client.ts'

type Fields = Readonly<Record<string, unknown>>

let newest: Release | undefined

/** Definitions of the newest release, parsed once for a test file. */
export function newestRelease(): Release {
  newest ??= new Release(loadRelease(DEFAULT_RELEASE))
  return newest
}

/** A client that calls any message by name. */
export class CallingClient implements AsyncDisposable {
  readonly raw: RawClient
  readonly #release: Release
  #context = 0

  private constructor(raw: RawClient, release: Release) {
    this.raw = raw
    this.#release = release
  }

  static async connect(path: string, release = newestRelease()): Promise<CallingClient> {
    return new CallingClient(await RawClient.connect(path, 'calling'), release)
  }

  /** Bytes of a request. */
  encode(message: string, fields: Fields, context: number): Buffer {
    const writer = new ByteWriter(256)
    const { descriptor } = this.#release.schema.message(message)
    codecOf(descriptor).encode(writer, fields, this.raw.id(message), this.raw.clientIndex, context)
    return Buffer.from(writer.take())
  }

  /** Sends a request; gives back its context. */
  send(message: string, fields: Fields = {}): number {
    const context = ++this.#context
    this.raw.write(frame(this.encode(message, fields, context)))
    return context
  }

  /** Sends requests in one write. */
  sendTogether(requests: readonly (readonly [message: string, fields: Fields])[]): void {
    const frames = requests.map(([message, fields]) => frame(this.encode(message, fields, ++this.#context)))
    this.raw.write(Buffer.concat(frames))
  }

  /** Name of a message that came. */
  nameOf(body: Buffer): string {
    const id = body.readUInt16BE(0)
    for (const [name, known] of this.raw.ids) if (known === id) return name
    throw new Error(`the table has no id ${id}`)
  }

  /** What a message says. */
  decode(message: string, body: Buffer): Record<string, unknown> {
    if (body.readUInt16BE(0) !== this.raw.id(message)) {
      throw new Error(`expected ${message}, got a message with id ${body.readUInt16BE(0)}`)
    }
    const { descriptor } = this.#release.schema.message(message)
    return codecOf(descriptor).decode(body, 0, body.length)
  }

  /** Sends a request and reads its one reply. */
  async call(message: string, fields: Fields = {}): Promise<Record<string, unknown>> {
    this.send(message, fields)
    const reply = this.#release.schema.service(message)?.reply ?? `${message}_reply`
    return this.decode(reply, await this.raw.next())
  }

  /** `retval` of a call. */
  async retval(message: string, fields: Fields = {}): Promise<unknown> {
    return (await this.call(message, fields))['retval']
  }

  /** Sends a dump and reads its details. */
  async dump(message: string, fields: Fields = {}): Promise<Record<string, unknown>[]> {
    const details = this.#release.schema.service(message)?.details ?? ''
    this.send(message, fields)
    return (await this.raw.untilPing()).map((body) => this.decode(details, body))
  }

  /** Sends a `…_get` and reads one answer: details and reply. */
  async get(
    message: string,
    fields: Fields = {},
  ): Promise<[Record<string, unknown>[], Record<string, unknown>]> {
    const service = this.#release.schema.service(message)
    this.send(message, fields)
    const bodies = await this.raw.untilPing()
    const reply = bodies.pop()
    if (reply === undefined) throw new Error(`no answer to ${message}`)
    return [
      bodies.map((body) => this.decode(service?.details ?? '', body)),
      this.decode(service?.reply ?? '', reply),
    ]
  }

  /** The next event. */
  async event(message: string): Promise<Record<string, unknown>> {
    return this.decode(message, await this.raw.next())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.raw[Symbol.asyncDispose]()
  }
}
