import { dirname, join } from 'node:path'
import { VppConnection, socketPathOf } from '@vpp-ts/runtime'
import type { ConnectionOptionsInput } from '@vpp-ts/runtime'
import { DynamicApi, readSchema } from '@vpp-ts/runtime/dynamic'
import type { Schema } from '@vpp-ts/runtime/dynamic'
import type { CliContext } from './context.ts'
import { CliError } from './errors.ts'
import { Printer } from './output/printer.ts'
import type { OutputFormat } from './output/printer.ts'

/** Options of every command. */
export interface GlobalOptions {
  readonly socket?: string
  readonly prefix?: string
  readonly output: OutputFormat
  /** Seconds. */
  readonly timeout: number
  /** Folder of `.api.json` files to use instead of those that VPP reports. */
  readonly api?: string
}

const DEFAULT_SOCKET = '/run/vpp/api.sock'

/** What commands work with: connection, definitions and printer as the options say. */
export class Host {
  readonly context: CliContext
  readonly #options: () => GlobalOptions

  constructor(context: CliContext, options: () => GlobalOptions) {
    this.context = context
    this.#options = options
  }

  get signal(): AbortSignal {
    return this.context.signal
  }

  get printer(): Printer {
    return new Printer(this.#options().output, this.context.out)
  }

  /** Milliseconds that a call may take. */
  get timeout(): number {
    return this.#options().timeout * 1000
  }

  /**
   * Path of the API socket.
   * @throws CliError when two are named
   */
  get socket(): string {
    const { socket, prefix } = this.#options()
    if (socket !== undefined && prefix !== undefined) {
      throw new CliError('CLI_USAGE', '--socket and --prefix exclude each other', 'leave one of them out')
    }
    if (socket !== undefined) return socket
    if (prefix !== undefined) return socketPathOf(prefix)
    const fromEnvironment = this.context.env['VPP_API_SOCKET'] ?? ''
    return fromEnvironment === '' ? DEFAULT_SOCKET : fromEnvironment
  }

  /** Path of the stats segment's socket: beside the API socket, unless `VPP_STATS_SOCKET` says otherwise. */
  get statsSocket(): string {
    const fromEnvironment = this.context.env['VPP_STATS_SOCKET'] ?? ''
    return fromEnvironment === '' ? join(dirname(this.socket), 'stats.sock') : fromEnvironment
  }

  /** Connects to the VPP that the options name. */
  connect(options: ConnectionOptionsInput = {}): Promise<VppConnection> {
    const { timeout } = this
    return VppConnection.connect(this.socket, {
      clientName: 'vpp-ts-cli',
      connectTimeout: timeout,
      timeout: timeout,
      ...options,
    })
  }

  /** The messages to call over a connection, with VPP's own names. */
  async api(vpp: VppConnection): Promise<DynamicApi> {
    const { api } = this.#options()
    if (api !== undefined) return DynamicApi.fromFiles(api, vpp, { names: 'vpp' })
    return DynamicApi.fromVpp(vpp, { names: 'vpp', signal: this.signal })
  }

  /** Definitions to decode with; from files without a VPP. */
  async withApi<T>(use: (api: DynamicApi) => Promise<T>): Promise<T> {
    const { api } = this.#options()
    if (api !== undefined) return use(await DynamicApi.fromFiles(api, undefined, { names: 'vpp' }))
    await using vpp = await this.connect()
    return use(await this.api(vpp))
  }

  /** Definitions to look at; from files without a VPP. */
  async definitions(): Promise<Schema> {
    const { api } = this.#options()
    if (api !== undefined) return readSchema(api)
    await using vpp = await this.connect()
    return (await this.api(vpp)).schema
  }
}
