import { VlibClient } from '@vpp-ts/binapi-vlib'
import { VpeClient } from '@vpp-ts/binapi-vpe'
import { VppApiError } from '@vpp-ts/runtime'
import { z } from 'zod'
import type { Instance } from '../instance/instance.ts'
import { instanceView } from '../telemetry/live-feed.ts'
import { instanceOf, type RestContext } from './context.ts'
import { RequestError } from '../web/request-error.ts'
import { query, wholeInQuery, type ZodServer } from '../web/zod-provider.ts'

const commandSchema = z.strictObject({
  command: z
    .string()
    .min(1)
    .max(4096)
    // One line of printable text is one command, whatever is in it.
    .regex(/^[ -~]+$/, 'expected one line of printable ASCII')
    .describe('A VPP CLI command.'),
})

/** A command that only shows something: `show`, or what VPP takes for it. */
const SHOW = /^\s*sho?w?\s/

/**
 * VPP itself: commands of its CLI, who it is, what was said on its API.
 * @param self path of its own state
 */
export function vppRoutes(app: ZodServer, context: RestContext, self = '/'): void {
  commandRoute(app, context)
  traceRoute(app, context)
  app.get(
    self,
    {
      schema: {
        summary: 'A VPP: its state and version',
        tags: ['instances'],
        querystring: query({}),
      },
    },
    async (request) => await instanceInfo(context, instanceOf(context, request)),
  )
}

/** An instance at a glance, with the version of its VPP; null while it is away. */
export type InstanceInfo = Awaited<ReturnType<typeof instanceInfo>>

/** An instance at a glance, with the version of its VPP; null while it is away. */
export async function instanceInfo({ agent }: Pick<RestContext, 'agent'>, instance: Instance) {
  const view = instanceView(agent, instance)
  if (view.pid === null) return { ...view, vpp: null }
  try {
    const { version, buildDate, program } = await new VpeClient(instance.connection).showVersion({})
    return { ...view, vpp: { version, buildDate, program } }
  } catch {
    // It disconnected meanwhile: the next answer says so.
    return { ...view, vpp: null }
  }
}

function commandRoute(app: ZodServer, context: RestContext): void {
  app.post(
    '/vpp/command',
    {
      schema: {
        summary: 'Run a VPP CLI command',
        description: '`rest.commands` in the configuration defines which commands are allowed.',
        tags: ['vpp'],
        querystring: query({
          timeout: wholeInQuery(1, 300_000)
            .default(30_000)
            .describe('Maximum time to wait for VPP, in milliseconds. VPP may continue afterwards.'),
        }),
        body: commandSchema,
        response: { 200: z.object({ output: z.string() }) },
      },
    },
    async (request) => {
      const { command } = request.body
      checkCommand(command, context.config.commands)
      const client = new VlibClient(instanceOf(context, request).connection)
      try {
        const { reply } = await client.cliInband({ cmd: command }, { timeout: request.query.timeout })
        return { output: reply }
      } catch (error) {
        throw withOutput(command, error)
      }
    },
  )
}

/** What VPP says of a command that failed is in what it would have printed. */
function withOutput(command: string, error: unknown): unknown {
  if (!(error instanceof VppApiError)) return error
  const { reply: output } = (error.reply ?? {}) as { reply?: unknown }
  if (typeof output !== 'string' || output.trim() === '') return error
  return new RequestError('AGENT_COMMAND', `${command}: ${output.trim()}`)
}

function checkCommand(command: string, allowed: RestContext['config']['commands']): void {
  if (allowed === 'all' || (allowed === 'show' && SHOW.test(command))) return
  const which = allowed === 'show' ? 'only "show …" may be run' : 'commands may not be run'
  throw new RequestError('AGENT_FORBIDDEN', `${which}; see rest.commands in the configuration`)
}

const traceSchema = z.object({
  enabled: z.boolean(),
  total: z.int().describe('Number of messages, including those no longer kept.'),
  records: z.array(
    z.object({
      at: z.iso.datetime(),
      direction: z.enum(['sent', 'received']),
      message: z.string(),
      context: z.int(),
      channel: z.int(),
      bytes: z.int().describe('Length of the message.'),
    }),
  ),
  statistics: z.array(
    z.looseObject({
      message: z.string(),
      count: z.int(),
      mean: z.number().describe('Milliseconds.'),
    }),
  ),
})

/** The last messages on the API of VPP. */
export type TraceView = z.infer<typeof traceSchema>

function traceRoute(app: ZodServer, context: RestContext): void {
  app.get(
    '/trace',
    {
      schema: {
        summary: "The latest messages on VPP's API, and call durations",
        description: 'Off unless the instance has `trace-enabled: true` in its govpp keys.',
        tags: ['vpp'],
        querystring: query({ limit: wholeInQuery(0, 100_000).default(100) }),
        response: {
          200: traceSchema,
        },
      },
    },
    async (request) => {
      const { trace } = instanceOf(context, request).connection
      if (trace === undefined) return { enabled: false, total: 0, records: [], statistics: [] }
      const { limit } = request.query
      const records = limit === 0 ? [] : trace.records().slice(-limit)
      return {
        enabled: true,
        total: trace.total,
        records: records.map(({ time, bytes, ...rest }) => ({
          at: new Date(time).toISOString(),
          ...rest,
          bytes: bytes.length,
        })),
        statistics: trace.statistics(),
      }
    },
  )
}
