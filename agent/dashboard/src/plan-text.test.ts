import { describe, expect, it } from 'vitest'
import { changeLine, type PlannedChange } from './plan-text.ts'

function change(given: Partial<PlannedChange>): PlannedChange {
  return {
    action: 'update',
    kind: 'interface',
    key: 'lan',
    item: { kind: 'interface', key: 'lan' },
    fields: [],
    waitsFor: null,
    refusedBecause: null,
    ...given,
  }
}

describe('a planned change in words', () => {
  it('says what differs', () => {
    const fields = [
      { field: 'mtu', from: 9000, to: 1500 },
      { field: 'mac', from: null, to: '02:00:00:00:00:01' },
    ]
    expect(changeLine(change({ fields }))).toBe(
      '~ interface lan  mtu: 9000 → 1500, mac: none → 02:00:00:00:00:01',
    )
  })

  it('says nothing of marks that people cannot read', () => {
    const fields = [
      { field: 'type', from: null, to: 'loopback' },
      { field: 'fingerprint', from: null, to: 'a1b2c3' },
      { field: 'tagged', from: null, to: true },
      { field: 'addresses', from: null, to: [] },
    ]
    expect(changeLine(change({ action: 'create', fields }))).toBe('+ interface lan  type: loopback')
    const other = [{ field: 'fingerprint', from: 'a1b2c3', to: 'd4e5f6' }]
    expect(changeLine(change({ action: 'replace', fields: other }))).toBe(
      '~ interface lan is deleted and made again  made with other settings',
    )
  })

  it('says nothing of what the item leaves as it is', () => {
    const fields = [
      { field: 'mtu', from: 9000, to: 1500 },
      { field: 'mac', from: '02:00:00:00:00:01', to: null },
    ]
    expect(changeLine(change({ fields }))).toBe('~ interface lan  mtu: 9000 → 1500')
  })

  it('says what keeps it', () => {
    expect(changeLine(change({ action: 'create', waitsFor: 'interface "wan"' }))).toBe(
      '+ interface lan  (waits for interface "wan")',
    )
    expect(changeLine(change({ action: 'delete', refusedBecause: 'VPP is full' }))).toBe(
      '- interface lan  (VPP is full)',
    )
  })
})
