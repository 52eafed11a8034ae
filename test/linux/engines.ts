import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where `.ci/run` installs the npm packages `node` (one folder a major), `bun` and `deno`. */
const cache = fileURLToPath(new URL('../../.cache/engines', import.meta.url))

/** Every Node to test with: this one, and those that are installed for it. */
export function nodes(): { name: string; path: string }[] {
  const installed = (existsSync(cache) ? readdirSync(cache) : [])
    .filter((name) => name.startsWith('node'))
    .map((name) => ({ name, path: engine(name, 'node') }))
    .filter(({ path }) => path !== undefined) as { name: string; path: string }[]
  return [{ name: `node ${process.versions.node}`, path: process.execPath }, ...installed]
}

/** Path of an engine's program, or undefined when it is not installed. */
export function engine(folder: string, program: string): string | undefined {
  const path = join(cache, folder, 'node_modules', '.bin', program)
  return existsSync(path) ? path : undefined
}
