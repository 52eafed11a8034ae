import { RetvalError } from '../errors.ts'

/** Name resolution, as far as it is configuration: nothing is resolved. */
export class Dns {
  #enabled = false
  readonly #servers: string[] = []

  get enabled(): boolean {
    return this.#enabled
  }

  /** Servers that are asked, in the order in which they came. */
  get servers(): readonly string[] {
    return this.#servers
  }

  /** @throws RetvalError -134 when it is turned on without servers */
  enable(enable: boolean): void {
    if (enable && this.#servers.length === 0) throw new RetvalError('NO_NAME_SERVERS')
    this.#enabled = enable
  }

  /** One that is known stays as it is. */
  addServer(address: string): void {
    if (!this.#servers.includes(address)) this.#servers.push(address)
  }

  /** @throws RetvalError -135 when there is no such server */
  removeServer(address: string): void {
    const at = this.#servers.indexOf(address)
    if (at < 0) throw new RetvalError('NAME_SERVER_NOT_FOUND')
    this.#servers.splice(at, 1)
  }
}
