import { expect, it } from 'vitest'
import { CallingClient } from '../../simulator/src/testing/calling-client.ts'
import type { ContractTarget } from './target.ts'

/** Messages by name as they came, with what they say. */
type Told = [name: string, fields: Record<string, unknown>]

/** The order of replies and events on the wire, which no client library shows. */
export function orderSuite(target: () => ContractTarget): void {
  it('sends events after the replies that caused them, one for each interface and round', async () => {
    await using client = await CallingClient.connect(target().path)
    await client.retval('want_interface_events', { enableDisable: 1, pid: 7 })
    const { swIfIndex } = await client.call('create_loopback')
    expect(await client.event('sw_interface_event')).toMatchObject({ swIfIndex, flags: 0, deleted: false })

    const fields = { swIfIndex, flags: 1 }
    expect(await client.retval('sw_interface_set_flags', fields)).toBe(0)
    expect(await client.event('sw_interface_event')).toMatchObject({ swIfIndex, flags: 3, pid: 7 })

    // Three requests in one write: three replies, and then one event that says what went up meanwhile.
    client.sendTogether([
      ['sw_interface_set_flags', { swIfIndex, flags: 0 }],
      ['sw_interface_set_flags', { swIfIndex, flags: 1 }],
      ['sw_interface_set_flags', { swIfIndex, flags: 0 }],
    ])
    const told = await messages(client, 4)
    expect(told.map(([name]) => name)).toEqual([
      ...Array.from({ length: 3 }, () => 'sw_interface_set_flags_reply'),
      'sw_interface_event',
    ])
    expect(told[3]?.[1]).toMatchObject({ swIfIndex, flags: 3 })

    expect(await client.retval('delete_loopback', { swIfIndex })).toBe(0)
    expect(await client.event('sw_interface_event')).toMatchObject({ swIfIndex, flags: 0, deleted: true })
    expect(await client.raw.untilPing()).toEqual([])
  })
}

async function messages(client: CallingClient, count: number): Promise<Told[]> {
  const told: Told[] = []
  while (told.length < count) {
    const body = await client.raw.next()
    const name = client.nameOf(body)
    told.push([name, client.decode(name, body)])
  }
  return told
}
