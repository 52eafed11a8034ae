import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  LmdbStore,
  VppInstance,
  parseItem,
  type Instance,
  type Item,
  type ItemInput,
  type Store,
} from '@vpp-ts/agent'
import type { Logger } from 'pino'

/** Items as callers write them. */
export function items(...inputs: ItemInput[]): Item[] {
  return inputs.map((input) => parseItem(input))
}

/** A folder that is removed when it goes out of scope. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'vpp-ts-agent-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** How an instance of a test differs from the usual. */
export interface ManagedOptions {
  readonly name?: string
  readonly agent?: string
  readonly leaseTtl?: number
  readonly resyncAfterReconnect?: boolean
  /** Default: repair. */
  readonly drift?: 'repair' | 'report'
  /** Milliseconds in which all that VPP has is looked at again. Default: 5 minutes. */
  readonly resyncInterval?: number
  /** Milliseconds until VPP is not waited for any longer. Default: 10 s. */
  readonly timeout?: number
  readonly log?: Logger
}

/** An instance on a socket, with a store that others close. */
export function manage(socketPath: string, store: Store, options: ManagedOptions = {}): VppInstance {
  return new VppInstance(store, {
    name: options.name ?? 'vpp',
    socketPath,
    statsSocketPath: '',
    connection: {
      timeout: options.timeout ?? 10_000,
      whenDown: 'reject',
      reconnect: { initialDelay: 20, maximumDelay: 100 },
    },
    resyncAfterReconnect: options.resyncAfterReconnect ?? true,
    agent: options.agent ?? 'test',
    leaseTtl: options.leaseTtl ?? 3000,
    drift: options.drift,
    resyncInterval: options.resyncInterval,
    log: options.log,
  })
}

/** An instance with a store of its own, both closed when it goes out of scope. */
export async function managedAlone(
  socketPath: string,
  options: ManagedOptions = {},
): Promise<{ instance: VppInstance; store: Store } & AsyncDisposable> {
  const folder = await temporaryFolder()
  const store = new LmdbStore(join(folder.path, 'store'))
  const instance = manage(socketPath, store, options)
  return {
    instance,
    store,
    async [Symbol.asyncDispose]() {
      await instance.close()
      await store.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** Settles when an instance has ended a resync that begins from now on, or is under way. */
export function resynced(instance: Instance): Promise<void> {
  return new Promise((resolve) => {
    const stop = instance.events.listen(({ event }) => {
      if (event.type !== 'resync') return
      stop()
      resolve()
    })
  })
}
