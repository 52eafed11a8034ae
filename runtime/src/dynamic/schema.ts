import { buildMessage, readCrc } from './build-message.ts'
import type { DynamicMessageClass } from './build-message.ts'
import { TypeBuilder } from './build-types.ts'
import { isObject, readDocument } from './document.ts'
import type { ApiDocument, Entry } from './document.ts'
import { VppSchemaError } from './errors.ts'
import { callOf, eventOf } from './method.ts'
import type { DynamicCall, DynamicEvent } from './method.ts'
import { readTrailer } from './field.ts'
import { readService } from './service.ts'
import type { Service } from './service.ts'
import { didYouMean } from './suggest.ts'

/** Options of `Schema.fromApiJson`. */
export interface SchemaOptions {
  /** Names of the modules, in the order of the documents; needed where documents do not say it (before VPP 26.06). */
  readonly moduleNames?: readonly string[] | undefined
}

interface Definition {
  readonly document: ApiDocument
  readonly entry: Entry
}

/**
 * Message definitions known only at run time, as from a running VPP (`get_api_json`) or from `.api.json` files. Messages
 * get the same descriptors and the same codec as generated bindings. A message is looked into when it is first asked
 * for, so that loading is quick and a broken one harms only itself.
 */
export class Schema {
  readonly #documents: readonly ApiDocument[]
  readonly #definitions = new Map<string, Definition>()
  readonly #services = new Map<string, Definition['document']>()
  readonly #classes = new Map<string, DynamicMessageClass>()
  readonly #types = new TypeBuilder()

  private constructor(documents: readonly ApiDocument[]) {
    this.#documents = documents
    for (const document of documents) {
      for (const [name, entry] of document.messages) this.#define(name, { document, entry })
      for (const name of document.services.keys()) this.#services.set(name, document)
    }
  }

  /**
   * Indexes parsed `.api.json` documents.
   * @throws VppSchemaError when a document is not of the right shape, or two define one message differently
   */
  static fromApiJson(documents: readonly unknown[], options: SchemaOptions = {}): Schema {
    const name = (index: number): string => options.moduleNames?.[index] ?? `document ${index}`
    return new Schema(documents.map((document, index) => readDocument(document, name(index))))
  }

  /** Names of the modules, in the order of the documents. */
  modules(): string[] {
    return this.#documents.map((document) => document.module)
  }

  /** Names of all messages, or of those of one module, in the order of their definition. */
  messages(module?: string): string[] {
    if (module === undefined) return [...this.#definitions.keys()]
    return this.#documents.filter((it) => it.module === module).flatMap((it) => [...it.messages.keys()])
  }

  /** Names of all requests. */
  requests(): string[] {
    return [...this.#services.keys()]
  }

  /**
   * Names of all events that VPP sends once it has been asked to, or of those of one module.
   * @throws VppSchemaError when a definition names messages that are not there
   */
  events(module?: string): string[] {
    return [...new Set(this.services(module).flatMap((service) => service.events))]
  }

  has(message: string): boolean {
    return this.#definitions.has(message)
  }

  /** Name of the module that defines a message; undefined when there is no such message. */
  moduleOf(message: string): string | undefined {
    return this.#definitions.get(message)?.document.module
  }

  /**
   * CRC of a message, eight hex digits; undefined when there is no such message.
   * @throws VppSchemaError when its definition has none
   */
  crcOf(message: string): string | undefined {
    const found = this.#definitions.get(message)
    return found === undefined ? undefined : readCrc(found.document.module, found.entry)
  }

  /**
   * What the definition says of a message beside its fields, such as `deprecated` or `in_progress`.
   * @throws VppSchemaError when there is no such message
   */
  optionsOf(message: string): Readonly<Record<string, unknown>> {
    const { document, entry } = this.#find(message)
    const { options } = readTrailer(document.module, entry)
    return isObject(options) ? options : {}
  }

  /**
   * The class of a message, with its descriptor. Always the same one for one name.
   * @throws VppSchemaError when there is no such message, or its definition is broken
   */
  message(name: string): DynamicMessageClass {
    let made = this.#classes.get(name)
    if (made === undefined) {
      const { document, entry } = this.#find(name)
      try {
        made = buildMessage(document, entry, this.#types)
      } catch (error) {
        if (error instanceof VppSchemaError) throw error
        const problem = error instanceof Error ? error.message : String(error)
        throw new VppSchemaError({ module: document.module, path: entry.path }, problem, { cause: error })
      }
      this.#classes.set(name, made)
    }
    return made
  }

  /**
   * What answers a request; undefined for a message that is not a request.
   * @throws VppSchemaError when the definition names messages that are not there
   */
  service(request: string): Service | undefined {
    const document = this.#services.get(request)
    const raw = document?.services.get(request)
    return document === undefined || raw === undefined ? undefined : readService(document, request, raw)
  }

  /**
   * What answers each request of all modules, or of one.
   * @throws VppSchemaError when a definition names messages that are not there
   */
  services(module?: string): Service[] {
    const chosen = this.#documents.filter((it) => module === undefined || it.module === module)
    return chosen.flatMap((document) =>
      [...document.services].map(([request, raw]) => readService(document, request, raw)),
    )
  }

  /**
   * How a request is called: what a generated client passes to its connection.
   * @throws VppSchemaError when there is no such request
   */
  method(request: string): DynamicCall {
    const service = this.service(request)
    if (service === undefined) throw this.#noRequest(request)
    return callOf(service, (name) => this.message(name))
  }

  /**
   * How an event is subscribed to.
   * @throws VppSchemaError when there is no such event
   */
  event(name: string): DynamicEvent {
    const service = this.services(this.moduleOf(name)).find((it) => it.events.includes(name))
    return eventOf(name, service, (message) => this.message(message))
  }

  #define(name: string, definition: Definition): void {
    const known = this.#definitions.get(name)
    if (known !== undefined) {
      const crcs = [known, definition].map(({ document, entry }) => readCrc(document.module, entry))
      if (crcs[0] === crcs[1]) return
      throw new VppSchemaError(
        { module: definition.document.module, path: definition.entry.path },
        `message ${name} is defined differently in ${known.document.module} (CRC ${crcs.join(' against ')})`,
      )
    }
    this.#definitions.set(name, definition)
  }

  /** The error for a name that is not a request: what it is, or what may have been meant. */
  #noRequest(name: string): VppSchemaError {
    const at = { module: this.moduleOf(name) ?? '', path: '' }
    const asked = this.services(this.moduleOf(name)).find(
      ({ reply, details, events }) => reply === name || details === name || events.includes(name),
    )
    if (asked !== undefined && this.has(name)) {
      return new VppSchemaError(at, `${name} is not a request: VPP sends it after ${asked.request}`)
    }
    const problem = `no service has the request '${name}'${didYouMean(name, this.#services.keys())}`
    return new VppSchemaError(at, problem)
  }

  #find(name: string): Definition {
    const found = this.#definitions.get(name)
    if (found !== undefined) return found
    const modules = this.#documents.length
    throw new VppSchemaError(
      { module: '', path: '' },
      `none of ${modules} modules defines a message '${name}'${didYouMean(name, this.#definitions.keys())}`,
    )
  }
}
