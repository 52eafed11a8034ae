import type { Session } from './session.ts'

/** Set in the handles of clients on a socket; those in shared memory lack it. */
const SOCKET_CLIENT = 0x8000_0000

/** Connected clients by the handle that VPP would give them. Handles are used again, the last freed one first. */
export class Clients implements Iterable<Session> {
  readonly #byIndex = new Map<number, Session>()
  readonly #free: number[] = []
  #highest = 0

  /** A handle for the next client; the first one gets 0x80000001, since slot 0 is the listener. */
  allocate(): number {
    return (SOCKET_CLIENT | (this.#free.pop() ?? ++this.#highest)) >>> 0
  }

  add(session: Session): void {
    this.#byIndex.set(session.clientIndex, session)
  }

  /**
   * Takes a client away that is gone. One of an earlier run, whose end is heard of late, is not here; its handle may be.
   * @returns whether the client was here
   */
  remove(session: Session): boolean {
    const { clientIndex } = session
    if (this.#byIndex.get(clientIndex) !== session) return false
    this.#byIndex.delete(clientIndex)
    this.#free.push(clientIndex & ~SOCKET_CLIENT)
    return true
  }

  get(clientIndex: number): Session | undefined {
    return this.#byIndex.get(clientIndex)
  }

  get size(): number {
    return this.#byIndex.size
  }

  [Symbol.iterator](): Iterator<Session> {
    return this.#byIndex.values()
  }
}
