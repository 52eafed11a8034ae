import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { PacketTracer } from '../diagnosis/packet-tracer.ts'
import { AgentError } from '../model/errors.ts'
import { RequestError } from '../web/request-error.ts'
import { query, type ZodServer } from '../web/zod-provider.ts'
import { instanceOf, type RestContext } from './context.ts'
import { pageOf, paging } from './paging.ts'

/** Seconds that packets are traced or captured at most. */
const LONGEST = 60
/** Bytes of a captured file at most, about: VPP keeps them in its memory. */
const MOST_BYTES = 64 * 2 ** 20
const PCAP_TYPE = 'application/vnd.tcpdump.pcap'

const seconds = z
  .number('expected seconds')
  .min(0.1, 'expected 0.1 to 60 seconds')
  .max(LONGEST, 'expected 0.1 to 60 seconds')

/** A line of a trace with those that are further in. */
export interface TraceLineView {
  text: string
  lines: TraceLineView[]
}

const lineSchema: z.ZodType<TraceLineView> = z.object({
  text: z.string(),
  get lines() {
    return z.array(lineSchema).describe('Indented lines.')
  },
})

const toolSchema = z.object({ allowed: z.boolean(), busy: z.boolean() })
const diagnosisSchema = z.object({ trace: toolSchema, pcap: toolSchema })
/** Permitted packet tools, and those in use. */
export type DiagnosisView = z.infer<typeof diagnosisSchema>

const errorSchema = z.object({
  node: z.string(),
  reason: z.string(),
  count: z.number(),
  perSecond: z
    .number()
    .nullable()
    .describe('Of the last second; null if unknown, for example without `history`.'),
})
/** An error counter. */
export type ErrorView = z.infer<typeof errorSchema>

const traceSchema = z.strictObject({
  node: z
    .string()
    .regex(/^[\w.\-/]{1,63}$/, 'expected the name of a graph node')
    .describe('Input node, such as virtio-input, memif-input or dpdk-input.'),
  packets: z.number('expected a number of packets').int().min(1).max(1000).default(20),
  seconds: seconds.default(2),
})
/** What is to be traced. */
export type TraceBody = z.input<typeof traceSchema>

const captureSchema = z
  .strictObject({
    interface: z.string().optional().describe("An interface by the agent's name or VPP's; default: all."),
    received: z.boolean().default(true),
    sent: z.boolean().default(true),
    dropped: z.boolean().default(false),
    packets: z.number('expected a number of packets').int().min(1).max(100_000).default(1000),
    bytes: z
      .number('expected bytes')
      .int()
      .min(32, 'expected 32 to 9000 bytes')
      .max(9000, 'expected 32 to 9000 bytes')
      .default(512)
      .describe('Maximum bytes kept per packet.'),
    seconds: seconds.default(5),
  })
  .refine((it) => it.received || it.sent || it.dropped, 'nothing is to be captured')
  .refine(({ packets, bytes }) => packets * bytes <= MOST_BYTES, 'packets times bytes: at most 64 MiB')
/** What is to be captured. */
export type CaptureBody = z.input<typeof captureSchema>

const tracedSchema = z.object({
  cleared: z
    .boolean()
    .describe("False if another client started a trace meanwhile: VPP's buffer was not cleared."),
  packets: z.array(
    z.object({
      thread: z.int().describe('0 is the main thread.'),
      steps: z.array(
        z.object({
          at: z.string().describe('Time since the start of VPP, as reported by VPP.'),
          node: z.string(),
          lines: z.array(lineSchema),
        }),
      ),
    }),
  ),
})

/** Packets that were traced. */
export type TracedView = z.infer<typeof tracedSchema>

/** Packet tools: the trace of packets, error counters, a capture. They read, and change nothing in what VPP does. */
export function diagnosisRoutes(app: ZodServer, context: RestContext): void {
  const tags = ['diagnosis']
  app.get(
    '/diagnosis',
    {
      schema: {
        summary: 'Permitted packet tools, and those in use',
        tags,
        querystring: query({}),
        response: {
          200: diagnosisSchema,
        },
      },
    },
    (request) => {
      const { tracer, capture } = context.diagnosis.of(instanceOf(context, request))
      return {
        trace: { allowed: tracer !== undefined, busy: tracer?.busy ?? false },
        pcap: { allowed: capture !== undefined, busy: capture?.busy ?? false },
      }
    },
  )
  app.get(
    '/diagnosis/errors',
    {
      schema: {
        summary: 'Nonzero error counters, with rates: ordered by rate, then by count',
        tags,
        querystring: query(paging),
        response: {
          200: z.object({
            total: z.int(),
            errors: z.array(errorSchema),
          }),
        },
      },
    },
    async (request) => {
      const { stats, history } = context.telemetry.of(instanceOf(context, request))
      const client = await stats.client()
      if (client === undefined) {
        throw new AgentError('AGENT_STATS', 'the stats segment of VPP cannot be read; is VPP running?')
      }
      const all = (await client.errors()).map(({ node, reason, count }) => {
        const perSecond = history?.errorRate(node, reason) ?? null
        return { node, reason, count: Number(count), perSecond }
      })
      all.sort((one, other) => (other.perSecond ?? 0) - (one.perSecond ?? 0) || other.count - one.count)
      const { total, entries } = await pageOf(all, request.query, ({ node, reason }) => `${node}\n${reason}`)
      return { total, errors: entries }
    },
  )
  traceRoutes(app, context)
  captureRoute(app, context)
}

