import { VppApiError } from '@vpp-ts/runtime'
import type { VppConnection } from '@vpp-ts/runtime'
import { Schema } from '@vpp-ts/runtime/dynamic'
import { apiDocuments } from '../conformance/bindings.ts'
import type { Step } from './steps.ts'

/** What came of one step: details, or the reply, as JSON. What differs between two runs on one VPP is left out. */
export type Answer = readonly unknown[]

/** Runs a chapter of the script. */
export async function play(vpp: VppConnection, steps: readonly Step[]): Promise<Answer[]> {
  const schema = Schema.fromApiJson(apiDocuments().map(({ document }) => document))
  const answers: Answer[] = []
  for (const [message, fields = {}] of steps) {
    answers.push((await ask(vpp, schema, message, fields)).map(comparable))
  }
  return answers
}

async function ask(vpp: VppConnection, schema: Schema, message: string, fields: object): Promise<unknown[]> {
  const method = schema.method(message)
  try {
    if (method.kind === 'unary') return [await vpp.call(method, fields)]
    if (method.kind === 'dump') return sorted(await vpp.dump(method, fields).toArray())
    if (method.kind === 'stream') return sorted(await vpp.stream(method, fields).toArray())
  } catch (error) {
    if (error instanceof VppApiError) return [error.reply ?? { retval: error.retval }]
    throw error
  }
  throw new Error(`${message} is neither call nor dump nor stream`)
}

function key(message: unknown): string {
  return JSON.stringify(comparable(message))
}

/** VPP lists what it keeps in hash tables in no order. */
function sorted(details: readonly unknown[]): unknown[] {
  return [...details].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

/** What two VPPs have in common of a message. Numbers of counters, ages and random addresses are different in every VPP; zeros are left out for brevity. */
export function comparable(message: unknown): unknown {
  return strip(JSON.parse(JSON.stringify(message)))
}

/** Fields that go by the clock. */
const TIMED: ReadonlySet<string> = new Set([
  'age',
  'lastRadvTime',
  'lastMulticastTime',
  'nextMulticastTime',
  'initialAdvertsSent',
  'nAdvertisementsSent',
  'validLifetimeExpires',
  'prefLifetimeExpires',
])

/** Fields that go by the speed of the processor, or are made from it. */
const OF_THE_MACHINE: ReadonlySet<string> = new Set([
  'scale',
  'cirTokensPerPeriod',
  'pirTokensPerPeriod',
  'currentLimit',
  'currentBucket',
  'extendedLimit',
  'extendedBucket',
  'lastUpdateTime',
])

/** Defaults that a release has changed, old and new. */
const DEFAULTS: Readonly<Record<string, readonly unknown[]>> = { frameQueueNelts: [64, 4096] }

const NONE = 0xffff_ffff
const ZEROS: ReadonlySet<unknown> = new Set([0, false, '', '0.0.0.0', '::', '00:00:00:00:00:00'])

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip)
  if (typeof value === 'string') return text(value)
  if (typeof value !== 'object' || value === null) return value
  const kept: [string, unknown][] = []
  for (const [name, content] of Object.entries(value)) {
    if (DEFAULTS[name]?.includes(content) === true) continue
    if (TIMED.has(name) || OF_THE_MACHINE.has(name) || (name === 'statsIndex' && content !== NONE)) continue
    const stripped = strip(content)
    if (!ZEROS.has(stripped) && !isEmpty(stripped)) kept.push([name, stripped])
  }
  return Object.fromEntries(kept)
}

/** True for an object or array in which nothing is left. */
function isEmpty(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && Object.values(value).every((it) => it === 0 || isEmpty(it))
  )
}

function text(value: string): string {
  return value
    .replace(/^02:fe(:[0-9a-f]{2}){4}$/, '02:fe:random')
    .replace(/^\/.*\/(memif\.sock|@name|below\/dir\.sock)$/, '$1')
}
