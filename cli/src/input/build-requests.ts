import type { DynamicApi } from '@vpp-ts/runtime/dynamic'
import type { MessageDescriptor } from '@vpp-ts/runtime/codegen/v1'
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

/** How to receive an event. */
export interface EventRequest {
  /** Fields of the request that switches the event on and off. */
  readonly want: Request
  /** A request that brings the event about without switching anything: to be called once there is a reader. */
  readonly cause: { readonly message: string; readonly request: Request } | undefined
}

/**
 * The request that asks for an event, from the arguments behind the event's name.
 * @throws CliError, VppSchemaError
 */
export async function buildEventRequest(
  api: DynamicApi,
  event: string,
  args: readonly string[],
): Promise<EventRequest> {
  const { want } = api.schema.event(event)
  const build = (descriptor: MessageDescriptor): Promise<Request> =>
    assignAll(descriptor, {}, args, interfaceLookup(api))
  if (want !== undefined) return { want: await build(want.request.descriptor), cause: undefined }
  const service = api.schema.services().find(({ events }) => events.includes(event))
  if (service === undefined) {
    throw new CliError(
      'CLI_USAGE',
      `${event} is not an event: no request subscribes to it`,
      'vpp-ts messages --kind event',
    )
  }
  const { descriptor } = api.schema.method(service.request).request
  return { want: {}, cause: { message: service.request, request: await build(descriptor) } }
}
