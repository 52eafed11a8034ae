import type { DefineStatement, Rpc, Statement } from './ast.ts'
import type { FileReport } from './diagnostics.ts'

/** A request and what answers it. */
export type Service = Omit<Rpc, 'at'>

/**
 * The services of a file: explicit ones in source order, then the implicit ones (`x` with `x_reply`, `x_dump` with
 * `x_details`) in the order of the messages. Every message must have its place in one of them.
 */
export function resolveServices(
  statements: readonly Statement[],
  messages: readonly DefineStatement[],
  report: FileReport,
): readonly Service[] {
  const resolver = new ServiceResolver(messages, report)
  for (const statement of statements) {
    if (statement.kind === 'service') for (const rpc of statement.rpcs) resolver.addExplicit(rpc)
  }
  resolver.checkCallers()
  for (const message of messages) resolver.place(message)
  return [...resolver.services.values()]
}

class ServiceResolver {
  readonly services = new Map<string, Service>()
  readonly #explicit = new Map<string, Rpc>()
  readonly #events = new Set<string>()
  readonly #messages: ReadonlySet<string>
  readonly #report: FileReport

  constructor(messages: readonly DefineStatement[], report: FileReport) {
    this.#messages = new Set(messages.map((message) => message.name))
    this.#report = report
  }

  addExplicit(rpc: Rpc): void {
    const { at, ...service } = rpc
    if (this.#explicit.has(rpc.caller)) {
      this.#fail(at, `request "${rpc.caller}" has two services: remove one`)
      return
    }
    this.#explicit.set(rpc.caller, rpc)
    this.services.set(rpc.caller, service)
    for (const event of rpc.events) this.#events.add(event)
    const named: readonly (readonly [string, string | undefined])[] = [
      ['request', rpc.caller],
      [rpc.stream && rpc.streamMessage === undefined ? 'streamed message' : 'reply', rpc.reply],
      ['streamed message', rpc.streamMessage],
      ...rpc.events.map((event) => ['event', event] as const),
    ]
    for (const [role, name] of named) {
      if (name !== undefined && !this.#messages.has(name)) {
        this.#fail(
          at,
          `${role} "${name}" of the service "${rpc.caller}" is not a message of this file: define it or correct the name`,
        )
      }
    }
  }

  checkCallers(): void {
    for (const { reply, caller } of this.#explicit.values()) {
      const other = reply === undefined ? undefined : this.#explicit.get(reply)
      if (other !== undefined)
        this.#fail(other.at, `"${other.caller}" is the reply of "${caller}" and cannot have a service`)
    }
  }

  /** Finds the service that a message belongs to by its name, and adds it if it is implied. */
  place({ name, at }: DefineStatement): void {
    if (this.#events.has(name)) return
    const { stem, suffix } = splitName(name)
    switch (suffix) {
      case '_reply':
        return this.#placeReply(name, stem, at)
      case '_dump':
        return this.#placeRequest(name, `${stem}_details`, true, at)
      case '_details':
        return this.#placeDetails(name, stem, at)
      default:
        return this.#placeRequest(name, `${name}_reply`, false, at)
    }
  }

  #placeReply(name: string, stem: string, at: number): void {
    if (this.#messages.has(stem)) return
    this.#fail(at, `reply "${name}" has no request: define "${stem}" or rename the reply`)
  }

  #placeDetails(name: string, stem: string, at: number): void {
    const get = `${stem}_get`
    if (this.#messages.has(get)) {
      if (this.#explicit.has(get)) return
      const example = `rpc ${get} returns ${get}_reply stream ${name};`
      this.#fail(at, `"${get}" that streams "${name}" needs a service of its own: add "${example}"`)
    } else if (!this.#messages.has(`${stem}_dump`)) {
      this.#fail(at, `"${name}" has no request: define "${stem}_dump" or list it as an event in a service`)
    }
  }

  #placeRequest(caller: string, reply: string, stream: boolean, at: number): void {
    if (this.#explicit.has(caller)) return
    if (this.#messages.has(reply)) {
      this.services.set(caller, { caller, reply, stream, streamMessage: undefined, events: [] })
      return
    }
    this.#fail(
      at,
      `message "${caller}" has no reply: define "${reply}", or add a service ("returns null" if there is none)`,
    )
  }

  #fail(at: number, message: string): void {
    this.#report.error('IDL_SERVICE', at, message)
  }
}

function splitName(name: string): { stem: string; suffix: string } {
  const suffix = ['_reply', '_dump', '_details'].find((ending) => name.endsWith(ending)) ?? ''
  return { stem: suffix === '' ? name : name.slice(0, -suffix.length), suffix }
}
