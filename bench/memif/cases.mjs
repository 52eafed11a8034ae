import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BOTH_ENDS, bothEndsCases } from './both-ends.mjs'
import { memifPeers } from './peers.mjs'
import { haveTestpmd, withTestpmd } from './testpmd.mjs'

/** What testpmd does for each kind of work. */
const FORWARD = { received: 'txonly', sent: 'rxonly', echo: 'io' }

const WORKS = Object.keys(FORWARD).flatMap((work) =>
  [64, 1518].flatMap((bytes) => [1, 2].map((queues) => ({ work, bytes, queues }))),
)

const nameOf = ({ work, bytes, queues }) => `memif/${work}/${bytes}-bytes/${queues}-queues`

/** Round trips of one packet: each as soon as the one before is back, and after a rest. */
const LATENCIES = { 'back-to-back': 0, 'every-2-ms': 2 }

const latencyName = (pace) => `memif/round-trip/${pace}`

export const names = [...BOTH_ENDS, ...WORKS.map(nameOf), ...Object.keys(LATENCIES).map(latencyName)]

/** Packets a second that ours are to reach with 64 bytes, one way on one thread. */
const TARGETS = { 'ours copy': 5e6, 'ours zero-copy': 10e6 }

function targetsOf(work, others) {
  const absolute = work.bytes === 64 && work.queues === 1 && work.work !== 'echo'
  return Object.entries(TARGETS).flatMap(([subject, rate]) => [
    ...(absolute ? [{ subject, most: 1 / rate }] : []),
    // The C library is there to compare with.
    ...others
      .filter(({ name, can }) => can(work) && !name.startsWith('libmemif'))
      .map(({ name: against }) => ({ subject, against, ratio: 1 })),
  ])
}

/**
 * Moving packets between us, or a peer, and a testpmd that is the source, the sink or the mirror; and both ends in this
 * thread, with an earlier state beside it.
 */
export async function cases({ peers, before }) {
  const inOneThread = await bothEndsCases(before)
  if (before !== undefined || !haveTestpmd()) return inOneThread
  const { Workers, measureHere } = await import('./ours.mjs')
  const { measureRoundTrips } = await import('./latency.mjs')
  const folder = mkdtempSync(join(tmpdir(), 'vpp-ts-bench-'))
  const workers = new Workers()
  const others = memifPeers(peers)
  const made = WORKS.map((work) => {
    const against = (measure) => (milliseconds) =>
      withTestpmd({ ...work, folder, forward: FORWARD[work.work] }, (socket) => measure(socket, milliseconds))
    return {
      name: nameOf(work),
      shows: 'rate',
      subjects: [
        ...['copy', 'zero-copy'].map((way) => ({
          name: `ours ${way}`,
          measure: against((socket, milliseconds) => measureHere({ ...work, way }, socket, milliseconds)),
        })),
        {
          name: 'ours worker',
          measure: against((socket, milliseconds) =>
            workers.measure({ ...work, way: 'zero-copy' }, socket, milliseconds),
          ),
        },
        ...others
          .filter(({ can }) => can(work))
          .map(({ name, measure }) => ({
            name,
            measure: against((socket, milliseconds) => measure(work, socket, milliseconds)),
          })),
      ],
      targets: targetsOf(work, others),
    }
  })
  made.push(...latencyCases(folder, measureRoundTrips))
  made.at(-1).close = async () => {
    await workers.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return [...inOneThread, ...made]
}

function latencyCases(folder, measureRoundTrips) {
  return Object.entries(LATENCIES).map(([pace, idle]) => ({
    name: latencyName(pace),
    shows: 'time',
    subjects: ['interrupt', 'adaptive', 'polling'].map((rxMode) => ({
      name: `ours ${rxMode}`,
      measure: (milliseconds) =>
        withTestpmd({ folder, forward: 'io', bytes: 64, queues: 1 }, (socket) =>
          measureRoundTrips({ rxMode, idle }, socket, milliseconds),
        ),
    })),
  }))
}
