import { describe, expect, test } from 'vitest'
import { ClientHandshake, type Announcement, type ServerLimits } from './client-handshake.ts'
import type { ControlMessage, InitMessage } from './messages.ts'
import { ServerHandshake, helloMessage, type ServerInterface } from './server-handshake.ts'

const INTERFACE: ServerInterface = {
  role: 'server',
  mode: 'ethernet',
  secret: '',
  busy: false,
  rxQueues: 2,
  interfaceName: 'srv0',
}
const INIT: InitMessage = { type: 'init', version: 0x200, id: 7, mode: 0, secret: '', name: 'client' }
const RING = {
  type: 'addRing',
  clientToServer: true,
  index: 0,
  region: 0,
  offset: 0,
  log2RingSize: 10,
  privateHeaderSize: 0,
} as const
const REGION = { type: 'addRegion', index: 0, size: 4096n } as const

function server(overrides: Partial<ServerInterface> = {}) {
  const log: string[] = []
  const handshake = new ServerHandshake<string>({
    find: (id) => (id === 7 ? { ...INTERFACE, ...overrides } : undefined),
    claim: (init) => void log.push(`claim ${init.id}`),
    addRegion: (message, fd) => void log.push(`region ${message.index} ${fd}`),
    addRing: (message, fd) =>
      void log.push(`ring ${message.clientToServer ? 'c2s' : 's2c'} ${message.index} ${fd}`),
    connect: (name) => void log.push(`connect ${name}`),
  })
  return { handshake, log }
}

/** A server that has accepted INIT and one region. */
function configuring(overrides: Partial<ServerInterface> = {}) {
  const it = server(overrides)
  it.handshake.receive(INIT)
  it.handshake.receive(REGION, 'memfd')
  return it
}

const refusal = (code: string, reason: string) => expect.objectContaining({ code, reason })

