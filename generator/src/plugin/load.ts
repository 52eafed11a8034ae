import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { GeneratorError, reasonOf } from '../errors.ts'
import { http } from './http.ts'
import type { Plugin } from './plugin.ts'
import { rpc } from './rpc.ts'
import { zod } from './zod.ts'

/** Plugins that come with the generator. */
const BUILT_IN: readonly Plugin[] = [rpc, http, zod]

/**
 * Plugins by the names of `--gen`: a list with commas, `none` for no plugin.
 * @throws GeneratorError `BINAPI_USAGE` for a name that is not known
 */
export function builtInPlugins(names: string): Plugin[] {
  const wanted = names.split(',').map((name) => name.trim())
  return wanted
    .filter((name) => name !== '' && name !== 'none')
    .map((name) => {
      const plugin = BUILT_IN.find((candidate) => candidate.name === name)
      if (plugin !== undefined) return plugin
      const known = BUILT_IN.map((candidate) => candidate.name).join(', ')
      throw new GeneratorError(
        'BINAPI_USAGE',
        `no plugin "${name}" comes with the generator (${known}, none): name a file of your own with --plugin`,
      )
    })
}

/** A file by its path; else a package, as the project in the working directory has it installed. */
function locate(path: string): string {
  const isPackage = /^(?:@[\w.-]+\/)?[a-z][\w.-]*$/.test(path) && !existsSync(path)
  if (!isPackage) return pathToFileURL(resolve(path)).href
  return pathToFileURL(createRequire(resolve('package.json')).resolve(path)).href
}

/**
 * Loads a plugin from a file, or a package, that exports it as `plugin`, or by default.
 * @throws GeneratorError `BINAPI_PLUGIN` when it cannot be loaded or exports none
 */
export async function loadPlugin(path: string): Promise<Plugin> {
  let exported: { readonly plugin?: unknown; readonly default?: unknown }
  try {
    exported = (await import(locate(path))) as typeof exported
  } catch (error) {
    throw new GeneratorError('BINAPI_PLUGIN', `cannot load plugin "${path}": ${reasonOf(error)}`, {
      cause: error,
    })
  }
  const plugin = exported.plugin ?? exported.default
  if (isPlugin(plugin)) return plugin
  throw new GeneratorError(
    'BINAPI_PLUGIN',
    `"${path}" exports no plugin: export const plugin = { name: 'my-plugin', module(context) { … } }`,
  )
}

function isOptionalFunction(part: unknown): boolean {
  return part === undefined || typeof part === 'function'
}

function isPlugin(value: unknown): value is Plugin {
  if (typeof value !== 'object' || value === null) return false
  const { name, module, all } = value as Record<string, unknown>
  const works = isOptionalFunction(module) && isOptionalFunction(all) && (module ?? all) !== undefined
  return typeof name === 'string' && works
}
