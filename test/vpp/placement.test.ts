import { availableParallelism } from 'node:os'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SimulatedVpp } from '@vpp-ts/simulator/vpp'
import { describe, expect, it } from 'vitest'
import { CallingClient } from '../../simulator/src/testing/calling-client.ts'
import { comparable } from '../simulator/play.ts'
import type { Step } from '../simulator/steps.ts'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

const NONE = 0xffff_ffff
const MASTER = 2
const SLAVE = 3
const UP = 3

const queues: Step = ['sw_interface_rx_placement_dump', { swIfIndex: NONE }]

function admin(swIfIndex: number, flags: number): Step {
  return ['sw_interface_set_flags', { swIfIndex, flags }]
}

function slave(rxQueues: number, txQueues: number): Step {
  return ['memif_create_v2', { id: 0, socketId: 2, role: 1, ringSize: 1024, rxQueues, txQueues }]
}

/** Waits until an interface has these flags. */
interface Until {
  readonly swIfIndex: number
  readonly flags: number
}

/** A memif master and its slave in one VPP, which have queues while they are connected. */
function script(folder: string): readonly (Step | Until)[] {
  const place = (swIfIndex: number, queueId: number, workerId: number, isMain = false): Step => {
    return ['sw_interface_set_rx_placement', { swIfIndex, queueId, workerId, isMain }]
  }
  const mode = (swIfIndex: number, value: number, queueId?: number): Step => {
    const of = { queueIdValid: queueId !== undefined, queueId: queueId ?? 0 }
    return ['sw_interface_set_rx_mode', { swIfIndex, mode: value, ...of }]
  }
  const socket = (socketId: number, name: string): Step => {
    return [
      'memif_socket_filename_add_del_v2',
      { isAdd: true, socketId, socketFilename: `${folder}/${name}` },
    ]
  }
  return [
    ['create_loopback'],
    // One file under two names: a socket of VPP has one role.
    socket(1, 'pair.sock'),
    socket(2, './pair.sock'),
    ['memif_create_v2', { id: 0, socketId: 1, role: 0, ringSize: 1024 }],
    slave(2, 3),
    queues,
    admin(SLAVE, 1),
    // The link goes up with the peer, even of an interface that is down.
    { swIfIndex: MASTER, flags: 2 },
    { swIfIndex: SLAVE, flags: UP },
    queues,
    admin(MASTER, 1),
    { swIfIndex: MASTER, flags: UP },
    ['sw_interface_rx_placement_dump', { swIfIndex: MASTER }],
    place(MASTER, 1, 0),
    place(MASTER, 0, 0, true),
    place(MASTER, 0, 1),
    place(MASTER, 5, 0),
    place(SLAVE, 1, 7, true),
    place(1, 0, 0),
    queues,
    ['sw_interface_rx_placement_dump', { swIfIndex: MASTER }],
    mode(MASTER, 2, 1),
    mode(MASTER, 2, 9),
    mode(SLAVE, 3),
    mode(1, 2),
    mode(1, 2, 0),
    queues,
    mode(SLAVE, 4),
    queues,
    // A slave that goes down stays connected, and its master does not notice.
    admin(SLAVE, 0),
    queues,
    ['sw_interface_dump', { swIfIndex: MASTER }],
    admin(SLAVE, 1),
    { swIfIndex: SLAVE, flags: UP },
    queues,
    ['memif_delete', { swIfIndex: SLAVE }],
    { swIfIndex: MASTER, flags: 1 },
    queues,
    slave(1, 1),
    admin(SLAVE, 1),
    { swIfIndex: MASTER, flags: UP },
    queues,
  ]
}

async function answer(client: CallingClient, [message, fields = {}]: Step): Promise<unknown> {
  if (message.endsWith('_dump')) return (await client.dump(message, fields)).map(comparable)
  return comparable(await client.call(message, fields))
}

/** What the script comes to. */
async function play(apiSocket: string, folder: string): Promise<unknown[]> {
  await using client = await CallingClient.connect(apiSocket)
  const answers: unknown[] = []
  for (const step of script(folder)) {
    if ('flags' in step) {
      const { swIfIndex, flags } = step
      const dumped = async (): Promise<unknown> => (await client.dump('sw_interface_dump', { swIfIndex }))[0]
      await expect.poll(dumped, { timeout: 20_000 }).toMatchObject({ flags })
    } else {
      answers.push([step[0], await answer(client, step)])
    }
  }
  return answers
}

describe('queues of memif interfaces are placed alike', () => {
  it.each([0, 1])('with %i workers', async (workers) => {
    if (vppBinary === undefined) expect.fail('needs VPP_BINARY, a VPP to start')
    if (workers >= availableParallelism()) expect.fail(`needs ${workers + 1} processors`)
    await using vpp = await VppProcess.start(vppBinary, vppPlugins, { workers })
    // Paths of sockets are short.
    const dir = await mkdtemp('/tmp/vpp-ts-')
    await using simulated = await SimulatedVpp.start({ dir: join(dir, 'sim'), workers })
    try {
      const [real, like] = await Promise.all([
        play(vpp.apiSocket, vpp.folder),
        play(simulated.apiSocket, join(dir, 'sim')),
      ])
      expect(like).toEqual(real)
    } finally {
      await rm(dir, { recursive: true })
    }
  })
})