describe('ServerHandshake', () => {
  test('walks through a handshake in lock-step', () => {
    const { handshake, log } = server()
    expect(handshake.receive(INIT)).toEqual({ type: 'ack' })
    expect(handshake.receive(REGION, 'memfd')).toEqual({ type: 'ack' })
    expect(handshake.receive(RING, 'e0')).toEqual({ type: 'ack' })
    expect(handshake.receive({ ...RING, index: 1 }, 'e1')).toEqual({ type: 'ack' })
    expect(handshake.receive({ ...RING, clientToServer: false }, 'e2')).toEqual({ type: 'ack' })
    expect(handshake.state).toBe('configuring')
    expect(handshake.receive({ type: 'connect', interfaceName: 'cli0' })).toEqual({
      type: 'connected',
      interfaceName: 'srv0',
    })
    expect(handshake.state).toBe('connected')
    expect(log).toEqual([
      'claim 7',
      'region 0 memfd',
      'ring c2s 0 e0',
      'ring c2s 1 e1',
      'ring s2c 0 e2',
      'connect cli0',
    ])
  })

  test.each<[string, Partial<InitMessage>, Partial<ServerInterface>, string, string]>([
    [
      'a version that does not exist',
      { version: 0x100 },
      {},
      'MEMIF_VERSION_INCOMPATIBLE',
      'incompatible memif version',
    ],
    ['an id nobody has', { id: 8 }, {}, 'MEMIF_REFUSED', 'unknown interface id'],
    ['an id in use', {}, { busy: true }, 'MEMIF_REFUSED', 'already connected'],
    [
      'the id of a client interface',
      {},
      { role: 'client' },
      'MEMIF_REFUSED',
      'interface id belongs to a client',
    ],
    ['another mode', { mode: 1 }, {}, 'MEMIF_REFUSED', 'mode mismatch'],
    ['a mode that does not exist', { mode: 9 }, {}, 'MEMIF_REFUSED', 'mode mismatch'],
    ['no secret where one is needed', {}, { secret: 'right' }, 'MEMIF_REFUSED', 'secret required'],
    ['a wrong secret', { secret: 'wrong' }, { secret: 'right' }, 'MEMIF_REFUSED', 'incorrect secret'],
    [
      'a secret that is a prefix',
      { secret: 'righ' },
      { secret: 'right' },
      'MEMIF_REFUSED',
      'incorrect secret',
    ],
  ])('refuses %s', (_, init, overrides, code, reason) => {
    const { handshake, log } = server(overrides)
    expect(() => handshake.receive({ ...INIT, ...init })).toThrowError(refusal(code, reason))
    expect(log).toEqual([])
  })

  test('accepts the right secret, and any secret where none is set', () => {
    expect(server({ secret: 'right' }).handshake.receive({ ...INIT, secret: 'right' })).toEqual({
      type: 'ack',
    })
    expect(server().handshake.receive({ ...INIT, secret: 'whatever' })).toEqual({ type: 'ack' })
  })

  test.each<[string, ControlMessage, string | undefined, string, string]>([
    [
      'a region out of order',
      { ...REGION, index: 2 },
      'fd',
      'MEMIF_REGION_INVALID',
      'unexpected region index',
    ],
    ['a region twice', REGION, 'fd', 'MEMIF_REGION_INVALID', 'unexpected region index'],
    ['a region without fd', { ...REGION, index: 1 }, undefined, 'MEMIF_REGION_INVALID', 'missing region fd'],
    ['a ring without fd', RING, undefined, 'MEMIF_RING_INVALID', 'missing ring interrupt fd'],
    ['a ring out of order', { ...RING, index: 1 }, 'fd', 'MEMIF_RING_INVALID', 'unexpected ring index'],
    [
      'a ring beyond the queues',
      { ...RING, index: 2 },
      'fd',
      'MEMIF_RING_INVALID',
      'client-to-server ring 2 refused: at most 2 accepted',
    ],
    [
      'a ring in an unknown region',
      { ...RING, region: 1 },
      'fd',
      'MEMIF_RING_INVALID',
      'ring in unknown region',
    ],
    ['a ring of 2^15', { ...RING, log2RingSize: 15 }, 'fd', 'MEMIF_RING_INVALID', 'ring too large'],
    [
      'private headers',
      { ...RING, privateHeaderSize: 1 },
      'fd',
      'MEMIF_RING_INVALID',
      'private headers not supported',
    ],
    [
      'CONNECT without rings',
      { type: 'connect', interfaceName: '' },
      undefined,
      'MEMIF_RING_INVALID',
      'no rings',
    ],
    ['a second INIT', INIT, undefined, 'MEMIF_MESSAGE_UNEXPECTED', 'unexpected message'],
    ['an ACK', { type: 'ack' }, undefined, 'MEMIF_MESSAGE_UNEXPECTED', 'unexpected message'],
  ])('refuses %s', (_, message, fd, code, reason) => {
    expect(() => configuring().handshake.receive(message, fd)).toThrowError(refusal(code, reason))
  })

  test('knows at most 256 regions', () => {
    const { handshake } = configuring()
    for (let index = 1; index < 256; index++) handshake.receive({ ...REGION, index }, 'fd')
    expect(() => handshake.receive({ ...REGION, index: 256 }, 'fd')).toThrowError(
      refusal('MEMIF_REGION_INVALID', 'unexpected region index'),
    )
  })

  test('takes nothing but INIT first', () => {
    expect(() => server().handshake.receive(REGION, 'fd')).toThrowError(
      refusal('MEMIF_MESSAGE_UNEXPECTED', 'unexpected message'),
    )
  })

  test('delivers the reason of a DISCONNECT, also after CONNECTED', () => {
    const { handshake } = configuring()
    handshake.receive(RING, 'fd')
    handshake.receive({ type: 'connect', interfaceName: '' })
    expect(() =>
      handshake.receive({ type: 'disconnect', code: 0, reason: 'interface deleted' }),
    ).toThrowError(refusal('MEMIF_PEER_DISCONNECTED', 'interface deleted'))
  })

  test('says so when a DISCONNECT has no reason', () => {
    expect(() => server().handshake.receive({ type: 'disconnect', code: 0, reason: '' })).toThrow(
      'the client disconnected: no reason given',
    )
    expect(() => server().handshake.receive({ type: 'disconnect', code: 0, reason: 'gone' })).toThrow(
      'the client disconnected: gone',
    )
  })

  test('takes the largest rings, as many one way as the other', () => {
    const { handshake } = configuring()
    handshake.receive({ ...RING, log2RingSize: 14 }, 'e0')
    handshake.receive({ ...RING, log2RingSize: 14, clientToServer: false }, 'e1')
    expect(handshake.receive({ type: 'connect', interfaceName: '' })).toMatchObject({ type: 'connected' })
  })

  test('announces highest indexes, not counts, and any number of rings to receive from', () => {
    expect(helloMessage({ name: 'app', rxQueues: 3 })).toMatchObject({
      maxClientToServerRingIndex: 2,
      maxServerToClientRingIndex: 255,
      maxRegionIndex: 255,
      maxLog2RingSize: 14,
    })
  })
})

const HELLO = helloMessage({ name: 'srv', rxQueues: 2 })
const MEMORY: Announcement<string> = {
  regions: [{ size: 4096n, fd: 'memfd' }],
  rings: [
    { clientToServer: true, index: 0, region: 0, offset: 0, log2RingSize: 4, fd: 'e0' },
    { clientToServer: false, index: 0, region: 0, offset: 384, log2RingSize: 4, fd: 'e1' },
  ],
}

