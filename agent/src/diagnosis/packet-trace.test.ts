import { array, assert, constantFrom, property, string } from 'fast-check'
import { expect, it } from 'vitest'
import { stepsOf, type TraceLine } from './packet-trace.ts'

it('steps of a packet come with their lines, as far in as they are', () => {
  const text = [
    '',
    '00:00:07:123456: virtio-input',
    '  virtio: hw_if_index 1 next-index 4',
    '    hdr: flags 0x00',
    '      deeper 1',
    '    other 2',
    '00:00:07:123460: ip4-lookup',
    '  fib 0 dpo-idx 3 flow hash: 0x00000000',
    '  ICMP: 192.0.2.1 -> 192.0.2.2',
    '    tos 0x00, ttl 64',
  ].join('\n')
  expect(stepsOf(text)).toEqual([
    {
      at: '00:00:07:123456',
      node: 'virtio-input',
      lines: [
        {
          text: 'virtio: hw_if_index 1 next-index 4',
          lines: [
            { text: 'hdr: flags 0x00', lines: [{ text: 'deeper 1', lines: [] }] },
            { text: 'other 2', lines: [] },
          ],
        },
      ],
    },
    {
      at: '00:00:07:123460',
      node: 'ip4-lookup',
      lines: [
        { text: 'fib 0 dpo-idx 3 flow hash: 0x00000000', lines: [] },
        { text: 'ICMP: 192.0.2.1 -> 192.0.2.2', lines: [{ text: 'tos 0x00, ttl 64', lines: [] }] },
      ],
    },
  ])
})

it('other forms of time are taken, and text without a step is left out', () => {
  expect(stepsOf('Packet 1\n1733000000.123456: error-drop\n rx:loop0')).toEqual([
    { at: '1733000000.123456', node: 'error-drop', lines: [{ text: 'rx:loop0', lines: [] }] },
  ])
  expect(stepsOf('2026-12-01T03:04:05.000006: a b')).toMatchObject([{ node: 'a b' }])
  expect(stepsOf('')).toEqual([])
})

it('no line of a step is lost, whatever its indentation', () => {
  const line = array(constantFrom(' ', '  ', '    ', 'x', 'y:')).map((parts) => `${parts.join('')}z`)
  const count = (lines: readonly TraceLine[]): number =>
    lines.reduce((sum, it) => sum + 1 + count(it.lines), 0)
  assert(
    property(array(line), string(), (lines, any) => {
      const steps = stepsOf(`0: n\n${lines.map((it) => ` ${it}`).join('\n')}`)
      expect(count(steps[0]?.lines ?? [])).toBe(lines.length)
      stepsOf(any)
    }),
  )
})
