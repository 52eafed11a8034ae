import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { RULES } from '../../agent/src/checks/finding.ts'
import { run as runCommand } from './commands.ts'
import { temporaryFolder } from './managed.ts'
import { serve } from './served.ts'
import { setUp } from './set-up-by-cli.ts'

const GUIDE = fileURLToPath(new URL('../../docs/agent-offline.md', import.meta.url))
const FILES: Readonly<Record<string, string>> = {
  'interfaces.yaml': `items:
  - kind: interface
    type: existing
    name: GigabitEthernet0/8/0
    linkMtu: 1500
    addresses: [192.0.2.1/24]
  - kind: interface
    type: vlan
    name: guests
    parent: GigabitEthernet0/8/0
    vlan: 20
    mtu: 9000
    addresses: [192.0.2.129/25]
`,
  'rules.yaml': `items:
  - kind: acl
    name: guests
    rules:
      - { action: permit, destination: 10.0.0.0/8 }
      - { action: deny, destination: 10.1.0.0/16 }
    ingress: [gests]
  - kind: vrf
    id: red
`,
}

/** A terminal: the lines that were typed, each with what came. */
async function terminal(...lines: readonly (readonly string[])[]): Promise<string> {
  let text = ''
  for (const [typed = '', ...args] of lines) {
    const { out, err, code } = await runCommand(args)
    text += `$ ${typed}\n${out}${err}${code === 0 ? '' : `(ends with ${code})\n`}`
  }
  return `\n\n\`\`\`console\n${text}\`\`\`\n\n`
}

it('the guide shows what the commands write', async () => {
  await using folder = await temporaryFolder()
  const items = join(folder.path, 'items')
  mkdirSync(items)
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(items, name), text)
  await using served = await serve({ prepare: setUp })
  const server = ['--server', served.url]
  const logs: Readonly<Record<string, string>> = {
    check: await terminal(['vpp-ts-agent check items', 'check', items]),
    explain: await terminal(
      ['vpp-ts-agent explain route.paths[].weight', 'explain', 'route.paths[].weight'],
      ['vpp-ts-agent explain neighbour', 'explain', 'neighbour'],
    ),
    dump: await terminal(
      ['vpp-ts-agent dump --kind acl,neighbour,nat44', 'dump', ...server, '--kind', 'acl,neighbour,nat44'],
      [
        'vpp-ts-agent dump --kind acl,neighbour,nat44 --adopt > router.yaml',
        'dump',
        ...server,
        '--kind',
        'acl,neighbour,nat44',
        '--adopt',
      ],
    ),
  }
  const rules = Object.entries(RULES).map(([code, what]) => `| \`${code}\` | ${what} |`)
  const table = `\n\n<!-- prettier-ignore-start -->\n\n| Code | What it finds |\n| --- | --- |\n${rules.join('\n')}\n\n<!-- prettier-ignore-end -->\n\n`
  const guide = readFileSync(GUIDE, 'utf8')
  let written = guide.replace(
    /(<!-- rules -->)[^]*?(<!-- \/rules -->)/,
    (_, a: string, b: string) => a + table + b,
  )
  for (const [name, log] of Object.entries(logs)) {
    const text = log.replaceAll(served.url, 'http://127.0.0.1:9191').replaceAll(items, 'items')
    // What was written above is not written once more.
    const shown = text.replace(/(> router\.yaml\n)# yaml[^]*?\n(?=\d+ items are)/, '$1')
    expect(guide).toContain(`<!-- log ${name} -->`)
    written = written.replace(
      new RegExp(`(<!-- log ${name} -->)[^]*?(<!-- /log -->)`),
      (_, a: string, b: string) => a + shown + b,
    )
  }
  if (process.env['VPP_TS_WRITE_DOCS'] === '1') writeFileSync(GUIDE, written)
  else expect(guide).toBe(written)
})
