import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AgentConfigError, readAgentConfig, type AgentConfig } from './read-config.ts'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vpp-ts-config-'))
})

afterAll(() => rm(folder, { recursive: true }))

async function read(text: string): Promise<AgentConfig> {
  const file = join(folder, 'agent.yaml')
  await writeFile(file, text)
  return await readAgentConfig(file)
}

async function problemsOf(text: string): Promise<string[]> {
  const error: unknown = await read(text).catch((caught: unknown) => caught)
  if (!(error instanceof AgentConfigError)) throw error
  return error.problems.map(({ field }) => field)
}

describe('the configuration file', () => {
  it('needs but the name of an instance', async () => {
    const config = await read('instances: [{ name: vpp }]')
    expect(config).toMatchObject({
      store: { kind: 'lmdb', path: '/var/lib/vpp-ts-agent' },
      'lease-ttl': 5000,
      rest: { address: '127.0.0.1', port: 9191 },
      metrics: { address: '127.0.0.1', port: 9090 },
      log: { level: 'info' },
    })
    expect(config.instances[0]?.govpp).toMatchObject({
      socketPath: '/run/vpp/api.sock',
      resyncAfterReconnect: true,
    })
  })

  it('takes paths from its folder, and keys of govpp.conf from another file', async () => {
    await writeFile(join(folder, 'govpp.conf'), 'resync-after-reconnect: false\nreply-timeout: 2s\n')
    const config = await read(`
store: { kind: lmdb, path: state }
rest: { token-file: token, address: 0.0.0.0 }
metrics: false
instances:
  - { name: a, govpp-file: govpp.conf, watch: items }
  - { name: b, govpp: { binapi-socket-path: /run/b.sock } }`)
    expect(config.store).toEqual({ kind: 'lmdb', path: join(folder, 'state') })
    expect(config.rest).toMatchObject({ 'token-file': join(folder, 'token') })
    expect(config.metrics).toBe(false)
    expect(config.instances[0]).toMatchObject({
      watch: join(folder, 'items'),
      govpp: { resyncAfterReconnect: false, options: { timeout: 2000 } },
    })
    expect(config.instances[1]?.govpp.socketPath).toBe('/run/b.sock')
  })

  it.each([
    ['instances: []', ['instances']],
    ['{}', ['instances']],
    ['instances: [{ name: a }, { name: a }]', ['instances']],
    ['instances: [{ name: "a/b" }]', ['instances.0.name']],
    ['instances: [{ name: a, colour: red }]', ['instances.0.colour']],
    ['instances: [{ name: a, govpp: { reply-timeout: soon } }]', ['instances.0.govpp.reply-timeout']],
    ['instances: [{ name: a, govpp: {}, govpp-file: x }]', ['instances.0.govpp-file']],
    ['instances: [{ name: a }]\nlease-ttl: 5', ['lease-ttl']],
    ['instances: [{ name: a }]\nrest: { address: 0.0.0.0 }', ['rest.address']],
    ['instances: [{ name: a }]\nrest: { address: 127.0.0.1, port: 70000 }', ['rest.port']],
    ['instances: [{ name: a }]\nstore: { kind: etcd, endpoints: [localhost] }', ['store.endpoints.0']],
    ['instances: [', ['']],
  ])('%j is refused for %j', async (text, fields) => {
    expect(await problemsOf(text)).toEqual(fields)
  })

  it('says which file cannot be read', async () => {
    await expect(readAgentConfig(join(folder, 'none.yaml'))).rejects.toThrow(/none\.yaml: cannot be read/)
  })
})
