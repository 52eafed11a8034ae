import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ROOT } from '../generator/compile.ts'
import { run } from '../linux/child.ts'

const VERDACCIO = join(ROOT, '.cache/engines/verdaccio/node_modules/.bin/verdaccio')

/** Why no registry can be started here; undefined when one can. */
export function withoutRegistry(): string | undefined {
  if (existsSync(VERDACCIO)) return undefined
  return 'verdaccio is not installed in .cache/engines/verdaccio (.ci/run does that)'
}

/** A registry of npm packages on loopback; packages that are not ours come from the one that npm is set to. */
export class Registry implements AsyncDisposable {
  readonly url: string
  /** Environment in which npm uses it and may publish. */
  readonly env: NodeJS.ProcessEnv
  readonly #process: ChildProcess

  private constructor(url: string, env: NodeJS.ProcessEnv, process: ChildProcess) {
    this.url = url
    this.env = env
    this.#process = process
  }

  /** @param folder an empty folder, for all that is kept */
  static async start(folder: string): Promise<Registry> {
    mkdirSync(folder, { recursive: true })
    const port = await freePort()
    const upstream = (await run('npm', ['config', 'get', 'registry'])).stdout.trim()
    const config = {
      storage: join(folder, 'storage'),
      uplinks: { npm: { url: upstream } },
      packages: {
        '@vpp-ts/*': { access: '$all', publish: '$all' },
        '**': { access: '$all', publish: '$all', proxy: 'npm' },
      },
      max_body_size: '100mb',
      listen: `127.0.0.1:${port}`,
      log: { type: 'stdout', format: 'json', level: 'warn' },
    }
    writeFileSync(join(folder, 'config.yaml'), JSON.stringify(config))
    const child = spawn(VERDACCIO, ['--config', join(folder, 'config.yaml')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: child.stdout })
    for await (const line of lines) if (line.includes('http address')) break
    child.stdout.resume()
    const url = `http://127.0.0.1:${port}`
    // npm wants a token before it publishes; this registry takes any.
    const npmrc = join(folder, 'npmrc')
    writeFileSync(npmrc, `registry=${url}\n//127.0.0.1:${port}/:_authToken=any\nupdate-notifier=false\n`)
    // Under npm, variables of these names are set already, and count more than the file.
    const env = {
      NPM_CONFIG_USERCONFIG: npmrc,
      npm_config_registry: url,
      npm_config_cache: join(folder, 'cache'),
    }
    return new Registry(url, env, child)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill()
    if (this.#process.exitCode === null) await once(this.#process, 'exit')
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
