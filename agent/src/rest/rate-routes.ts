import type { FastifyRequest } from 'fastify'
import { parseDuration } from '@vpp-ts/config'
import { z } from 'zod'
import {
  countOf,
  keptOf,
  MOST_POINTS,
  stepOf,
  type HistoryAnswer,
  type HistoryRequest,
} from '../history/history-answer.ts'
import { LEVELS, ROW_FIELDS } from '../history/levels.ts'
import { AgentError } from '../model/errors.ts'
import type { HistoryRecorder } from '../telemetry/history-recorder.ts'
import { RequestError } from '../web/request-error.ts'
import { query, wholeInQuery, type ZodServer } from '../web/zod-provider.ts'
import { instanceOf, type RestContext } from './context.ts'
import { keyInPath } from './item-routes.ts'

const DAY = 86_400
/** Milliseconds that may be asked for. */
const LONGEST = 366 * DAY * 1000

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text) / 1000)

const span = {
  from: time.optional().describe('Start; default: `last` before the end.'),
  to: time.optional().describe('End; default: now.'),
  last: z
    .string()
    .default('10m')
    .transform((text, context) => {
      const milliseconds = parseDuration(text)
      if (milliseconds !== undefined && milliseconds >= 1000 && milliseconds <= LONGEST)
        return milliseconds / 1000
      context.addIssue({ code: 'custom', message: 'expected a duration such as 10m or 24h' })
      return z.NEVER
    })
    .describe('Time before the end, if there is no `from`; such as 10m or 24h.'),
  step: wholeInQuery(1, DAY)
    .optional()
    .describe('Seconds per value; default: the finest that is still kept and gives at most 1,000 values.'),
}

type Span = Readonly<{
  from?: number | undefined
  to?: number | undefined
  last: number
  step?: number | undefined
}>

const values = z.object({
  mean: z.array(z.number().nullable()).describe('Per second; null where unknown.'),
  max: z.array(z.number().nullable()).describe('The highest second of each value.'),
})

const stateSchema = z.object({
  levels: z.array(z.object({ step: z.int().describe('Seconds.'), kept: z.int().describe('Seconds.') })),
  interfaces: z.int().describe('Recorded interfaces.'),
  left: z.int().describe('Interfaces beyond `history.interfaces`, which are not recorded.'),
  bytes: z.int().describe('Of all files.'),
  problem: z.string().nullable().describe('Why nothing is written; null if there is no problem.'),
})
/** What the history holds. */
export type HistoryStateView = z.infer<typeof stateSchema>
function answerOf(fields: readonly string[]) {
  return z.object({
    name: z.string(),
    from: z.iso.datetime().describe('Start of the first value.'),
    to: z.iso.datetime().describe('End of the last value.'),
    step: z.int().describe('Seconds per value.'),
    count: z.int().describe('Number of values in each series.'),
    series: z.object(Object.fromEntries(fields.map((field) => [field, values]))),
  })
}

/** Rates of something in the past. */
export type RatesView = z.infer<ReturnType<typeof answerOf>>

/** Rates of the past. */
export function rateRoutes(app: ZodServer, context: RestContext): void {
  const tags = ['history']
  const querystring = query(span)
  app.get(
    '/history',
    {
      schema: {
        summary: 'What the history holds',
        tags,
        querystring: query({}),
        response: { 200: stateSchema },
      },
    },
    async (request) => {
      const { problem = null, ...state } = recorderOf(context, request).state
      const levels = LEVELS.map((level) => ({ step: level.step, kept: keptOf(level) }))
      return { levels, ...state, problem }
    },
  )
  app.get(
    '/history/total',
    {
      schema: {
        summary:
          'Rates of all of VPP in the past: interfaces without sub-interfaces, errors of nodes, vectors',
        tags,
        querystring,
        response: { 200: answerOf(ROW_FIELDS.instance) },
      },
    },
    async (request) => {
      const recorder = recorderOf(context, request)
      return view('total', await recorder.readAll(askedOf(request.query, recorder.now)))
    },
  )
  app.get(
    '/history/interfaces/*',
    {
      schema: {
        summary: "Rates of an interface in the past, by the agent's name or VPP's",
        tags,
        params: keyInPath,
        querystring,
        response: { 200: answerOf(ROW_FIELDS.interface) },
      },
    },
    async (request) => {
      const recorder = recorderOf(context, request)
      const { name, isThere } = await find(context, request, request.params.key)
      const answer = await recorder.read('interface', name, askedOf(request.query, recorder.now))
      if (!isThere && isEmpty(answer)) {
        throw new AgentError('AGENT_UNKNOWN_ITEM', `the history has no interface "${name}"`)
      }
      return view(name, answer)
    },
  )
  app.get(
    '/history/errors/*',
    {
      schema: {
        summary: 'Past rate of an error counter, by NODE/REASON',
        tags,
        params: keyInPath,
        querystring,
        response: { 200: answerOf(ROW_FIELDS.error) },
      },
    },
    async (request) => {
      const recorder = recorderOf(context, request)
      const { key } = request.params
      return view(key, await recorder.read('error', key, askedOf(request.query, recorder.now)))
    },
  )
  app.get(
    '/history/workers/*',
    {
      schema: {
        summary: 'Past vectors per frame and loops per second of a thread; 0 is the main thread',
        tags,
        params: keyInPath,
        querystring,
        response: { 200: answerOf(ROW_FIELDS.worker) },
      },
    },
    async (request) => {
      const recorder = recorderOf(context, request)
      const { key } = request.params
      return view(key, await recorder.read('worker', key, askedOf(request.query, recorder.now)))
    },
  )
}

/** @throws RequestError `AGENT_NOT_FOUND` */
function recorderOf(context: RestContext, request: FastifyRequest): HistoryRecorder {
  const { history } = context.telemetry.of(instanceOf(context, request))
  if (history !== undefined) return history
  throw new RequestError('AGENT_NOT_FOUND', 'the history is off; see history in the configuration')
}

/** The name that an interface is kept under. One that is gone may be kept. */
async function find(
  context: RestContext,
  request: FastifyRequest,
  name: string,
): Promise<{ name: string; isThere: boolean }> {
  const known = await context.telemetry.of(instanceOf(context, request)).interfaces.read()
  const found = known.find((it) => it.name === name) ?? known.find((it) => it.vppName === name)
  return { name: found?.name ?? name, isThere: found !== undefined }
}

function isEmpty({ series }: HistoryAnswer): boolean {
  return Object.values(series).every(({ mean }) => mean.every((value) => value === null))
}

/** @param now seconds since 1970 */
function askedOf({ from, to, last, step }: Span, now: number): Required<HistoryRequest> {
  const end = to ?? now
  const begin = from ?? end - last
  if (begin >= end) throw new RequestError('AGENT_REQUEST', 'query: from: expected a time before `to`')
  const asked = { from: begin, to: end, step }
  const chosen = stepOf(asked, now)
  const count = countOf(asked, chosen)
  if (count <= MOST_POINTS) return { ...asked, step: chosen }
  const message = `query: step: ${count} values are more than ${MOST_POINTS}; ask for a longer step or a shorter time`
  throw new RequestError('AGENT_REQUEST', message)
}

function view(name: string, { from, step, count, series }: HistoryAnswer) {
  return { name, from: timeText(from), to: timeText(from + count * step), step, count, series }
}

/** @param seconds since 1970 */
function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
