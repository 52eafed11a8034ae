import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTraceFile } from './trace-file.ts'

/** A second, simpler writer: what VPP writes for numbers below 2^7 and 2^14, and beyond. */
function small(value: number): Buffer {
  if (value < 128) return Buffer.from([value * 2 + 1])
  const bytes = Buffer.alloc(value < 128 + 16384 ? 2 : 4)
  if (bytes.length === 2) bytes.writeUInt16LE((value - 128) * 4 + 2)
  else bytes.writeUInt32LE((value - 128 - 16384) * 8 + 4)
  return bytes
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function traceOf(
  table: readonly (readonly [number, string])[],
  messages: readonly Buffer[],
  wrapped = 0,
): Buffer {
  const names = table.flatMap(([id, text]) => [small(id), small(text.length), Buffer.from(text)])
  const tableBytes = Buffer.concat([u32(table.length), ...names])
  const records = messages.flatMap((message) => [u32(message.length), message])
  return Buffer.concat([
    u32(messages.length),
    u32(tableBytes.length),
    Buffer.from([wrapped]),
    tableBytes,
    ...records,
  ])
}

describe('a trace of VPP', () => {
  it('has its messages by name and CRC', () => {
    const message = Buffer.from([0x03, 0xe8, 0, 0, 0, 1, 0, 0, 0, 2])
    const trace = traceOf(
      [
        [7, 'show_version_51077d14'],
        [1000, 'a_name_of_over_1_word_0123abcd'],
        [20_000, 'x_00000000'],
      ],
      [message, Buffer.from([0, 7]), Buffer.from([0, 9])],
      1,
    )
    expect(readTraceFile(trace)).toEqual({
      wrapped: true,
      messages: [
        { name: 'a_name_of_over_1_word', crc: '0123abcd', id: 1000, bytes: message },
        { name: 'show_version', crc: '51077d14', id: 7, bytes: Buffer.from([0, 7]) },
        { name: undefined, crc: '', id: 9, bytes: Buffer.from([0, 9]) },
      ],
    })
  })

  it('has numbers of every length', () => {
    const ids = [0, 127, 128, 16_511, 16_512, 65_535]
    const trace = traceOf(
      ids.map((id) => [id, `m${id}_00000000`]),
      ids.map((id) => Buffer.from([id >> 8, id & 255])),
    )
    expect(readTraceFile(trace).messages.map(({ name }) => name)).toEqual(ids.map((id) => `m${id}`))
  })

  it('that is cut off anywhere is refused', () => {
    const whole = traceOf([[7, 'show_version_51077d14']], [Buffer.from([0, 7, 1, 2, 3])])
    for (let length = 0; length < whole.length; length++)
      expect(() => readTraceFile(whole.subarray(0, length)), String(length)).toThrow(
        /not a whole API trace: at byte/,
      )
    expect(() => readTraceFile(Buffer.concat([whole, Buffer.from([0])]))).toThrow('1 bytes follow')
    expect(() => readTraceFile(traceOf([], [Buffer.from([1])]))).toThrow('without an id')
    expect(() => readTraceFile(Buffer.from('[\n{}]'))).toThrow('as JSON')
  })

  it('that is anything else is refused or read, never more', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          readTraceFile(Buffer.from(bytes))
        } catch (error) {
          expect(error).toMatchObject({ code: 'CLI_FAILED' })
        }
      }),
    )
  })
})
