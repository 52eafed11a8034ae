import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Starts the echo server, which does nothing but answer, so that the client is what is measured. */
export async function startEchoServer(program, ...args) {
  const folder = mkdtempSync(join(tmpdir(), 'vpp-ts-bench-'))
  const path = join(folder, 'api.sock')
  const child = spawn(program, ['-socket', path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return {
    name: 'echo',
    path,
    setup: () => {},
    restore: () => {},
    async close() {
      const exit = once(child, 'exit')
      child.stdin.end()
      await exit
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
