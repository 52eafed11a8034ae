import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './managed.ts'
import { Prometheus, hasPrometheus } from './prometheus.ts'
import { ask, serve } from './served.ts'

const PROMTOOL = '/usr/bin/promtool'
const hasPromtool = existsSync(PROMTOOL)
if (!hasPromtool) console.info(`${PROMTOOL} is not there (Debian package prometheus): nothing is linted`)

const RULES = fileURLToPath(new URL('../../agent/prometheus/alerts.yml', import.meta.url))
const DASHBOARD = new URL('../../agent/grafana/dashboard.json', import.meta.url)

async function promtool(args: readonly string[], input = ''): Promise<{ code: unknown; output: string }> {
  const child = spawn(PROMTOOL, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end(input)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code: code as unknown, output: stdout + stderr }
}

async function scraped(): Promise<string> {
  await using served = await serve()
  const { counters } = served
  counters.addInterface('local0')
  const wan = counters.addInterface('Gigabit"Ethernet0/8/0')
  counters.counter('rx').add(1, wan, 9n, 900n)
  counters.nodeCounter('calls').set(0, counters.addNode('ip4-lookup'), 10n)
  counters.errorCounter.set(0, counters.addError('ip4-input', 'ip4 ttl <= 1'), 3n)
  counters.addHeap('main heap', { total: 1000n, used: 400n })
  counters.addBufferPool('default-numa-0', { cached: 1n, used: 2n, available: 3n })
  await served.ask('POST', '/routes?wait=true', { prefix: '10.0.0.0/8', drop: true })
  await served.ask('POST', '/resync')
  const answer = await ask(served.metrics)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ])
  return answer.text
}

