import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { releases } from '@vpp-ts/api-json'
import { beforeAll, afterAll, describe, expect, it } from 'vitest'
import { ROOT } from './compile.ts'

const BIN = join(ROOT, 'generator/bin/binapi-gen.js')
const RELEASES = releases()
const NEWEST = RELEASES.at(-1) ?? ''
/** A checkout of VPP's newest commit. */
const SOURCE = process.env['VPP_SOURCE']

/** A program as people write them: clients in an object, in a class, in variables, and passed on. */
const PROGRAM = {
  'src/clients.ts': `import { AfXdpClient } from '@vpp-ts/binapi-af-xdp'
import { HttpStaticClient } from '@vpp-ts/binapi-http-static'
import { IpClient } from '@vpp-ts/binapi-ip'
import type { VppConnection } from '@vpp-ts/runtime'

export interface Clients {
  readonly ip: IpClient
  readonly ports: AfXdpClient
  readonly web: HttpStaticClient
}

export function clientsOf(vpp: VppConnection): Clients {
  const ip = new IpClient(vpp)
  return { ip, ports: new AfXdpClient(vpp), web: new HttpStaticClient(vpp) }
}
`,
  'src/edge.ts': `import { IpClient, type IpPuntPoliceReply } from '@vpp-ts/binapi-ip'
import type { VppConnection } from '@vpp-ts/runtime'
import { clientsOf, type Clients } from './clients.js'

const port = { namespace: 'edge', rxqNum: 2 }

export class Edge {
  readonly #clients: Clients
  readonly #ip: IpClient

  constructor(vpp: VppConnection) {
    this.#clients = clientsOf(vpp)
    this.#ip = new IpClient(vpp)
  }

  async start(): Promise<number> {
    const { ip, ports, web } = this.#clients
    const { swIfIndex } = await ports.afXdpCreateV2({ ...port, hostIf: 'eth0' })
    await addRoute(ip, swIfIndex)
    await web.httpStaticEnable({ wwwRoot: '/srv/www', uri: 'tcp://0.0.0.0/80' })
    return swIfIndex
  }

  async police(policerIndex: number): Promise<IpPuntPoliceReply> {
    return this.#ip.ipPuntPolice({ policerIndex })
  }
}

async function addRoute(ip: IpClient, swIfIndex: number): Promise<void> {
  await ip.ipRouteAddDel({ route: { prefix: '10.0.0.0/8', paths: [{ swIfIndex }] } })
  await ip.ipPuntPolice({ policerIndex: 1 })
}
`,
}

/** What has become of it in 26.06. */
const MIGRATED = {
  'src/clients.ts': `import { AfXdpClient } from '@vpp-ts/binapi-af-xdp'
import { HttpStaticClient } from '@vpp-ts/binapi-http-static'
import { IpClient } from '@vpp-ts/binapi-ip'
import { PolicerClient } from '@vpp-ts/binapi-policer'
import type { VppConnection } from '@vpp-ts/runtime'

export interface Clients {
  readonly ip: IpClient
  readonly policerClient: PolicerClient
  readonly ports: AfXdpClient
  readonly web: HttpStaticClient
}

export function clientsOf(vpp: VppConnection): Clients {
  const ip = new IpClient(vpp)
  const policerClient = new PolicerClient(vpp)
  return { ip, policerClient, ports: new AfXdpClient(vpp), web: new HttpStaticClient(vpp) }
}
`,
  'src/edge.ts': `import { IpClient } from '@vpp-ts/binapi-ip'
import { type IpPuntPoliceReply, PolicerClient } from '@vpp-ts/binapi-policer'
import type { VppConnection } from '@vpp-ts/runtime'
import { clientsOf, type Clients } from './clients.js'

const port = { netns: 'edge', rxqNum: 2 }

export class Edge {
  readonly #clients: Clients
  readonly #ip: PolicerClient

  constructor(vpp: VppConnection) {
    this.#clients = clientsOf(vpp)
    this.#ip = new PolicerClient(vpp)
  }

  async start(): Promise<number> {
    const { ip, policerClient, ports, web } = this.#clients
    const { swIfIndex } = await ports.afXdpCreateV3({ ...port, hostIf: 'eth0' })
    await addRoute(ip, policerClient, swIfIndex)
    await web.httpStaticEnableV5({ wwwRoot: '/srv/www', uri: 'tcp://0.0.0.0/80' })
    return swIfIndex
  }

  async police(policerIndex: number): Promise<IpPuntPoliceReply> {
    return this.#ip.ipPuntPolice({ policerIndex })
  }
}

async function addRoute(ip: IpClient, policerClient: PolicerClient, swIfIndex: number): Promise<void> {
  await ip.ipRouteAddDel({ route: { prefix: '10.0.0.0/8', paths: [{ swIfIndex }] } })
  await policerClient.ipPuntPolice({ policerIndex: 1 })
}
`,
}

