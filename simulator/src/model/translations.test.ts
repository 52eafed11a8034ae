import { describe, expect, it } from 'vitest'
import { addLoopback } from './interface-kinds.ts'
import { Model } from './model.ts'

const IDENTITY = { version: '26.06.0-release', buildDate: '', buildDirectory: '', runtimeDir: '/run/vpp' }

function newModel(): Model {
  const model = new Model(IDENTITY, [])
  addLoopback(model.interfaces)
  return model
}

describe('sessions of DET44', () => {
  const flow = { inAddr: '10.0.0.7', inPort: 1234, extAddr: '198.51.100.8', extPort: 53 }

  it('have the port of their inside modulo those of the address, or the next', () => {
    const { det44 } = newModel()
    det44.addMap({ inAddr: '10.0.0.0', inPlen: 24, outAddr: '192.0.2.64', outPlen: 30 })
    expect([1234, 1234, 1234 + 1008, 5000].map((inPort) => det44.open({ ...flow, inPort }).outPort)).toEqual([
      8306, 8306, 8307, 9048,
    ])
    expect(det44.sessionsOf('10.0.0.7')).toHaveLength(3)
    expect(det44.maps.map((map) => det44.count(map))).toEqual([3])
  })

  it('end by either side, and leave their slot to the next', () => {
    const { det44 } = newModel()
    const map = { inAddr: '10.0.0.0', inPlen: 24, outAddr: '192.0.2.64', outPlen: 30 }
    det44.addMap(map)
    for (const inPort of [1234, 5000]) det44.open({ ...flow, inPort })
    det44.closeInside(flow)
    expect(() => det44.closeInside(flow)).toThrow('NO_SUCH_ENTRY')
    det44.open({ ...flow, inPort: 77 })
    expect(det44.sessionsOf('10.0.0.7').map(({ inPort }) => inPort)).toEqual([77, 5000])
    const outside = { ...flow, outAddr: '192.0.2.64', outPort: 9048 }
    det44.closeOutside(outside)
    expect(() => det44.closeOutside({ ...outside, outPort: 9999 })).toThrow('NO_SUCH_ENTRY')
    expect(det44.sessionsOf('10.0.0.7').map(({ inPort }) => inPort)).toEqual([77])
    det44.removeMap(map)
    expect(det44.sessionsOf('10.0.0.7')).toEqual([])
    expect(() => det44.open(flow)).toThrow('NO_SUCH_ENTRY')
  })
})

describe('sessions of NAT64', () => {
  const flow = {
    inside: '2001:db8::5',
    insidePort: 1234,
    outside: '192.0.2.10',
    outsidePort: 2000,
    remote: '198.51.100.9',
    remotePort: 53,
    vrfId: 0,
    proto: 17,
  }

  it('are bound for as long as there are any', () => {
    const { nat64 } = newModel()
    expect(() => nat64.open(flow)).toThrow('NO_SUCH_ENTRY')
    nat64.addAddresses(['192.0.2.10'], 0xffff_ffff)
    const sessions = [53, 54].map((remotePort) => nat64.open({ ...flow, remotePort }))
    expect(nat64.bindings).toMatchObject([{ inside: '2001:db8::5', isStatic: false }])
    for (const session of sessions) nat64.close(session)
    expect(nat64.bindings).toEqual([])

    const { remote: _, remotePort: __, ...binding } = flow
    nat64.addBinding(binding)
    nat64.open(flow)
    nat64.removeAddresses(['192.0.2.10'])
    expect([nat64.sessions, nat64.bindings]).toMatchObject([[], [{ isStatic: true }]])
    nat64.open(flow)
    nat64.removeBinding(binding)
    expect(nat64.sessions).toEqual([])
  })

  it.each([
    ['64:ff9b::/96', '64:ff9b::c633:6409'],
    ['2001:db8::/32', '2001:db8:c633:6409::'],
    ['2001:db8:c0::/40', '2001:db8:c6:3364:9::'],
    ['2001:db8:c0::/48', '2001:db8:c0:c633:64:900::'],
    ['2001:db8:c0:de00::/56', '2001:db8:c0:dec6:33:6409::'],
    ['2001:db8:c0:de::/64', '2001:db8:c0:de:c6:3364:900:0'],
  ])('with the other end in %s', (prefix, remote6) => {
    const { nat64 } = newModel()
    nat64.addAddresses(['192.0.2.10'], 0xffff_ffff)
    nat64.addPrefix(prefix, 0)
    expect(nat64.open({ ...flow, vrfId: 5 }).remote6).toBe(remote6)
  })
})
