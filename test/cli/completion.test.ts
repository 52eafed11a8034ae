import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Simulator } from '@vpp-ts/simulator'
import { build, run } from '../linux/child.ts'
import { lines, vppTs } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'vpp-ts-complete-'))
let simulator: Simulator
beforeAll(async () => {
  build('cli')
  simulator = await Simulator.start()
  symlinkSync(fileURLToPath(new URL('../../cli/bin/vpp-ts.js', import.meta.url)), join(folder, 'vpp-ts'))
})
afterAll(async () => {
  await simulator.close()
  rmSync(folder, { recursive: true })
})

const complete = async (...words: string[]) =>
  lines((await vppTs(['complete', '--', '-s', simulator.path, ...words])).stdout).filter((it) => it !== '')

describe('candidates', () => {
  it.each([
    [['che'], ['checks']],
    [
      ['call', 'create_loop'],
      ['create_loopback', 'create_loopback_instance'],
    ],
    [['dump', 'call', 'x'], []],
    [['dump', 'sw_interface_d'], ['sw_interface_dump']],
    [['watch', 'sw_interface_'], ['sw_interface_event']],
    [
      ['call', 'ip_route_add_del', 'i'],
      ['is_add=', 'is_multipath='],
    ],
    [['call', 'ip_route_add_del', 'ro'], ['route.']],
    [['call', 'ip_route_add_del', 'route.pa'], ['route.paths[0].']],
    [
      ['call', 'ip_route_add_del', 'route.paths[0].nh.address.'],
      ['route.paths[0].nh.address.ip4=', 'route.paths[0].nh.address.ip6='],
    ],
    [
      ['call', 'ip_route_add_del', 'is_add='],
      ['is_add=true', 'is_add=false'],
    ],
    [['call', 'sw_interface_set_flags', 'sw_if_index=l'], ['sw_if_index=local0']],
    [['call', 'sw_interface_set_flags', 'flags=IF_STATUS_API_FLAG_L'], ['flags=IF_STATUS_API_FLAG_LINK_UP']],
    [['call', 'sw_interface_set_flags', 'nonsense.'], []],
    [
      ['watch', 'sw_interface_event', ''],
      ['enable_disable=', 'pid='],
    ],
    [['--out'], ['--output']],
    [['-o', 'nd'], ['ndjson']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['dump', '--ne'], ['--newest']],
  ])('%j', async (words, expected) => {
    expect(await complete(...words)).toEqual(expected)
  })

  it('are fewer without a VPP, and no error', async () => {
    const { stdout, stderr, status } = await vppTs(['complete', '--', '-s', '/none', 'call', ''])
    expect([stdout, stderr, status]).toEqual(['', '', 0])
  })
})

describe('the script for bash', () => {
  /** What bash offers for a line, the cursor at its end. */
  async function offered(line: string): Promise<string[]> {
    const script = `
      source <(vpp-ts completion bash)
      COMP_LINE=$1 COMP_POINT=\${#1}
      compopt() { :; }
      _vpp_ts vpp-ts
      printf '%s\\n' "\${COMPREPLY[@]}"`
    const env = { PATH: `${folder}:${process.env['PATH']}`, VPP_API_SOCKET: simulator.path }
    const { stdout, stderr } = await run('bash', ['-c', script, 'bash', line], env)
    expect(stderr).toBe('')
    return lines(stdout)
  }

  it('completes messages and fields; behind = only what follows it', async () => {
    expect(await offered('vpp-ts call create_loopback_')).toEqual(['create_loopback_instance'])
    expect(await offered('vpp-ts call ip_route_add_del is_')).toEqual(['is_add=', 'is_multipath='])
    expect(await offered('vpp-ts call ip_route_add_del is_add=t')).toEqual(['true'])
    expect(await offered('vpp-ts dump ')).toContain('sw_interface_dump')
  })

  it('quotes what it inserts, and goes on from there', async () => {
    expect(await offered('vpp-ts call ip_route_add_del route.pa')).toEqual(['route.paths\\[0\\].'])
    expect(await offered('vpp-ts call ip_route_add_del route.paths\\[0\\].nh.v')).toEqual([
      'route.paths\\[0\\].nh.via_label=',
    ])
    expect(await offered("vpp-ts call ip_route_add_del 'route.paths[0].nh.v")).toEqual([
      'route.paths[0].nh.via_label=',
    ])
    simulator.model.interfaces.add({ name: 'a $(touch /tmp/x); b', devType: 'Loopback' })
    expect(await offered('vpp-ts call sw_interface_set_flags sw_if_index=a')).toEqual([
      'a\\ \\$\\(touch\\ /tmp/x\\)\\;\\ b',
    ])
  })
})
