import { X509Certificate, createPrivateKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { guardProblem } from '@vpp-ts/http/internal'
import { AgentConfigError, type AgentConfig, type AgentConfigProblem } from './read-config.ts'

const BEGIN = '-----BEGIN CERTIFICATE-----'

/** A file that a configuration names. */
interface NamedFile {
  /** Path of the field, as in `rest.tls.cert`. */
  readonly field: string
  readonly path: string
  /** @throws Error saying what is wrong with the content; it never quotes it */
  check(content: Buffer): void
}

/**
 * Reads all files that a configuration names: certificates, keys, tokens, passwords.
 * @throws AgentConfigError naming the field of every file that cannot be read or used
 */
export async function checkFiles(config: AgentConfig): Promise<void> {
  const problems: AgentConfigProblem[] = []
  const contents = new Map<string, Buffer>()
  for (const { field, path, check } of filesOf(config)) {
    try {
      const content = await readFile(path)
      contents.set(field, content)
      check(content)
    } catch (error) {
      problems.push({ file: config.file, field, message: `${path}: ${messageOf(error)}` })
    }
  }
  if (problems.length === 0)
    problems.push(...strangers(config, contents), ...sameTokens(config.file, contents))
  if (problems.length > 0) throw new AgentConfigError(problems)
}

function messageOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'does not exist'
  return code === undefined || !code.startsWith('E') ? message : `cannot be read: ${message}`
}

function filesOf({ store, rest, metrics }: AgentConfig): NamedFile[] {
  const files: NamedFile[] = []
  const add = (field: string, path: string | undefined, check: NamedFile['check']): void => {
    if (path !== undefined) files.push({ field, path, check })
  }
  if (store.kind === 'etcd') {
    add('store.password-file', store['password-file'], checkPassword)
    add('store.ca', store.ca, checkCertificates)
    add('store.cert', store.cert, checkCertificates)
    add('store.key', store.key, checkKey)
  }
  for (const [name, served] of Object.entries({ rest, metrics })) {
    if (served === false) continue
    add(`${name}.token-file`, served['token-file'], checkToken)
    if ('read-token-file' in served) {
      add(`${name}.read-token-file`, served['read-token-file'], checkToken)
    }
    add(`${name}.tls.cert`, served.tls?.cert, checkCertificates)
    add(`${name}.tls.key`, served.tls?.key, checkKey)
    add(`${name}.tls.client-ca`, served.tls?.['client-ca'], checkCertificates)
  }
  return files
}

function checkPassword(content: Buffer): void {
  if (content.toString('utf8').trim() === '') throw new Error('is empty; it should hold the password')
}

function checkToken(content: Buffer): void {
  const problem = guardProblem({ token: content.toString('utf8').trim() })
  if (problem !== undefined) throw new Error(problem)
}

function checkCertificates(content: Buffer): void {
  const parts = content.toString('latin1').split(BEGIN).slice(1)
  if (parts.length === 0) throw new Error(`has no PEM certificate ("${BEGIN}")`)
  for (const [at, part] of parts.entries()) {
    try {
      void new X509Certificate(BEGIN + part)
    } catch {
      throw new Error(`certificate ${at + 1} in it is damaged`)
    }
  }
}

function checkKey(content: Buffer): void {
  try {
    createPrivateKey(content)
  } catch {
    throw new Error('is not an unencrypted PEM private key')
  }
}

/** A token for readers that is that of operators. */
function sameTokens(file: string, contents: ReadonlyMap<string, Buffer>): AgentConfigProblem[] {
  const [token, other] = ['rest.token-file', 'rest.read-token-file'].map((field) =>
    contents.get(field)?.toString('utf8').trim(),
  )
  if (token === undefined || token !== other) return []
  return [{ file, field: 'rest.read-token-file', message: 'has the token of rest.token-file; use another' }]
}

/** Certificates that belong to another key. */
function strangers(
  { file, store }: AgentConfig,
  contents: ReadonlyMap<string, Buffer>,
): AgentConfigProblem[] {
  const sections = ['rest.tls', 'metrics.tls', ...(store.kind === 'etcd' ? ['store'] : [])]
  return sections.flatMap((section) => {
    const [cert, key] = [contents.get(`${section}.cert`), contents.get(`${section}.key`)]
    if (cert === undefined || key === undefined) return []
    if (new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) return []
    return [
      { file, field: `${section}.key`, message: `is not the key of the certificate in ${section}.cert` },
    ]
  })
}
