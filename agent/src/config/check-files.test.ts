import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkFiles } from './check-files.ts'
import { AgentConfigError, readAgentConfig } from './read-config.ts'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vpp-ts-config-'))
  for (const name of ['one', 'two']) {
    const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`]
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-subj',
        '/CN=x',
        ...files,
      ],
      { cwd: folder, stdio: 'ignore' },
    )
  }
  await writeFile(join(folder, 'garbage'), 'not a certificate\n')
  await writeFile(
    join(folder, 'damaged.pem'),
    '-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n',
  )
  await writeFile(join(folder, 'short'), 'secret7\n')
  await writeFile(join(folder, 'empty'), '\n')
})

afterAll(() => rm(folder, { recursive: true }))

/** Fields and messages of what is wrong. */
async function problemsOf(text: string): Promise<string[]> {
  const file = join(folder, 'agent.yaml')
  await writeFile(file, `${text}\ninstances: [{ name: vpp }]\n`)
  const error: unknown = await readAgentConfig(file)
    .then(checkFiles)
    .catch((caught: unknown) => caught)
  if (error === undefined) return []
  if (!(error instanceof AgentConfigError)) throw error
  expect(error.message).not.toContain('secret7')
  expect(error.problems.every((problem) => problem.file === file)).toBe(true)
  return error.problems.map(({ field, message }) => `${field}: ${message.replaceAll(`${folder}/`, '')}`)
}

describe('files that a configuration names', () => {
  it('that can be used are taken', async () => {
    expect(
      await problemsOf(`store: { kind: etcd, endpoints: ['https://e:2379'], ca: one.pem, cert: one.pem, key: one.key }
rest: { tls: { cert: two.pem, key: two.key, client-ca: one.pem } }`),
    ).toEqual([])
  })

  it('that are missing or garbage are told with their fields, all of them', async () => {
    expect(
      await problemsOf(`store: { kind: etcd, endpoints: ['https://e:2379'], ca: none.pem, username: u, password-file: empty }
rest: { token-file: short, tls: { cert: garbage, key: garbage, client-ca: damaged.pem } }`),
    ).toEqual([
      'store.password-file: empty: is empty; it should hold the password',
      'store.ca: none.pem: does not exist',
      expect.stringMatching(/^rest\.token-file: short: token: 7 characters/),
      expect.stringMatching(/^rest\.tls\.cert: garbage: has no PEM certificate/),
      'rest.tls.key: garbage: is not an unencrypted PEM private key',
      'rest.tls.client-ca: damaged.pem: certificate 1 in it is damaged',
    ])
  })

  it('that do not belong together are told', async () => {
    expect(await problemsOf('rest: { tls: { cert: one.pem, key: two.key } }')).toEqual([
      'rest.tls.key: is not the key of the certificate in rest.tls.cert',
    ])
  })

  it('halves of pairs, keys of no use, and a store without a kind', async () => {
    expect(await problemsOf('rest: { tls: { cert: one.pem } }')).toEqual([
      'rest.tls.key: is missing: a certificate and its key are needed together',
    ])
    const etcd = (more: string): string => `store: { kind: etcd, endpoints: ['http://e:2379'], ${more} }`
    expect(await problemsOf(etcd('username: u'))).toEqual([
      'store.password-file: is missing: username requires it',
    ])
    expect(await problemsOf(etcd('ca: one.pem'))).toEqual([
      expect.stringMatching(/^store\.endpoints: .*https/),
    ])
    expect(await problemsOf('store: { path: somewhere }')).toEqual([])
  })
})