function client() {
  const seen: { limits?: ServerLimits; remote?: string } = {}
  const handshake = new ClientHandshake<string>(
    { id: 7, mode: 'ip', secret: 'psst', name: 'app', interfaceName: 'cli0' },
    {
      prepare: (limits) => {
        seen.limits = limits
        return MEMORY
      },
      connected: (remote) => {
        seen.remote = remote
      },
    },
  )
  return { handshake, seen }
}

describe('ClientHandshake', () => {
  test('sends one message per answer, each with its descriptor', () => {
    const { handshake, seen } = client()
    const sent = [handshake.receive(HELLO)]
    while (sent.at(-1)?.message.type !== 'connect') sent.push(handshake.receive({ type: 'ack' }))
    expect(sent).toEqual([
      { message: { type: 'init', version: 0x200, id: 7, mode: 1, secret: 'psst', name: 'app' } },
      { message: { type: 'addRegion', index: 0, size: 4096n }, fd: 'memfd' },
      { message: { ...RING, log2RingSize: 4 }, fd: 'e0' },
      { message: { ...RING, clientToServer: false, offset: 384, log2RingSize: 4 }, fd: 'e1' },
      { message: { type: 'connect', interfaceName: 'cli0' } },
    ])
    expect(seen.limits).toEqual({ regions: 256, txQueues: 2, rxQueues: 256, log2RingSize: 14 })
    expect(handshake.receive({ type: 'connected', interfaceName: 'srv0' })).toBeUndefined()
    expect(handshake.state).toBe('connected')
    expect(seen.remote).toBe('srv0')
  })

  test('refuses a server of another version, prepares nothing', () => {
    const { handshake, seen } = client()
    expect(() => handshake.receive({ ...HELLO, minVersion: 0x300, maxVersion: 0x400 })).toThrowError(
      refusal('MEMIF_VERSION_INCOMPATIBLE', 'incompatible memif version'),
    )
    expect(seen.limits).toBeUndefined()
  })

  test('tells a refusal from a disconnect', () => {
    const disconnect = { type: 'disconnect', code: 0, reason: 'incorrect secret' } as const
    const early = client().handshake
    early.receive(HELLO)
    expect(() => early.receive(disconnect)).toThrowError(refusal('MEMIF_PEER_REFUSED', 'incorrect secret'))
    const late = client().handshake
    late.receive(HELLO)
    for (let n = 0; n < 4; n++) late.receive({ type: 'ack' })
    late.receive({ type: 'connected', interfaceName: '' })
    expect(() => late.receive(disconnect)).toThrowError(
      refusal('MEMIF_PEER_DISCONNECTED', 'incorrect secret'),
    )
  })

  test.each<ControlMessage>([
    { type: 'ack' },
    { type: 'connected', interfaceName: '' },
    { type: 'connect', interfaceName: '' },
  ])('refuses $type before HELLO', (message) => {
    expect(() => client().handshake.receive(message)).toThrowError(
      refusal('MEMIF_MESSAGE_UNEXPECTED', 'unexpected message'),
    )
  })

  test('refuses an ACK too many, where CONNECTED is due', () => {
    const { handshake } = client()
    handshake.receive(HELLO)
    for (let n = 0; n < 4; n++) handshake.receive({ type: 'ack' })
    expect(handshake.state).toBe('connecting')
    expect(() => handshake.receive({ type: 'ack' })).toThrowError(
      refusal('MEMIF_MESSAGE_UNEXPECTED', 'unexpected message'),
    )
  })

  test('refuses a server that is older, a second HELLO, and anything but an ACK while it announces', () => {
    expect(() => client().handshake.receive({ ...HELLO, minVersion: 0x100, maxVersion: 0x100 })).toThrowError(
      refusal('MEMIF_VERSION_INCOMPATIBLE', 'incompatible memif version'),
    )
    for (const message of [HELLO, { type: 'connected', interfaceName: '' }] as const) {
      const { handshake } = client()
      handshake.receive(HELLO)
      expect(() => handshake.receive(message)).toThrowError(
        refusal('MEMIF_MESSAGE_UNEXPECTED', 'unexpected message'),
      )
    }
  })

  test('says so when a refusal has no reason', () => {
    for (const [reason, text] of [
      ['', 'no reason given'],
      ['busy', 'busy'],
    ] as const) {
      const { handshake } = client()
      handshake.receive(HELLO)
      expect(() => handshake.receive({ type: 'disconnect', code: 0, reason })).toThrow(
        `the server refused interface id 7: ${text}`,
      )
    }
  })
})
