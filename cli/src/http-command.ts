import { readFile } from 'node:fs/promises'
import { once } from 'node:events'
import type { Command } from 'commander'
import { VppHttpError, serveLive, type ServeLiveOptions } from '@vpp-ts/http'
import { CliError } from './errors.ts'
import type { Host } from './host.ts'
import { listOption } from './input/list-option.ts'
import { wholeNumber } from './input/number-option.ts'

const EXAMPLES = `
Examples:
  vpp-ts http                                 on http://127.0.0.1:8080, for this machine only
  curl -X POST http://127.0.0.1:8080/vpe/show_version
  curl -X POST http://127.0.0.1:8080/interface/sw_interface_dump      a line of JSON an interface
  curl -N http://127.0.0.1:8080/interface/sw_interface_event          events until Ctrl-C
  curl http://127.0.0.1:8080/openapi.json                             what there is
  VPP_HTTP_TOKEN=… vpp-ts http --host 0.0.0.0                         for other machines

The token is taken from the environment or from a file: arguments are visible to everyone on
this machine. Who has it can do with VPP whatever its API can.`

interface HttpFlags {
  readonly host: string
  readonly port: number
  readonly path?: string
  readonly tokenFile?: string
  readonly allowHosts: readonly string[]
  readonly bodyLimit: number
}

/** Adds `http`. */
export function addHttp(program: Command, host: Host): void {
  program
    .command('http')
    .description('serve all messages of VPP over HTTP, until Ctrl-C')
    .option('--host <address>', 'address to listen on; any other than loopback requires a token', '127.0.0.1')
    .option('--port <n>', 'port to listen on; 0 for any free port', wholeNumber(0, 65_535), 8080)
    .option('--path <path>', 'path prefix of the routes, such as /api')
    .option('--token-file <file>', 'file with the token that requests must carry (env: VPP_HTTP_TOKEN)')
    .option(
      '--allow-hosts <names>',
      'host names that the server accepts, separated by commas',
      listOption,
      [],
    )
    .option('--body-limit <bytes>', 'largest body of a request', wholeNumber(1, 2 ** 30), 1024 * 1024)
    .addHelpText('after', EXAMPLES)
    .action((flags: HttpFlags) => http(host, flags))
}

async function http(host: Host, flags: HttpFlags): Promise<void> {
  const options = await optionsOf(host, flags)
  await using vpp = await host.connect({ reconnect: true })
  try {
    await using server = await serveLive(vpp, options)
    const { out, signal } = host.context
    const routes = server.routes.all().length
    await out.write(
      `VPP ${server.version ?? ''} at ${server.url} (${routes} routes, ${server.url}/openapi.json); Ctrl-C ends\n`,
    )
    if (!signal.aborted) await once(signal, 'abort')
  } catch (error) {
    throw error instanceof VppHttpError ? explained(error) : error
  }
}

async function optionsOf(host: Host, flags: HttpFlags): Promise<ServeLiveOptions> {
  return {
    host: flags.host,
    port: flags.port,
    prefix: flags.path,
    token: await tokenOf(host, flags),
    allowedHosts: flags.allowHosts,
    bodyLimit: flags.bodyLimit,
    timeout: host.timeout,
  }
}

async function tokenOf({ context }: Host, { tokenFile }: HttpFlags): Promise<string | undefined> {
  if (tokenFile === undefined) {
    const { VPP_HTTP_TOKEN: token = '' } = context.env
    return token === '' ? undefined : token
  }
  try {
    return (await readFile(tokenFile, 'utf8')).trim()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CliError('CLI_USAGE', `cannot read the token: ${reason}`, 'name a file with --token-file', {
      cause: error,
    })
  }
}

function explained(error: VppHttpError): CliError {
  const [code, remedy] =
    error.code === 'HTTP_LISTEN'
      ? ([
          'CLI_FAILED',
          'choose another port with --port, or an address of this machine with --host',
        ] as const)
      : (['CLI_USAGE', 'make a token with: openssl rand -hex 32'] as const)
  return new CliError(code, error.message, error.code === 'HTTP_OPTION' ? undefined : remedy, {
    cause: error,
  })
}
