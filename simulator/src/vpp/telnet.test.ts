import { describe, expect, it } from 'vitest'
import { TelnetReader } from './telnet.ts'
import type { TelnetInput } from './telnet.ts'

const TERMINAL = Buffer.from([255, 250, 24, 0, ...Buffer.from('vppctl'), 255, 240])
const WILL_ECHO = Buffer.from([255, 251, 1])
const NO_OPERATION = Buffer.from([255, 241])
const INPUT = Buffer.concat([
  WILL_ECHO,
  TERMINAL,
  Buffer.from('show version\n\0'),
  NO_OPERATION,
  Buffer.from('quit\n'),
])

function read(chunks: readonly Buffer[]): TelnetInput[] {
  const reader = new TelnetReader()
  return chunks.flatMap((chunk) => reader.push(chunk))
}

function textOf(inputs: readonly TelnetInput[]): string {
  return inputs.map((input) => (input.kind === 'text' ? input.text : '')).join('')
}

describe('telnet', () => {
  it('tells text from commands, wherever the bytes are cut', () => {
    for (let cut = 0; cut <= INPUT.length; cut++) {
      const inputs = read([INPUT.subarray(0, cut), INPUT.subarray(cut)])
      expect(textOf(inputs)).toBe('show version\n\0quit\n')
      expect(inputs.filter(({ kind }) => kind === 'terminal')).toEqual([{ kind: 'terminal', name: 'vppctl' }])
    }
  })

  it('waits for the end of a command', () => {
    const reader = new TelnetReader()
    for (const byte of TERMINAL.subarray(0, -1)) expect(reader.push(Buffer.of(byte))).toEqual([])
    expect(reader.push(Buffer.of(240))).toHaveLength(1)
  })
})