let folder: string

/** Puts the program of 24.10 into an empty folder. */
function writeProgram(): string {
  const place = mkdtempSync(join(tmpdir(), 'migrate-steps-'))
  mkdirSync(join(place, 'src'))
  for (const [path, text] of Object.entries(PROGRAM)) writeFileSync(join(place, path), text)
  writeFileSync(join(place, '.prettierrc'), '{ "semi": false, "singleQuote": true, "printWidth": 110 }')
  const compilerOptions = {
    strict: true,
    module: 'nodenext',
    target: 'es2022',
    noEmit: true,
    noUnusedLocals: true,
  }
  writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }))
  return place
}

function migrate(from: string, to: string, cwd: string, ...args: readonly string[]): string {
  const place = (name: string) => (RELEASES.includes(name) ? join(ROOT, 'api-json', name) : name)
  const run = ['migrate', '--from', place(from), '--to', place(to), ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...run], { cwd, encoding: 'utf8' })
  expect([stderr, status]).toEqual([args.includes('--dry-run') ? stderr : '', 0])
  return stdout + stderr
}

function programIn(place: string): Record<string, string> {
  return Object.fromEntries(
    Object.keys(PROGRAM).map((path) => [path, readFileSync(join(place, path), 'utf8')]),
  )
}

beforeAll(() => {
  folder = writeProgram()
})

afterAll(() => rmSync(folder, { recursive: true }))

describe('a program of 24.10, one release after the other', () => {
  it.each(RELEASES.slice(1).map((to, index) => [RELEASES[index] ?? '', to] as const))(
    'from %s to %s compiles',
    (from, to) => {
      expect(migrate(from, to, folder, 'src')).toContain('the program compiles as it did before')
    },
  )

  it('has become what it was to become, and a second time changes nothing', () => {
    expect(programIn(folder)).toEqual(MIGRATED)
    expect(migrate(RELEASES.at(-2) ?? '', NEWEST, folder, 'src', '--dry-run')).toContain('0 files to change')
  })

  it('becomes the same in one go', () => {
    const place = writeProgram()
    try {
      expect(migrate('24.10', NEWEST, place, 'src')).toContain('the program compiles as it did before')
      expect(programIn(place)).toEqual(MIGRATED)
    } finally {
      rmSync(place, { recursive: true })
    }
  })

  it.skipIf(SOURCE === undefined)(
    `from ${NEWEST} to VPP's newest commit ${SOURCE === undefined ? '(skipped: no VPP_SOURCE)' : ''}`,
    () => {
      expect(migrate(NEWEST, SOURCE ?? '', folder, 'src')).toContain('the program compiles as it did before')
      expect(programIn(folder)).toEqual(MIGRATED)
    },
  )
})

describe.each(['agent/src', 'simulator/src'])('%s', (place) => {
  it.skipIf(SOURCE === undefined)(
    `needs nothing that migrate could do from ${NEWEST} to VPP's newest commit ${SOURCE === undefined ? '(skipped: no VPP_SOURCE)' : ''}`,
    // A whole program is checked twice.
    { timeout: 600_000 },
    () => {
      const log = migrate(NEWEST, SOURCE ?? '', ROOT, place, '--dry-run')
      expect(log).toContain('0 files to change')
      expect(log).toContain('the program compiles as it did before')
    },
  )
})
