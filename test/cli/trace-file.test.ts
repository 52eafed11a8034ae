import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Simulator } from '@vpp-ts/simulator'
import { build } from '../linux/child.ts'
import { lines, vppTs } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'vpp-ts-trace-'))
const path = join(folder, 'api.trace')
let simulator: Simulator
beforeAll(async () => {
  build('cli')
  simulator = await Simulator.start()
  writeFileSync(path, trace())
})
afterAll(async () => {
  await simulator.close()
  rmSync(folder, { recursive: true })
})

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** What VPP writes for `api trace save`, in a table of four ids below 128. */
function trace(): Buffer {
  const table = [
    'show_version_51077d14',
    'create_loopback_42bb5d22',
    'sw_interface_dump_00000000',
    'sockclnt_create_455fb9c4',
  ]
  const entries = table.flatMap((name, id) => [
    Buffer.from([id * 2 + 1, name.length * 2 + 1]),
    Buffer.from(name),
  ])
  const names = Buffer.concat([u32(table.length), ...entries])
  const request = (id: number, ...fields: number[]) =>
    Buffer.concat([Buffer.from([0, id]), u32(1), u32(77), Buffer.from(fields)])
  const messages = [request(0), request(1, 2, 0, 0, 0, 0, 7), request(2), request(99), request(3)]
  const records = messages.flatMap((message) => [u32(message.length), message])
  return Buffer.concat([u32(messages.length), u32(names.length), Buffer.from([1]), names, ...records])
}

const run = (...args: string[]) => vppTs(['-s', simulator.path, 'trace', ...args])

describe('vpp-ts trace FILE', () => {
  it('prints the messages, and says why it cannot read some', async () => {
    const { status, stdout, stderr } = await run(path)
    expect([status, stderr]).toEqual([0, 'vpp-ts: the trace was full: older messages are not in it\n'])
    const [first, second, third, fourth] = lines(stdout)
    expect(first).toMatch(/ 0 show_version \(context 77, 10 bytes\)$/)
    expect(second).toMatch(/ 1 create_loopback \(context 77, 16 bytes\) mac_address=02:00:00:00:00:07$/)
    expect(third).toMatch(
      / 2 sw_interface_dump \(10 bytes\) \(its CRC is 00000000, that of the definitions [0-9a-f]{8}\)$/,
    )
    expect(fourth).toMatch(/ 3 message 99 \(10 bytes\) \(the trace does not name it\)$/)
  })

  it('prints them as JSON, with bytes', async () => {
    const { stdout } = await run(path, '-o', 'ndjson', '--bytes')
    expect(JSON.parse(lines(stdout)[1] ?? '')).toEqual({
      index: 1,
      message: 'create_loopback',
      crc: '42bb5d22',
      context: 77,
      size: 16,
      bytes: '0x0001000000010000004d020000000007',
      fields: { mac_address: '02:00:00:00:00:07' },
    })
  })

  it('sends what it can again', async () => {
    const asked = simulator.requests.next('create_loopback')
    const { status, stdout } = await run(path, '--replay')
    expect(status).toBe(0)
    expect((await asked).request).toMatchObject({ macAddress: '02:00:00:00:00:07' })
    expect(lines(stdout).map((line) => line.replace(/ \(.*/, '').trim())).toEqual([
      '0 show_version: done',
      '1 create_loopback: done',
      '2 sw_interface_dump: skipped',
      '3 message 99: skipped',
      '4 sockclnt_create: skipped',
    ])
  })

  it('ends with exit code 1 when VPP refuses one', async () => {
    simulator.faults.add({ message: 'create_loopback', effect: { kind: 'retval', retval: -1 } })
    const { status, stdout, stderr } = await run(path, '--replay', '-o', 'ndjson')
    expect(status).toBe(1)
    expect(JSON.parse(lines(stdout)[1] ?? '')).toMatchObject({ index: 1, result: 'failed' })
    expect(stderr).toContain('1 of 5 messages failed')
  })

  it.each([
    [['./no-such-file'], 2, /cannot read .\/no-such-file/],
    [[join(folder, 'api.trace'), 'a=1'], 2, /takes no fields/],
    [['show_version', '--replay'], 2, /--replay takes a file/],
    [['/etc/hostname'], 1, /\/etc\/hostname: this is not a whole API trace: at byte \d+/],
  ])('refuses %j', async (args, code, reason) => {
    const { status, stderr } = await run(...args)
    expect([status, stderr]).toEqual([code, expect.stringMatching(reason)])
  })
})
