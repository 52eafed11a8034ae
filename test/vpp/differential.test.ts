import * as fc from 'fast-check'
import { Simulator } from '@vpp-ts/simulator'
import { afterAll, describe, expect, it } from 'vitest'
import { CallingClient, newestRelease } from '../../simulator/src/testing/calling-client.ts'
import { comparable } from '../simulator/play.ts'
import type { Step } from '../simulator/steps.ts'
import { DANGEROUS } from '../../simulator/src/server/strict.ts'
import { leavesService } from './differential-services.ts'
import { LEFT, RESET, sequences } from './differential-steps.ts'
import { KNOWN_DIFFERENCES } from './differential-known.ts'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

/** Sequences to try; the same seed gives the same ones. */
const RUNS = Number(process.env['VPP_TS_SEQUENCES'] ?? 50)
const SEED = Number(process.env['VPP_TS_SEED'] ?? 26_06)

/** Sequences that one VPP answers: what it keeps for good adds up until it crashes. */
const SEQUENCES_OF_ONE_VPP = 100

/** Everything that came for one request: messages by name, in their order. */
type Heard = readonly (readonly [name: string, fields: unknown])[]

/** A simulator and a VPP that have the same behind them. */
class Pair implements AsyncDisposable {
  readonly #vpp: VppProcess
  readonly #simulator: Simulator
  readonly #clients: readonly [CallingClient, CallingClient]

  private constructor(
    vpp: VppProcess,
    simulator: Simulator,
    clients: readonly [CallingClient, CallingClient],
  ) {
    this.#vpp = vpp
    this.#simulator = simulator
    this.#clients = clients
  }

  static async start(binary: string): Promise<Pair> {
    const vpp = await VppProcess.start(binary, vppPlugins)
    const simulator = await Simulator.start()
    const clients = await Promise.all(
      [vpp.apiSocket, simulator.path].map((path) => CallingClient.connect(path)),
    )
    const [real, simulated] = clients as [CallingClient, CallingClient]
    for (const client of clients) await client.retval('want_interface_events', { enableDisable: 1, pid: 1 })
    return new Pair(vpp, simulator, [real, simulated])
  }

  /** What both say to a request. */
  async ask(step: Step): Promise<[real: Heard, simulated: Heard]> {
    const [real, simulated] = await Promise.all(this.#clients.map((client) => hear(client, step)))
    return [real as Heard, simulated as Heard]
  }

  /** False for what VPP would not bear now. */
  bears(step: Step): boolean {
    const { model } = this.#simulator
    const [message, fields = {}] = step
    const isDangerous = DANGEROUS[message]?.[0](fields as Readonly<Record<string, unknown>>, model)
    return isDangerous !== true && !leavesService(step, model)
  }

  /** Makes both empty again. */
  async reset(): Promise<void> {
    for (const client of this.#clients) await RESET(client)
    for (const step of LEFT) {
      const [real, simulated] = await this.ask(step)
      expect({ left: simulated }).toEqual({ left: real })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) await client[Symbol.asyncDispose]()
    await this.#simulator.close()
    await this.#vpp[Symbol.asyncDispose]()
  }
}

const EAGAIN = -165

/** Sends a request, waits for its reply, and then for all that comes before the answer to a ping. */
async function hear(client: CallingClient, step: Step): Promise<Heard> {
  const heard = await collect(client, step)
  if (newestRelease().schema.service(step[0])?.details === undefined) return heard
  // What VPP keeps in hash tables has no order.
  const key = (it: unknown): string => JSON.stringify(it)
  return heard.sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

/** A VPP that is busy answers in parts. */
async function collect(
  client: CallingClient,
  [message, fields = {}]: Step,
): Promise<[name: string, fields: unknown][]> {
  const service = newestRelease().schema.service(message)
  client.send(message, fields)
  const bodies = service?.details === undefined ? [await client.raw.next()] : []
  bodies.push(...(await client.raw.untilPing()))
  const heard = bodies.map((body): [string, unknown] => {
    const name = client.nameOf(body)
    return [name, comparable(client.decode(name, body))]
  })
  const { retval, cursor } = (heard.at(-1)?.[1] ?? {}) as { retval?: unknown; cursor?: unknown }
  if (retval !== EAGAIN) return heard
  return [...heard.slice(0, -1), ...(await collect(client, [message, { ...fields, cursor }]))]
}

describe('simulator and VPP answer any sequence alike', () => {
  let pair: Pair | undefined
  let played = 0
  afterAll(() => pair?.[Symbol.asyncDispose]())

  it(
    `${RUNS} sequences from seed ${SEED}`,
    async () => {
      if (vppBinary === undefined) expect.fail('needs VPP_BINARY, a VPP 26.06 to start')
      const binary = vppBinary
      const alike = async (sequence: readonly Step[]): Promise<void> => {
        if (++played % SEQUENCES_OF_ONE_VPP === 0) {
          await pair?.[Symbol.asyncDispose]()
          pair = undefined
        }
        pair ??= await Pair.start(binary)
        try {
          for (const step of sequence) {
            if (!pair.bears(step)) continue
            const [real, simulated] = await pair.ask(step)
            if (KNOWN_DIFFERENCES.some(({ applies }) => applies(step, sequence))) continue
            expect({ step, heard: simulated }).toEqual({ step, heard: real })
          }
          await pair.reset()
        } catch (error) {
          // After a difference both are made again, so that the next attempt begins with an empty VPP.
          await pair[Symbol.asyncDispose]()
          pair = undefined
          throw error
        }
      }
      await fc.assert(fc.asyncProperty(sequences, alike), {
        numRuns: RUNS,
        seed: SEED,
        endOnFailure: process.env['VPP_TS_SHRINK'] === '0',
      })
    },
    60_000 + RUNS * 10_000,
  )
})