function traceRoutes(app: ZodServer, context: RestContext): void {
  app.post(
    '/diagnosis/trace',
    {
      schema: {
        summary: 'Trace packets for a time, and return their path through the graph',
        description:
          'Off unless `rest.diagnosis.trace` is true. Refused while VPP holds packets traced by another client.',
        tags: ['diagnosis'],
        querystring: query({}),
        body: traceSchema,
        response: { 200: tracedSchema },
      },
    },
    async (request, reply) => {
      const { node, packets, seconds: time } = request.body
      const signal = goneSignal(context, reply)
      const tracer = tracerOf(context, request)
      tell(context, request, 'trace', `${node}, at most ${packets} packets of a thread in ${time} s`)
      return await tracer.trace({ node, packets, time: time * 1000, signal })
    },
  )
  app.delete(
    '/diagnosis/trace',
    {
      schema: {
        summary: 'Stop tracing packets and discard all traces, whichever client started them',
        tags: ['diagnosis'],
        querystring: query({}),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const tracer = tracerOf(context, request)
      tell(context, request, 'clear', 'traced packets')
      await tracer.clear()
      await reply.code(204).send()
    },
  )
}

function captureRoute(app: ZodServer, context: RestContext): void {
  app.post(
    '/diagnosis/pcap',
    {
      schema: {
        summary: 'Capture packets for a time as a pcap file',
        description:
          'Off unless `rest.diagnosis.pcap` is true. The file that VPP writes is removed before the answer is sent.',
        tags: ['diagnosis'],
        querystring: query({}),
        body: captureSchema,
        response: {
          200: {
            description: 'The packets.',
            content: { [PCAP_TYPE]: { schema: z.string().meta({ format: 'binary' }) } },
          },
        },
      },
    },
    async (request, reply) => {
      const { interface: name, seconds: time, ...what } = request.body
      const instance = instanceOf(context, request)
      const { capture } = context.diagnosis.of(instance)
      if (capture === undefined) throw forbidden('pcap')
      const signal = goneSignal(context, reply)
      const swIfIndex = name === undefined ? 0 : await indexOf(context, request, name)
      tell(
        context,
        request,
        'capture',
        `${name ?? 'all interfaces'}, at most ${what.packets} packets in ${time} s`,
      )
      const file = await capture.capture({ ...what, swIfIndex, time: time * 1000, signal })
      const disposition = `attachment; filename="${instance.name}.pcap"`
      await reply.type(PCAP_TYPE).header('content-disposition', disposition).send(file)
    },
  )
}

/** What was asked for is in the log of events, whatever comes of it. */
function tell(
  context: RestContext,
  request: FastifyRequest,
  tool: 'trace' | 'clear' | 'capture',
  what: string,
): void {
  instanceOf(context, request).events.add({ type: 'diagnosis', tool, what, role: request.role })
}

/** @throws RequestError `AGENT_FORBIDDEN` */
function tracerOf(context: RestContext, request: FastifyRequest): PacketTracer {
  const { tracer } = context.diagnosis.of(instanceOf(context, request))
  if (tracer === undefined) throw forbidden('trace')
  return tracer
}

function forbidden(tool: string): RequestError {
  return new RequestError(
    'AGENT_FORBIDDEN',
    `diagnosis.${tool} is off; see rest.diagnosis in the configuration`,
  )
}

async function indexOf(context: RestContext, request: FastifyRequest, name: string): Promise<number> {
  const all = await context.telemetry.of(instanceOf(context, request)).interfaces.readNow()
  const found = all.find((it) => it.name === name) ?? all.find((it) => it.vppName === name)
  if (found !== undefined) return found.swIfIndex
  throw new AgentError('AGENT_UNKNOWN_ITEM', `VPP has no interface "${name}"`)
}

/** Ends when the client has gone before it had its answer, or with the agent. */
function goneSignal({ diagnosis }: RestContext, reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.on('close', () => gone.abort())
  return AbortSignal.any([gone.signal, diagnosis.signal])
}
