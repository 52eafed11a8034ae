import { RetvalError } from '../errors.ts'
import type { Fib } from './fib.ts'
import type { Interface, Interfaces } from './interfaces.ts'
import { Pool } from './pool.ts'

/** Which client, and which of its sessions. */
export interface PppoeClient {
  readonly mac: string
  readonly sessionId: number
}

/** A session of a PPPoE client. */
export interface PppoeSession extends PppoeClient {
  readonly address: string
  readonly tableId: number
  /** Interface that the client is on. */
  readonly encapIfIndex: number
  /** Interface of the session. */
  readonly swIfIndex: number
}

/** What the model needs of others. */
export interface PppoeParts {
  readonly interfaces: Interfaces
  readonly fib: Fib
}

const NONE = 0xffff_ffff

/**
 * PPPoE: sessions, and where control packets go. Clients are those that `hear` has told of. The route to the client is not
 * modelled, and the interface of a session that ends is deleted, while VPP hides it.
 */
export class Pppoe {
  readonly #sessions = new Pool<PppoeSession>()
  /** Interface by the MAC address of a client that was heard. */
  readonly #heard = new Map<string, number>()
  /** How often control packets were turned on. */
  readonly #control = new Map<number, number>()
  readonly #parts: PppoeParts

  constructor(parts: PppoeParts) {
    this.#parts = parts
  }

  sessions(): Iterable<PppoeSession> {
    return this.#sessions
  }

  /** A control packet of a client comes in. */
  hear(mac: string, swIfIndex: number): void {
    this.#heard.set(mac, swIfIndex)
  }

  /** How often control packets were turned on for an interface. */
  controlOf(swIfIndex: number): number {
    return this.#control.get(swIfIndex) ?? 0
  }

  /** @throws RetvalError -1 for local0 */
  setControl(swIfIndex: number, on: boolean): void {
    if (swIfIndex === 0) throw new RetvalError('UNSPECIFIED')
    const times = this.controlOf(swIfIndex) + (on ? 1 : -1)
    if (times > 0) this.#control.set(swIfIndex, times)
    else this.#control.delete(swIfIndex)
  }

  /** @throws RetvalError -4 without the table, -2 for a client that was never heard, -75 when it is there */
  add(client: PppoeClient & { readonly address: string; readonly tableId: number }): Interface {
    const encapIfIndex = this.#check(client)
    if (this.#indexOf(client) !== undefined) throw new RetvalError('TUNNEL_EXIST')
    const { interfaces } = this.#parts
    const index = this.#sessions.add((at) => {
      const { swIfIndex } = interfaces.add({ name: `pppoe_session${at}`, devType: 'PPPoE' })
      return { ...client, encapIfIndex, swIfIndex }
    }).swIfIndex
    interfaces.setAdminUp(index, true)
    return interfaces.get(index)
  }

  /** @throws RetvalError -4 without the table, -2 for a client that was never heard, -6 when it is not there */
  remove(client: PppoeClient & { readonly tableId: number }): number {
    this.#check(client)
    const index = this.#indexOf(client)
    const session = index === undefined ? undefined : this.#sessions.get(index)
    if (index === undefined || session === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    this.#sessions.delete(index)
    this.#parts.interfaces.delete(session.swIfIndex)
    return session.swIfIndex
  }

  forget(swIfIndex: number): void {
    this.#control.delete(swIfIndex)
  }

  #check({ mac, tableId }: { readonly mac: string; readonly tableId: number }): number {
    if (this.#parts.fib.find(4, tableId) === undefined) throw new RetvalError('NO_SUCH_INNER_FIB')
    const heard = this.#heard.get(mac) ?? NONE
    if (heard === NONE) throw new RetvalError('INVALID_SW_IF_INDEX')
    return heard
  }

  #indexOf({ mac, sessionId }: PppoeClient): number | undefined {
    return this.#sessions.indexOf((it) => it.mac === mac && it.sessionId === sessionId)
  }
}
