import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { build, run } from '../linux/child.ts'
import { publishSample, SocketFolder } from './fixture.ts'

const bin = fileURLToPath(new URL('../../stats/bin/vpp-ts-stats.js', import.meta.url))
const folder = new SocketFolder()
const { publisher, vpp } = publishSample(folder.socket)
vpp.counter('rx').set(1, 1, 2n ** 60n, 500n)
vpp.errorCounter.set(1, 0, 9n)
vpp.nodeCounter('calls').set(0, 0, 4n)
vpp.nodeCounter('vectors').set(0, 0, 10n)

beforeAll(() => build('stats'))
afterAll(() => {
  publisher.close()
  folder[Symbol.dispose]()
})

const command = (...args: string[]) => run(process.execPath, [bin, '--socket', folder.socket, ...args])
const lines = (text: string) => text.trimEnd().split('\n')

test('ls lists index, type and name', async () => {
  const { stdout, status } = await command('ls', '^/sys/(heartbeat|input_rate)$', '/interfaces/loop0/rx$')
  expect(status).toBe(0)
  expect(lines(stdout).map((line) => line.trim().split(/\s+/).slice(1))).toEqual([
    ['type', 'name'],
    ['scalar', '/sys/heartbeat'],
    ['gauge', '/sys/input_rate'],
    ['symlink', '/interfaces/loop0/rx'],
  ])
})

test('dump prints what has counted, in JSON exactly', async () => {
  const text = await command('dump', '^/if/rx$', '^/err/ip4')
  expect(lines(text.stdout)).toEqual([
    `/if/rx[1][1] ${2n ** 60n} packets 500 bytes`,
    '/err/ip4-input/ip4 ttl <= 1[1] 9',
  ])
  const json = await command('--json', 'dump', '^/if/rx$')
  expect(JSON.parse(json.stdout)).toMatchObject({
    name: '/if/rx',
    type: 'combined',
    packets: [
      [0, 0, 0],
      [0, String(2n ** 60n), 0],
      [0, 0, 0],
    ],
  })
  const zeros = await command('dump', '--zeros', '^/interfaces/loop0/drops$')
  expect(lines(zeros.stdout)).toHaveLength(3)
})

test("--influx is InfluxDB's line protocol", async () => {
  const { stdout, status } = await command('dump', '--influx', '^/if/rx$', '^/err/ip4', '^/sys/input_rate$')
  expect(status).toBe(0)
  expect(lines(stdout).map((line) => line.replace(/ \d{19}$/, ' TIME'))).toEqual([
    'vpp,entry=/sys/input_rate value=12345i TIME',
    `vpp,entry=/if/rx,index=1,thread=1 packets=${2n ** 60n}i,bytes=500i TIME`,
    String.raw`vpp,entry=/err/ip4-input/ip4\ ttl\ <\=\ 1,index=0,thread=1 value=9i TIME`,
  ])
})

test('interfaces, nodes and errors are tables or JSON', async () => {
  const interfaces = await command('interfaces')
  expect(lines(interfaces.stdout)[2]?.split(/\s+/).slice(0, 4)).toEqual([
    'GigabitEthernet0/8/0',
    '1',
    String(2n ** 60n),
    '500',
  ])
  const nodes = await command('nodes')
  expect(lines(nodes.stdout)).toHaveLength(2)
  expect(nodes.stdout).toMatch(/ip4-lookup\s+4\s+10\s+0\s+0\s+2\.50/)
  expect(lines((await command('nodes', '--all')).stdout)).toHaveLength(3)
  const errors = await command('--json', 'errors')
  expect(JSON.parse(errors.stdout)).toEqual({
    node: 'ip4-input',
    reason: 'ip4 ttl <= 1',
    count: 9,
    threads: [0, 9, 0],
  })
  const perThread = lines((await command('--json', 'interfaces', '--per-thread')).stdout)
  expect((JSON.parse(perThread[1] ?? '') as { threads: unknown[] }).threads).toHaveLength(3)
})

test('top shows interfaces and nodes together', async () => {
  const { stdout, status } = await command('top', '--count', '2', '--interval', '0.05')
  expect(status).toBe(0)
  expect(stdout.match(/^VPP up .* 2 workers, input 12\.3k packets\/s/gm)).toHaveLength(2)
  expect(stdout).toMatch(/^GigabitEthernet0\/8\/0 +0 +0/m)
  expect(stdout).toMatch(/^ip4-lookup +0 +0 +- +0$/m)
})

/** Starts the command, waits until its output has what is expected, then stops it as Ctrl-C does. */
async function until(args: string[], expected: RegExp, then?: (output: string) => Promise<void>) {
  const child = spawn(process.execPath, [bin, '--socket', folder.socket, ...args])
  let output = ''
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (expected.test(output)) resolve()
    })
    child.on('exit', () => reject(new Error(`ended with ${output}`)))
  })
  await then?.(output)
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve))
  child.kill('SIGINT')
  return exit
}

test('poll, watch and serve run until they are stopped, and end well', async () => {
  expect(
    await until(['poll', '--interval', '0.05', '^/sys/heartbeat$'], /(# .*\n\/sys\/heartbeat 1\n){3}/),
  ).toBe(0)
  expect(await until(['interfaces', '--watch', '0.05'], /(interface [^]*loop0[^]*){2}/)).toBe(0)
  const code = await until(['serve', '--port', '0'], /metrics of .* at http:\S+\n/, async (output) => {
    const answer = await fetch(/http:\S+/.exec(output)?.[0] ?? '')
    expect(await answer.text()).toContain('\nvpp_up 1\n')
  })
  expect(code).toBe(0)
})

test('failures say what to do and have their exit codes', async () => {
  const away = await run(process.execPath, [bin, '--socket', '/nowhere.sock', '--timeout', '0.1', 'ls'])
  expect(away).toMatchObject({ status: 3, stdout: '' })
  expect(away.stderr).toMatch(/^vpp-ts-stats: \/nowhere\.sock: there is no such socket; is VPP running/)
  expect(await command('poll', '--interval', 'soon')).toMatchObject({ status: 2 })
  expect(await command('dump', '(')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("'(' is not a regular expression") as string,
  })
  expect(await command('--help')).toMatchObject({ status: 0, stderr: '' })
})
