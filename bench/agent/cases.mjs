import { timed } from '../connection/timed.mjs'

/** Routes of one request, and of all. */
const SOME = 1000
const MANY = 100_000

const KINDS = [
  'memory',
  'bulk-1000',
  'bulk-100000',
  'cpu-of-bulk',
  'put-one',
  'scrape',
  'resync-100000',
  'memory-100000',
]

export const names = ['simulator', 'vpp'].flatMap((server) => KINDS.map((kind) => `agent/${server}/${kind}`))

/** An agent with a simulated VPP, and with a real one where VPP_API_SOCKET names one. */
export async function cases({ peers }) {
  const { BenchedAgent } = await import('./processes.mjs')
  const { Ours } = await import('../connection/ours.mjs')
  const real = process.env.VPP_API_SOCKET
  const agents = [await BenchedAgent.start(undefined), ...(real ? [await BenchedAgent.start(real)] : [])]
  const made = agents.flatMap((agent) => casesOf(agent, peers, Ours))
  const close = async () => {
    for (const agent of agents) await agent.close()
  }
  return made.map((it, i) => (i === made.length - 1 ? { ...it, close } : it))
}

function casesOf(agent, peers, Ours) {
  const named = (kind, rest) => ({ name: `agent/${agent.name}/${kind}`, rounds: 5, ...rest })
  const govpp = (count) => govppSubject(agent, peers, Ours, count)
  return [
    // Before anything else has grown the agent.
    named('memory', memory(agent)),
    named('bulk-1000', { shows: 'rate', subjects: [bulk(agent, SOME, 20), ...govpp(SOME)] }),
    named('bulk-100000', { shows: 'rate', subjects: [bulk(agent, MANY, 1), ...govpp(MANY)] }),
    named('cpu-of-bulk', { shows: 'time', subjects: [processorTime(agent, bulk(agent, MANY, 1))] }),
    named('put-one', { shows: 'time', subjects: [one(agent)] }),
    named('scrape', { shows: 'time', subjects: [scrape(agent)] }),
    named('resync-100000', {
      shows: 'duration',
      setup: () => agent.ask('POST', '/routes?wait=true&timeout=300000', routes(MANY)),
      subjects: [{ name: 'ours', measure: () => timed(MANY, () => unchanged(agent)) }],
    }),
    named('memory-100000', memory(agent)),
  ]
}

/** Routes by one request, until VPP has them all; then they are taken out. */
function bulk(agent, count, times) {
  const body = routes(count)
  return {
    name: 'ours, REST',
    async measure() {
      const sum = { operations: 0, seconds: 0 }
      for (let i = 0; i < times; i++) {
        const { seconds } = await timed(count, async () => {
          await agent.ask('POST', '/routes?wait=true&timeout=300000', body)
        })
        sum.operations += count
        sum.seconds += seconds
        await agent.ask('PUT', '/desired?wait=true&timeout=300000', [])
      }
      return sum
    },
  }
}

/** CPU time of the agent instead of the time that goes by, which depends on what else the machine does. */
function processorTime(agent, subject) {
  return {
    name: subject.name,
    async measure() {
      const before = await agent.cpu()
      const { operations } = await subject.measure()
      return { operations, seconds: (await agent.cpu()) - before }
    },
  }
}

/** One route at a time, each until VPP has it. */
function one(agent) {
  const [route] = routes(1)
  return {
    name: 'ours, REST',
    async measure() {
      const count = 50
      const { seconds } = await timed(count, async () => {
        for (let i = 0; i < count; i++) {
          await agent.ask('POST', '/routes?wait=true', { ...route, prefix: `20.9.0.${i}/32` })
        }
      })
      await agent.ask('PUT', '/desired?wait=true', [])
      return { operations: count, seconds }
    },
  }
}

async function unchanged(agent) {
  const { applied, failed, waiting } = await agent.ask('POST', '/resync')
  if (applied + failed + waiting !== 0) throw new Error('the resync found something to do')
}

function scrape(agent) {
  return {
    name: 'ours',
    async measure() {
      const count = 10
      return await timed(count, async () => {
        for (let i = 0; i < count; i++) await agent.scrape()
      })
    },
  }
}

function memory(agent) {
  return {
    shows: 'memory',
    rounds: 1,
    subjects: [
      { name: 'ours', measure: async () => ({ operations: 1, seconds: 0, bytes: await agent.memory() }) },
    ],
  }
}

/** The same routes by GoVPP's fastest way, which keeps nothing and compares nothing. */
function govppSubject(agent, peers, Ours, count) {
  const go = peers.govpp('client')
  if (go === undefined) return []
  const measure = async () => {
    const sample = await go.measure({ case: 'routes/stream', socket: agent.socket, count })
    const client = await Ours.connect(agent.socket)
    try {
      await client.removeRoutes(count, 512)
    } finally {
      await client.close()
    }
    return sample
  }
  return [{ name: 'GoVPP stream', measure }]
}

/** Host routes below 20.0.0.0/8 that drop, so that a VPP without interfaces takes them. */
function routes(count) {
  return Array.from({ length: count }, (_, i) => ({
    prefix: `20.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}/32`,
    drop: true,
  }))
}
