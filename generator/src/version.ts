import { versionOf } from '@vpp-ts/command'

/** Version of the generator, from its package. */
export function generatorVersion(): string {
  return versionOf(new URL('../package.json', import.meta.url))
}
