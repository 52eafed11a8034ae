import { existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { once } from 'node:events'
import { SimulatorError } from '../errors.ts'

/** The listening socket. */
export class Listener {
  readonly #path: string
  readonly #server: Server

  private constructor(path: string, server: Server) {
    this.#path = path
    this.#server = server
  }

  /**
   * Listens on a path. Like VPP it takes over a socket file that nobody listens on.
   * @throws SimulatorError `SIMULATOR_LISTEN` when someone listens there already, or the path cannot be used
   */
  static async open(path: string, accept: (socket: Socket) => void): Promise<Listener> {
    await removeStale(path)
    const server = createServer(accept)
    try {
      const listening = once(server, 'listening')
      server.listen({ path })
      await listening
    } catch (error) {
      throw new SimulatorError('SIMULATOR_LISTEN', `cannot listen on ${path}: ${(error as Error).message}`, {
        cause: error,
      })
    }
    return new Listener(path, server)
  }

  /**
   * Takes no more clients. Ends when the connections of the others are closed, too.
   * @param leaveFile keeps the socket's file, as a VPP that died does: clients are refused, not told that there is none
   */
  async close(leaveFile: boolean): Promise<void> {
    const kept = `${this.#path}.left`
    const abstract = this.#path.startsWith('\0')
    if (leaveFile && !abstract && existsSync(this.#path)) linkSync(this.#path, kept)
    const closed = once(this.#server, 'close')
    this.#server.close()
    if (existsSync(kept)) renameSync(kept, this.#path)
    await closed
  }
}

async function removeStale(path: string): Promise<void> {
  if (path.startsWith('\0') || !existsSync(path)) return
  if (!statSync(path).isSocket()) {
    throw new SimulatorError('SIMULATOR_LISTEN', `${path} is there already and is not a socket`)
  }
  const probe = connect(path)
  const taken = await new Promise<boolean>((resolve) => {
    probe.once('connect', () => resolve(true))
    probe.once('error', () => resolve(false))
  })
  probe.destroy()
  if (taken) throw new SimulatorError('SIMULATOR_LISTEN', `somebody listens on ${path} already`)
  rmSync(path, { force: true })
}
