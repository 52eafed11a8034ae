import type { Source } from '../desired/source.ts'
import { Kinds } from '../kinds/kinds.ts'
import { AgentError } from '../model/errors.ts'
import type { Instance } from './instance.ts'
import type { Store } from '../store/store.ts'

/** Something that ends with the agent. */
export interface Closable {
  close(): Promise<void>
}

/** Several VPPs by name, and the store with their desired state. */
export class Agent implements AsyncDisposable {
  readonly instances: ReadonlyMap<string, Instance>
  /** Kinds of items of any of them. */
  readonly kinds: Kinds
  /** Where items come from beside requests. */
  readonly sources: readonly Source[]
  readonly #store: Store
  readonly #others: Closable[] = []
  #closing: Promise<void> | undefined

  /**
   * @param store is closed with the agent
   * @param sources are closed before everything else
   * @throws TypeError when two instances describe one kind in different ways
   */
  constructor(instances: Iterable<Instance>, store: Store, sources: readonly Source[] = []) {
    this.instances = new Map(Array.from(instances, (instance) => [instance.name, instance]))
    this.kinds = Kinds.of(Array.from(this.instances.values(), ({ declared }) => declared.kinds))
    this.#store = store
    this.sources = sources
  }

  /** @throws AgentError `AGENT_UNKNOWN_INSTANCE` */
  instance(name: string): Instance {
    const instance = this.instances.get(name)
    if (instance !== undefined) return instance
    const known = [...this.instances.keys()].join(', ')
    throw new AgentError('AGENT_UNKNOWN_INSTANCE', `no instance is called "${name}"; there are ${known}`)
  }

  /** Has something closed before everything else when the agent is. */
  attach(other: Closable): void {
    this.#others.push(other)
  }

  /** Ends all connections in order; what VPP has stays. May be called again. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#others, ...this.sources].map((other) => other.close()))
    await Promise.all(Array.from(this.instances.values(), (instance) => instance.close()))
    await this.#store.close()
  }
}