describe('metrics', () => {
  it('VPP, its API and the agent are told, with the name of the instance', async () => {
    const text = await scraped()
    expect(text).toContain('vpp_up{instance_name="one"} 1\n')
    expect(text).toMatch(
      /^vpp_interface_receive_packets_total\{instance_name="one",interface="Gigabit\\"Ethernet0\/8\/0",.*\} 9$/m,
    )
    for (const family of [
      'vpp_node_calls_total',
      'vpp_errors_total',
      'vpp_heap_bytes',
      'vpp_buffers',
      'vpp_vector_rate',
      'vpp_api_requests_total',
      'vpp_agent_leader',
      'vpp_agent_last_resync_timestamp_seconds',
      'process_resident_memory_bytes',
    ]) {
      expect(text.match(new RegExp(`^# TYPE ${family} `, 'gm')), family).toHaveLength(1)
      expect(text, family).toMatch(new RegExp(`^${family}[{ ]`, 'm'))
    }
    expect(text).toContain('vpp_agent_items{instance_name="one",state="applied"} 1\n')
    expect(text).toContain('vpp_interface_admin_up{instance_name="one",interface="local0"} 0\n')
    expect(text).toContain(
      'vpp_interface_info{instance_name="one",interface="local0",item="",tag="",lcp=""} 1\n',
    )
    expect(text).toMatch(/^vpp_agent_changes_applied_total\{instance_name="one",type="apply"\} 1$/m)
    // The one at the start, and the one that was asked for.
    expect(text).toMatch(/^vpp_agent_runs_total\{instance_name="one",type="resync"\} 2$/m)
  })

  it('how long calls take is told by message and outcome', async () => {
    await using served = await serve()
    await served.ask('POST', '/routes?wait=true', { prefix: '10.0.0.0/8', drop: true })
    const { connection } = served.agent.instance('one')
    const { requests } = connection.metrics
    // VPP has no such interface.
    const interfaces = new InterfaceClient(connection)
    await expect(interfaces.swInterfaceSetFlags({ swIfIndex: 4711 })).rejects.toThrow()
    expect(connection.metrics.requests).toBe(requests + 1)
    const { text } = await ask(served.metrics)
    const labels = 'instance_name="one",message="ip_route_add_del_v2",outcome="ok"'
    const name = 'vpp_api_call_duration_seconds'
    expect(text.match(new RegExp(`^# TYPE ${name} histogram$`, 'gm'))).toHaveLength(1)
    expect(text).toContain(`${name}_count{${labels}} 1\n`)
    expect(text).toContain(`${name}_bucket{${labels},le="+Inf"} 1\n`)
    const refused = 'instance_name="one",message="sw_interface_set_flags",outcome="VPP_API_ERROR"'
    expect(text).toContain(`${name}_count{${refused}} 1\n`)
  })

  it('a VPP that was never there is down', async () => {
    await using served = await serve({
      instance: { govpp: { 'binapi-socket-path': '/nowhere/api', 'stats-socket-path': '/nowhere/stats' } },
    })
    const { text } = await ask(served.metrics)
    expect(text).toContain('vpp_up{instance_name="one"} 0\n')
    expect(text).toContain('vpp_agent_connected{instance_name="one"} 0\n')
  })

  it('several VPPs are told apart, each family told once', async () => {
    await using served = await serve({ more: ['two'] })
    served.counters.addInterface('local0')
    let text = ''
    // A scrape does not wait for stats that are slow to come; the next one has them.
    while (text.match(/^vpp_interface_receive_packets_total\{/gm)?.length !== 2) {
      ;({ text } = await ask(served.metrics))
    }
    for (const name of ['vpp_up', 'vpp_interface_receive_packets_total', 'vpp_agent_connected']) {
      expect(text.match(new RegExp(`^# HELP ${name} `, 'gm')), name).toHaveLength(1)
      for (const instance of ['one', 'two']) {
        expect(text).toMatch(new RegExp(`^${name}\\{instance_name="${instance}"`, 'm'))
      }
    }
  })

  it.runIf(hasPromtool)('promtool has nothing to say', async () => {
    expect(await promtool(['check', 'metrics'], await scraped())).toEqual({ code: 0, output: '' })
  })
})

describe('what reads metrics', () => {
  it.runIf(hasPromtool)('the alert rules are valid', async () => {
    const { code, output } = await promtool(['check', 'rules', RULES])
    expect([code, output]).toEqual([0, expect.stringContaining('SUCCESS')])
  })

  it.runIf(hasPromtool)(
    'the alert of slow calls fires for those above a second, after ten minutes',
    async () => {
      await using folder = await temporaryFolder()
      /** One call in ten takes `slow` seconds at most, the others a millisecond; for twenty minutes. */
      const buckets = (instance: string, slow: string): object[] =>
        ['0.001', '0.1', '1', '5', '+Inf'].map((le) => ({
          series: `vpp_api_call_duration_seconds_bucket{instance_name="${instance}",message="show_version",le="${le}"}`,
          values: le !== '+Inf' && Number(le) < Number(slow) ? '0+90x20' : '0+100x20',
        }))
      const test = {
        rule_files: [RULES],
        evaluation_interval: '1m',
        tests: [
          {
            interval: '1m',
            input_series: [...buckets('slow', '5'), ...buckets('quick', '0.1')],
            alert_rule_test: [
              { eval_time: '9m', alertname: 'VppApiSlow', exp_alerts: [] },
              {
                eval_time: '19m',
                alertname: 'VppApiSlow',
                exp_alerts: [
                  {
                    exp_labels: { severity: 'warning', instance_name: 'slow' },
                    exp_annotations: { summary: 'VPP slow takes 4.6s to answer 1 % of calls' },
                  },
                ],
              },
            ],
          },
        ],
      }
      const file = join(folder.path, 'test.json')
      writeFileSync(file, JSON.stringify(test))
      expect(await promtool(['test', 'rules', file])).toMatchObject({ code: 0 })
    },
  )

  it('alerts and dashboard name no family that there is not', async () => {
    const text = await scraped()
    const families = new Set(Array.from(text.matchAll(/^# TYPE (\S+)/gm), ([, name]) => name))
    const dashboard = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as { panels: { targets?: unknown[] }[] }
    expect(dashboard.panels.length).toBeGreaterThan(5)
    // Of these there is a series only when something has failed.
    families.add('vpp_api_failures_total')
    // Of these only with a watched folder, and with a link whose speed is known.
    for (const name of ['source_ok', 'source_problems']) families.add(`vpp_agent_${name}`)
    families.add('vpp_interface_speed_bits_per_second')
    const used = `${readFileSync(RULES, 'utf8')}${JSON.stringify(dashboard.panels)}`
    const named = Array.from(used.matchAll(/\b(?:vpp|process)_[a-z0-9_]+/g), ([name]) =>
      name.replace(/_bucket$/, ''),
    )
    expect(named.filter((name) => !families.has(name))).toEqual([])
  })

  it.runIf(hasPrometheus)(
    'a real Prometheus answers every query of both, and finds something for those of the dashboard',
    { timeout: 180_000 },
    async () => {
      await using folder = await temporaryFolder()
      writeFileSync(join(folder.path, 'a.yaml'), '- { kind: interface, type: loopback, name: lan }\n')
      await using served = await serve({ instance: { watch: folder.path } })
      const { counters } = served
      counters.addInterface('local0')
      const loop = counters.addInterface('loop0')
      counters.counter('rx').add(0, loop, 9n, 900n)
      counters.counter('drops').add(0, loop, 1n)
      const node = counters.addNode('ip4-lookup')
      for (const name of ['calls', 'vectors', 'clocks'] as const) counters.nodeCounter(name).set(0, node, 10n)
      counters.errorCounter.set(0, counters.addError('ip4-input', 'ip4 ttl <= 1'), 3n)
      counters.addHeap('main heap', { total: 1000n, used: 400n })
      counters.addBufferPool('default-numa-0', { cached: 1n, used: 2n, available: 3n })
      await served.agent.instance('one').settled()
      await using prometheus = await Prometheus.start(new URL(served.metrics))
      // Two scrapes make a rate.
      await prometheus.until('count_over_time(vpp_interface_info{interface="loop0"}[1m]) > 2')

      const dashboard = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as {
        panels: { title: string; targets?: { expr: string }[] }[]
        templating: { list: { query: unknown }[] }
      }
      const asked = dashboard.panels.flatMap(({ title, targets = [] }) =>
        targets.map(({ expr }) => ({ title, expr: filled(expr) })),
      )
      expect(asked.length).toBeGreaterThan(20)
      for (const { title, expr } of asked) {
        const found = await prometheus.query(expr)
        // Nothing has failed, and loopbacks have no speed.
        const empty = expr.includes('vpp_api_failures_total') || expr.includes('speed_bits')
        expect([title, expr, found > 0 || empty]).toEqual([title, expr, true])
      }
      const labels = JSON.stringify(dashboard.templating).matchAll(
        /label_values\(([a-z_]+)[^,]*, ([a-z_]+)\)/g,
      )
      for (const [, family, label] of labels) {
        expect([family, await prometheus.query(`count by (${label}) (${family})`)]).not.toEqual([family, 0])
      }
      const { groups } = parse(readFileSync(RULES, 'utf8')) as {
        groups: { rules: { alert: string; expr: string }[] }[]
      }
      const firing: string[] = []
      for (const { alert, expr } of groups.flatMap(({ rules }) => rules)) {
        if ((await prometheus.query(expr)) > 0) firing.push(alert)
      }
      // The simulated VPP's heartbeat stands still, and its loopback that is "up" without a link would too.
      expect(firing.filter((alert) => alert !== 'VppStuck')).toEqual([])
    },
  )
})

/** A query of the dashboard with its variables filled in. */
function filled(expr: string): string {
  return expr.replaceAll('$__rate_interval', '1m').replaceAll(/\$(vpp|interface)\b/g, '.*')
}
