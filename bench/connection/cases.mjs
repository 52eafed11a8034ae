import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startEchoServer } from './servers.mjs'

/** Requests on their way at a time in pipelined cases, for every client. */
const WINDOW = 512

const QUEUED = 1_000_000

/** Kinds of conversation, with the number of operations; vpp_papi gets fewer, since it needs minutes for as many. */
const KINDS = [
  {
    kind: 'ping-sequential',
    method: 'pingSequential',
    count: 20_000,
    few: 4000,
    govpp: ['channel', 'stream', 'rpc'],
  },
  {
    kind: 'ping-pipelined',
    method: 'pingPipelined',
    count: 200_000,
    few: 20_000,
    govpp: ['channel', 'stream'],
  },
  {
    kind: 'routes',
    title: 'routes-1000',
    method: 'routes',
    count: 1000,
    few: 1000,
    times: 20,
    govpp: ['channel', 'stream'],
  },
  {
    kind: 'routes',
    title: 'routes-100000',
    method: 'routes',
    count: 100_000,
    few: 10_000,
    govpp: ['channel', 'stream'],
  },
  { kind: 'dump-interfaces', method: 'dumpInterfaces', times: 10, govpp: ['channel', 'rpc'] },
  { kind: 'dump-routes', method: 'dumpRoutes', govpp: ['channel', 'rpc'], papi: false },
]

export const names = ['echo', 'vpp'].flatMap((server) => [
  ...KINDS.map(({ kind, title = kind }) => `connection/${server}/${title}`),
  ...(server === 'echo' ? ['connection/echo/queue'] : []),
])

/** Conversations with the echo server, and with a real VPP where VPP_API_SOCKET names one. */
export async function cases({ peers }) {
  const program = peers.goProgram('echo-server')
  const { PreparedVpp } = await import('./vpp.mjs')
  const vpp = process.env.VPP_API_SOCKET
  const servers = [program && (await startEchoServer(program)), vpp && new PreparedVpp(vpp)].filter(Boolean)
  if (servers.length === 0)
    console.error('connection: no server; --peers builds one, VPP_API_SOCKET names a VPP')
  const clients = { ...(await import('./ours.mjs')), ...(await import('./bare.mjs')) }
  const made = servers.flatMap((server) => KINDS.map((kind) => caseOf(server, kind, clients, peers)))
  if (program !== undefined) made.push(await queueCase(program, peers))
  const last = made.at(-1)
  if (last !== undefined) last.close = closeAll(last.close, servers)
  return made
}

function closeAll(first, servers) {
  return async () => {
    await first?.()
    for (const server of servers) await server.close()
  }
}

function caseOf(
  server,
  { kind, title = kind, method, count = 0, few = count, times = 1, govpp, papi = true },
  { Ours, Bare },
  peers,
) {
  const go = peers.govpp('client')
  const python = papi ? peers.papi('client') : undefined
  const remote = (name, peer, suffix, operations) => ({
    name,
    measure: () =>
      summed(times, async () => {
        const sample = await peer.measure({
          case: `${kind}${suffix}`,
          socket: server.path,
          count: operations,
        })
        await server.restore(kind, operations)
        return sample
      }),
  })
  const subjects = [
    local('ours', Ours, server, { kind, method, count, times }),
    local('bare socket', Bare, server, { kind, method, count, times }),
    ...(go ? govpp.map((way) => remote(`GoVPP ${way}`, go, `/${way}`, count)) : []),
    ...(python ? [remote('vpp_papi', python, '', few)] : []),
  ]
  const limitedByVpp = server.name === 'vpp' && kind.startsWith('ping')
  const targets = [
    ...(limitedByVpp ? [{ subject: 'ours', against: 'bare socket', ratio: 0.8 }] : []),
    ...govpp.map((way) => ({ subject: 'ours', against: `GoVPP ${way}`, ratio: 1 })),
  ]
  const setup = () => server.setup(kind)
  return { name: `connection/${server.name}/${title}`, shows: 'rate', setup, subjects, targets }
}

/** A separate connection for every measurement, as the peers have. */
function local(name, Client, server, { kind, method, count, times }) {
  return {
    name,
    measure: () =>
      summed(times, async () => {
        const client = await Client.connect(server.path)
        try {
          return await client[method](count, WINDOW)
        } finally {
          await client.close()
          await server.restore(kind, count)
        }
      }),
  }
}

/** What is over in a moment is done several times. */
async function summed(times, measure) {
  const sum = { operations: 0, seconds: 0, processor: 0 }
  for (let i = 0; i < times; i++) {
    const { operations, seconds, processor = NaN } = await measure()
    sum.operations += operations
    sum.seconds += seconds
    sum.processor += processor
  }
  return sum
}

/** Memory is measured in a separate process, which prints its sample. */
function lastLine({ stdout, stderr }) {
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout.trimEnd().split('\n').at(-1))
}

async function queueCase(program, peers) {
  const server = await startEchoServer(program, '-stall', '-routes', '0', '-interfaces', '0')
  const script = fileURLToPath(new URL('queue.mjs', import.meta.url))
  const ours = () =>
    lastLine(spawnSync(process.execPath, [script, server.path, String(QUEUED)], { encoding: 'utf8' }))
  const request = JSON.stringify({ case: 'queue/channel', socket: server.path, count: QUEUED })
  const govpp = () =>
    lastLine(spawnSync(peers.goProgram('client'), { input: `${request}\n`, encoding: 'utf8' }))
  return {
    name: 'connection/echo/queue',
    shows: 'memory',
    subjects: [
      { name: 'ours', measure: ours },
      { name: 'GoVPP channel', measure: govpp },
    ],
    close: () => server.close(),
  }
}
