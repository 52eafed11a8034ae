import { GeneratorError } from '../errors.ts'
import type { LiveVpp } from './live-vpp.ts'

/**
 * The client is not a dependency: bindings are generated where there is none. It is looked for when a running VPP is to be
 * read, by a name that is not a literal, so that nothing of it is needed to compile this package either.
 */
const CLIENT: string = '@vpp-ts/runtime'
const CONTRACT: string = '@vpp-ts/runtime/codegen/v1'

/** What is used of the client. */
interface Client {
  readonly VppConnection: {
    connect(socketPath: string, options: { readonly clientName: string }): Promise<Connection>
  }
}

interface Connection {
  call(method: object, request: object): Promise<unknown>
  close(): Promise<void>
}

/** What is used of the contract that generated bindings depend on. */
interface Contract {
  readonly Message: new () => object
  defineMessage(type: unknown, name: string, crc: string, header: string, fields: readonly unknown[]): object
}

type Fields = readonly (readonly (string | number)[])[]

/** Asks through `@vpp-ts/runtime`, if it is installed. */
export const liveRuntime: LiveVpp = {
  async definitions(socketPath) {
    const { client, contract } = await loadClient()
    const vpp = await client.VppConnection.connect(socketPath, { clientName: 'binapi-gen' })
    try {
      const { json } = (await vpp.call(apiJsonMethod(contract), {})) as { readonly json: string }
      return { json, version: await versionOf(vpp, contract) }
    } finally {
      await vpp.close()
    }
  },
}

async function loadClient(): Promise<{ client: Client; contract: Contract }> {
  try {
    return {
      client: (await import(CLIENT)) as Client,
      contract: (await import(CONTRACT)) as Contract,
    }
  } catch (error) {
    throw new GeneratorError(
      'BINAPI_INPUT',
      `a running VPP is read through ${CLIENT}, which is not installed: npm install ${CLIENT}`,
      { cause: error },
    )
  }
}

function apiJsonMethod(contract: Contract): object {
  return {
    kind: 'unary',
    request: message(contract, 'get_api_json', '51077d14', 'request', []),
    reply: message(contract, 'get_api_json_reply', 'ea715b59', 'reply', [
      ['retval', 'retval', 'i32'],
      ['json', 'json', 'string', 0],
    ]),
  }
}

/** The version of VPP; undefined where it is told in another way than so far. */
async function versionOf(vpp: Connection, contract: Contract): Promise<string | undefined> {
  const method = {
    kind: 'unary',
    request: message(contract, 'show_version', '51077d14', 'request', []),
    reply: message(contract, 'show_version_reply', 'c919bde1', 'reply', [
      ['retval', 'retval', 'i32'],
      ['program', 'program', 'string', 32],
      ['version', 'version', 'string', 32],
      ['build_date', 'buildDate', 'string', 32],
      ['build_directory', 'buildDirectory', 'string', 256],
    ]),
  }
  try {
    return ((await vpp.call(method, {})) as { readonly version: string }).version
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'VPP_MESSAGE_UNAVAILABLE') return undefined
    throw error
  }
}

/** A message class, as generated code makes it. */
function message(contract: Contract, name: string, crc: string, header: string, fields: Fields): unknown {
  class Live extends contract.Message {
    static readonly descriptor: object = contract.defineMessage(Live, name, crc, header, fields)
  }
  return Live
}
