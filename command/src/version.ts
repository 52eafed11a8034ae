import { readFileSync } from 'node:fs'

/**
 * Version of the package that a module belongs to.
 * @param manifest URL of its `package.json`, as `new URL('../package.json', import.meta.url)`
 */
export function versionOf(manifest: URL): string {
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }
  return version
}
