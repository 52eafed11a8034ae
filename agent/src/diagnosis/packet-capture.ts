import { randomBytes } from 'node:crypto'
import { readFile, stat, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { VlibClient } from '@vpp-ts/binapi-vlib'
import { VppApiError, type VppConnection } from '@vpp-ts/runtime'
import { AgentError } from '../model/errors.ts'
import { hasEnded, thisProcess, type ProcessIdentity } from '../store/process-identity.ts'
import { Alone, pause } from './alone.ts'

/** VPP's names of its refusals: a capture is under way; nothing was captured. */
const BUSY = 'INVALID_VALUE'
const NOTHING = 'NO_SUCH_ENTRY'
/** Begins the names of files of agents. */
const PREFIX = 'vpp-ts-agent'
/** Where VPP puts them, in its own eyes. */
const FOLDER = '/tmp'
/** What `pcap trace status` says of a capture under way. */
const FILE = /^capture to file (\S+)/m
const NAME = new RegExp(`^${PREFIX}\\.(\\d+)\\.(\\d+)\\.[0-9a-f]{8}\\.pcap$`)

/** Header of a file without a packet: version 2.4, Ethernet. */
const EMPTY = Buffer.from('d4c3b2a10200040000000000000000000000010001000000', 'hex')

/** What is to be captured. */
export interface CaptureRequest {
  /** Index of an interface; 0: all. */
  readonly swIfIndex: number
  readonly received: boolean
  readonly sent: boolean
  readonly dropped: boolean
  /** Packets at most. */
  readonly packets: number
  /** Bytes of each that are kept at most. */
  readonly bytes: number
  /** Milliseconds. */
  readonly time: number
  /** Ends it sooner; nothing is read then. */
  readonly signal: AbortSignal
}

/**
 * VPP's pcap trace, for one at a time. VPP writes a file when it ends, which is read and removed at once; what an agent
 * left behind that was killed is ended and removed by the next.
 */
export class PacketCapture {
  readonly #connection: VppConnection
  readonly #alone = new Alone('a packet capture')
  readonly #self = thisProcess()

  constructor(connection: VppConnection) {
    this.#connection = connection
  }

  /** True while packets are being captured. */
  get busy(): boolean {
    return this.#alone.busy
  }

  /** Settles when nothing is captured any more. */
  async idle(): Promise<void> {
    await this.#alone.idle()
  }

  /**
   * Captures packets for some time.
   * @returns a pcap file
   * @throws AgentError `AGENT_BUSY`, `AGENT_CAPTURE`; VppError
   */
  async capture(request: CaptureRequest): Promise<Buffer> {
    return await this.#alone.run(async () => {
      const folder = await this.#folder()
      await this.#endLost(folder)
      const filename = this.#nameOf()
      const { swIfIndex, received, sent, dropped, packets, bytes, time, signal } = request
      await this.#begin({
        captureRx: received,
        captureTx: sent,
        captureDrop: dropped,
        maxPackets: packets,
        maxBytesPerPacket: bytes,
        swIfIndex,
        filename,
        freeData: true,
      })
      try {
        await pause(time, signal)
      } catch (error) {
        await this.#end(folder, filename)
        throw error
      }
      return await this.#end(folder, filename)
    })
  }

  /** Ends what an agent left behind that was killed. Does nothing when VPP is not to be seen. */
  async recover(): Promise<void> {
    if (this.busy) return
    try {
      await this.#alone.run(async () => await this.#endLost(await this.#folder()))
    } catch {
      // The next capture tries again, and reports why it cannot.
    }
  }

  async #begin(request: Parameters<InterfaceClient['pcapTraceOn']>[0]): Promise<void> {
    try {
      await new InterfaceClient(this.#connection).pcapTraceOn(request)
    } catch (error) {
      if (!(error instanceof VppApiError) || error.apiName !== BUSY) throw error
      const message =
        'another client captures packets of this VPP; see "pcap trace status", and wait until it ends'
      throw new AgentError('AGENT_BUSY', message, { cause: error })
    }
  }

  /** Ends the capture under way. @returns its file, which is removed */
  async #end(folder: string, filename: string): Promise<Buffer> {
    try {
      await new InterfaceClient(this.#connection).pcapTraceOff()
    } catch (error) {
      if (error instanceof VppApiError && error.apiName === NOTHING) return EMPTY
      throw error
    }
    const file = join(folder, filename)
    try {
      return await readFile(file)
    } catch (error) {
      const message = `${file}, which VPP has written, cannot be read: ${(error as Error).message}`
      throw new AgentError('AGENT_CAPTURE', message, { cause: error })
    } finally {
      await unlink(file).catch(() => undefined)
    }
  }

  /** Ends a capture of an agent that has ended. */
  async #endLost(folder: string): Promise<void> {
    const { reply } = await new VlibClient(this.#connection).cliInband({ cmd: 'pcap trace status' })
    const name = basename(FILE.exec(reply)?.[1] ?? '')
    const [, pid, started] = NAME.exec(name) ?? []
    if (pid === undefined || started === undefined) return
    const holder: ProcessIdentity = { ...this.#self, pid: Number(pid), started }
    const isMine = holder.pid === this.#self.pid && started === this.#self.started
    if (isMine || hasEnded(holder, this.#self)) await this.#end(folder, name)
  }

  /** At most 63 characters. */
  #nameOf(): string {
    const { pid, started } = this.#self
    return `${PREFIX}.${pid}.${started}.${randomBytes(4).toString('hex')}.pcap`
  }

  /**
   * The folder of VPP's files as this process sees it.
   * @throws AgentError `AGENT_CAPTURE` when a file in it could not be read and removed: a capture must not stay behind
   */
  async #folder(): Promise<string> {
    const { state } = this.#connection
    const pid = state.status === 'connected' ? state.pid : undefined
    if (pid === undefined) throw new AgentError('AGENT_CAPTURE', 'VPP is not connected; try again later')
    const folder = join('/proc', String(pid), 'root', FOLDER)
    const remedy = 'run the agent on the host of VPP, as the same user or root'
    let owner: number
    try {
      await stat(folder)
      owner = (await stat(join('/proc', String(pid)))).uid
    } catch (error) {
      const message = `${FOLDER} of VPP (process ${pid}) cannot be seen: ${(error as Error).message}; ${remedy}`
      throw new AgentError('AGENT_CAPTURE', message, { cause: error })
    }
    const self = process.geteuid?.()
    if (self === 0 || self === owner) return folder
    throw new AgentError('AGENT_CAPTURE', `files of VPP cannot be removed by user ${self}; ${remedy}`)
  }
}
