import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { IpClient } from '@vpp-ts/binapi-ip'
import { VppConnection } from '@vpp-ts/runtime'
import { expect, it, vi } from 'vitest'
import { run, type Ran } from './commands.ts'
import { temporaryFolder } from './managed.ts'
import { Program } from './processes.ts'
import { writeConfig } from './served.ts'

/** What comes about by itself. */
const SOON = { timeout: 60_000, interval: 100 }

/** A VPP that is there as long as the test. */
export interface OperatedVpp extends AsyncDisposable {
  /** Path of the API socket. */
  readonly path: string
}

/** An agent as a process, and an operator of it. */
export class Operator implements AsyncDisposable {
  readonly #folder: { readonly path: string } & AsyncDisposable
  readonly #config: string
  readonly #vpp: VppConnection
  #agent: Program
  #url = ''

  private constructor(
    folder: { readonly path: string } & AsyncDisposable,
    config: string,
    vpp: VppConnection,
  ) {
    this.#folder = folder
    this.#config = config
    this.#vpp = vpp
    this.#agent = Program.agent('--config', config)
  }

  static async start(socketPath: string): Promise<Operator> {
    const folder = await temporaryFolder()
    const vpp = await VppConnection.connect(socketPath)
    const operator = new Operator(folder, writeConfig(folder.path, socketPath), vpp)
    await operator.#started()
    return operator
  }

  async #started(): Promise<void> {
    await this.#agent.line((line) => line.includes('"msg":"started"'))
    for (const line of this.#agent.output.split('\n')) {
      const { msg, url } = JSON.parse(line) as { msg?: string; url?: string }
      if (msg === 'REST' && url !== undefined) this.#url = url
    }
    await vi.waitFor(async () => expect(await this.run('status')).toMatchObject({ err: '' }), SOON)
    await vi.waitFor(async () => expect((await this.run('status')).out).toContain('connected'), SOON)
  }

  /** Ends the agent as the kernel would that runs out of memory. */
  async kill(): Promise<void> {
    await this.#agent.kill('SIGKILL')
  }

  async again(): Promise<void> {
    this.#agent = Program.agent('--config', this.#config)
    await this.#started()
  }

  /** Writes what the router should be. @returns the path of the file */
  file(address: string, more = ''): string {
    const path = join(this.#folder.path, 'router.yaml')
    rmSync(path, { force: true })
    writeFileSync(path, `- { kind: interface, type: loopback, name: lan, addresses: [${address}] }\n${more}`)
    return path
  }

  run(...args: string[]): Promise<Ran> {
    return run([...args, '--server', this.#url, '--timeout', '60s'])
  }

  /** Addresses of interfaces by the names that the agent gave them, as VPP itself tells. */
  async addresses(): Promise<Record<string, string[]>> {
    const found: Record<string, string[]> = {}
    const interfaces = await new InterfaceClient(this.#vpp).swInterfaceDump({}).toArray()
    for (const { swIfIndex, tag } of interfaces) {
      const name = tag.split('/').at(-1)
      if (name === undefined || name === '') continue
      const dump = new IpClient(this.#vpp).ipAddressDump({ swIfIndex, isIpv6: false })
      found[name] = (await dump.toArray()).map(({ prefix }) => String(prefix))
    }
    return found
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.kill('SIGTERM')
    await this.#vpp.close()
    await this.#folder[Symbol.asyncDispose]()
  }
}

/** What an operator relies on when a change goes wrong. */
export function operated(start: () => Promise<OperatedVpp>): void {
  it('a change that nobody confirms goes back by itself, one that is confirmed stays', async () => {
    await using vpp = await start()
    await using operator = await Operator.start(vpp.path)
    expect((await operator.run('apply', operator.file('192.0.2.1/24'))).code).toBe(0)
    expect(await operator.addresses()).toEqual({ lan: ['192.0.2.1/24'] })

    const plan = await operator.run('plan', operator.file('198.51.100.1/24'))
    expect([plan.code, await operator.addresses()]).toEqual([2, { lan: ['192.0.2.1/24'] }])
    const applied = await operator.run('apply', '--confirm', '8s', operator.file('198.51.100.1/24'))
    expect([applied.code, applied.err]).toEqual([0, ''])
    expect(applied.out).toMatch(/is undone in \d+ s/)
    // The session is lost: no confirm comes.
    await vi.waitFor(async () => expect(await operator.addresses()).toEqual({ lan: ['192.0.2.1/24'] }), SOON)
    expect((await operator.run('history')).out).toContain('revision 2 undone: not confirmed in time')
    expect((await operator.run('confirm')).code).toBe(1)

    await operator.run('apply', '--confirm', '10m', operator.file('203.0.113.1/24'))
    expect((await operator.run('confirm')).code).toBe(0)
    expect(await operator.addresses()).toEqual({ lan: ['203.0.113.1/24'] })
    expect((await operator.run('plan', operator.file('203.0.113.1/24'))).code).toBe(0)
  })

  it('a wrong change is undone by a rollback', async () => {
    await using vpp = await start()
    await using operator = await Operator.start(vpp.path)
    const more = '- { kind: interface, type: loopback, name: dmz, addresses: [198.51.100.1/24] }\n'
    expect((await operator.run('apply', operator.file('192.0.2.1/24', more))).code).toBe(0)
    const before = await operator.addresses()
    // Somebody forgets half of it.
    expect((await operator.run('apply', operator.file('192.0.2.99/24'))).code).toBe(0)
    expect(await operator.addresses()).toEqual({ lan: ['192.0.2.99/24'] })
    const back = await operator.run('rollback')
    expect([back.code, back.err]).toEqual([0, ''])
    expect(await operator.addresses()).toEqual(before)
    expect((await operator.run('plan')).code).toBe(0)
  })

  it('an agent that is killed between apply and confirm goes back when it is there again', async () => {
    await using vpp = await start()
    await using operator = await Operator.start(vpp.path)
    expect((await operator.run('apply', operator.file('192.0.2.1/24'))).code).toBe(0)
    expect((await operator.run('apply', '--confirm', '20s', operator.file('198.51.100.1/24'))).code).toBe(0)
    await operator.kill()
    expect(await operator.addresses()).toEqual({ lan: ['198.51.100.1/24'] })
    await operator.again()
    await vi.waitFor(async () => expect(await operator.addresses()).toEqual({ lan: ['192.0.2.1/24'] }), SOON)
    await vi.waitFor(async () => expect((await operator.run('status')).code).toBe(0), SOON)
    expect((await operator.run('history')).out).toContain('revision 2 undone: not confirmed in time')
  })
}
