import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Simulator, addLoopback, makePath } from '@vpp-ts/simulator'
import { build } from '../linux/child.ts'
import { lines, start, vppTs } from './command.ts'

const ROUTES = 20_000

let simulator: Simulator
beforeAll(async () => {
  build('cli')
  simulator = await Simulator.start()
  addLoopback(simulator.model.interfaces)
  for (let i = 0; i < ROUTES; i++) {
    simulator.model.fib.add(0, `20.${i >> 8}.${i & 255}.0/24`, [makePath({ type: 2 })])
  }
})
afterAll(() => simulator.close())

const run = (...args: string[]) => vppTs(['--socket', simulator.path, ...args])

describe('vpp-ts dump', () => {
  it('prints a table without the columns that say nothing', async () => {
    const { stdout, status } = await run('dump', 'sw_interface_dump')
    expect(status).toBe(0)
    const [title, local, loopback] = lines(stdout)
    expect(title?.split(/\s{2,}/).filter((it) => it !== '')).toContain('interface_name')
    expect(title).not.toContain('vtr_tag1')
    expect(local).toContain('local0')
    expect(loopback).toContain('loop0')
    expect(lines((await run('dump', 'sw_interface_dump', '--all')).stdout)[0]).toContain('vtr_tag1')
    expect((await run('dump', 'memif_dump')).stdout).toBe('none\n')
  })

  it('prints the fields that were asked for, nested ones by path', async () => {
    const table = await run('dump', 'ip_table_dump', '--fields', 'table.name,table.table_id')
    expect(lines(table.stdout)).toEqual([
      'table.name  table.table_id',
      'ipv4-VRF:0               0',
      'ipv6-VRF:0               0',
    ])
    const json = await run('dump', 'ip_table_dump', '--fields', 'table.name', '-o', 'ndjson')
    expect(lines(json.stdout).map((line) => JSON.parse(line) as unknown)).toEqual([
      { 'table.name': 'ipv4-VRF:0' },
      { 'table.name': 'ipv6-VRF:0' },
    ])
    const wrong = await run('dump', 'ip_table_dump', '--fields', 'nonsense')
    expect(wrong.status).toBe(2)
    expect(wrong.stderr).toMatch(/there is no column nonsense\ncolumns: table\.table_id/)
  })

  it('prints JSON, lines of JSON and YAML', async () => {
    const expected = [
      { table: { table_id: 0, is_ip6: false, name: 'ipv4-VRF:0' } },
      { table: { table_id: 0, is_ip6: true, name: 'ipv6-VRF:0' } },
    ]
    expect(JSON.parse((await run('dump', 'ip_table_dump', '-o', 'json')).stdout)).toEqual(expected)
    const nd = lines((await run('dump', 'ip_table_dump', '--output', 'ndjson')).stdout)
    expect(nd.map((line) => JSON.parse(line) as unknown)).toEqual(expected)
    expect((await run('dump', 'ip_table_dump', '-o', 'yaml')).stdout).toMatch(/^- table:\n {4}table_id: 0\n/)
    expect((await run('dump', 'memif_dump', '-o', 'json')).stdout).toBe('[]\n')
  })

  it('prints the details of a paged get', async () => {
    await using paged = await Simulator.start({ pageSize: 3 })
    paged.on('map_domains_get', () => Array.from({ length: 10 }, (_, domainIndex) => ({ domainIndex })))
    const { stdout } = await vppTs(['-s', paged.path, 'dump', 'map_domains_get', '-o', 'ndjson'])
    expect(lines(stdout)).toHaveLength(10)
  })

  it('prints everything into a pipe, and ends quietly when its reader goes', async () => {
    const all = await run('dump', 'ip_route_v2_dump', '-o', 'ndjson', '--fields', 'route.prefix')
    expect(lines(all.stdout).length).toBeGreaterThanOrEqual(ROUTES)
    const cut = start(['-s', simulator.path, 'dump', 'ip_route_v2_dump', '-o', 'ndjson'])
    await cut.until('prefix')
    cut.closeOutput()
    expect(await cut.ended).toMatchObject({ status: 0, signal: null, stderr: '' })
  })

  it('has colours only where they are wanted', async () => {
    const args = ['--socket', simulator.path, 'dump', 'ip_table_dump']
    expect((await vppTs(args)).stdout).not.toContain('\u001B')
    expect((await vppTs(args, { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001B[1m')
    const both = { FORCE_COLOR: '1', NO_COLOR: '1' }
    expect((await vppTs(args, { env: both })).stdout).not.toContain('\u001B')
  })

  it('lets no control character of a name through', async () => {
    await using hostile = await Simulator.start()
    hostile.on('sw_interface_dump', () => [
      { swIfIndex: 1, interfaceName: 'a\u001B[2Jb\u0007', tag: '\u009B1m\u202E' },
    ])
    for (const format of ['table', 'json', 'ndjson', 'yaml']) {
      const { stdout } = await vppTs(['-s', hostile.path, 'dump', 'sw_interface_dump', '-o', format])
      expect(stdout, format).toContain('[2Jb')
      expect(stdout, format).not.toMatch(/[^\P{Cc}\n]|\u202E/u)
    }
  })
})
