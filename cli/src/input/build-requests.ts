import type { DynamicApi } from '@vpp-ts/runtime/dynamic'
import { CliError } from '../errors.ts'
import { assignAll } from './assign.ts'
import type { Request } from './assign.ts'
import { interfaceLookup } from './interfaces.ts'
import { readRequests } from './stdin.ts'

/** Stands for requests from stdin. */
const STDIN = '-'

/**
 * Requests from the arguments behind a message's name: one, or as many as stdin has when `-` is among them; fields that
 * are named too count for each.
 * @throws CliError, VppSchemaError
 */
export async function buildRequests(
  api: DynamicApi,
  message: string,
  args: readonly string[],
  input: NodeJS.ReadableStream,
): Promise<Request[]> {
  const { descriptor } = api.schema.method(message).request
  const fields = args.filter((arg) => arg !== STDIN)
  const lookup = interfaceLookup(api)
  const requests = args.includes(STDIN) ? await readRequests(input) : [{}]
  for (const request of requests) await assignAll(descriptor, request, fields, lookup)
  return requests
}

/**
 * The request that asks for an event, from the arguments behind the event's name.
 * @throws CliError, VppSchemaError
 */
export async function buildWant(api: DynamicApi, event: string, args: readonly string[]): Promise<Request> {
  const { want } = api.schema.event(event)
  if (want !== undefined) return assignAll(want.request.descriptor, {}, args, interfaceLookup(api))
  if (args.length === 0) return {}
  throw new CliError('CLI_USAGE', `${event} takes no fields: no request asks for it`)
}
