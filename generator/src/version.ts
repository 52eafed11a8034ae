import { readFileSync } from 'node:fs'

/** Version of the generator, from its package. */
export function generatorVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}
