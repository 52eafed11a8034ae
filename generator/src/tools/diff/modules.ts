import type { SchemaModule } from '../../schema/module.ts'
import { change, gravest, type Change } from './change.ts'
import { beforeAfter, changedOptions } from './fields.ts'
import { match } from './match.ts'
import type { Difference } from './report.ts'
import type { Release } from './type-pairs.ts'

/** Compares what a module has beside messages, types and services. */
export function compareModules(before: Release, after: Release): Difference[] {
  const [old, now] = [before, after].map(({ catalog }) => [...catalog.schema.modules.values()])
  const found = match(
    old ?? [],
    now ?? [],
    ({ name }) => name,
    () => undefined,
  )
  return [
    ...found.pairs.map(([was, is]) => difference(is, compareModule(was, is))),
    // A file that is only imported may be the same as before: its types are compared where they are used.
    ...found.removed
      .filter(({ name }) => !after.catalog.isMissing(name))
      .map((module) =>
        difference(module, [change('removed', 'source', 'module removed', { before: module.name })]),
      ),
    ...found.added
      .filter(({ name }) => !before.catalog.isMissing(name))
      .map((module) => difference(module, [change('added', 'none', 'module added', { after: module.name })])),
  ].filter(({ changes }) => changes.length > 0)
}

function difference({ name }: SchemaModule, changes: readonly Change[]): Difference {
  return { name, module: name, impact: gravest(changes.map((item) => item.impact)) ?? 'compatible', changes }
}

function compareModule(old: SchemaModule, now: SchemaModule): Change[] {
  return [
    ...changedOptions(old.options, now.options).map(({ name, old: before, now: after }) =>
      change(
        name === 'version' ? 'version' : 'option',
        'none',
        `${name === 'version' ? 'version' : `option ${name}`}: ${before ?? 'none'} is now ${after ?? 'none'}`,
        { path: name, ...beforeAfter(before, after) },
      ),
    ),
    ...compareOrigin(old, now),
    ...compareSets('import', 'import', old.imports, now.imports, 'none'),
    ...compareSets('counter', 'counter', counterTexts(old), counterTexts(now), 'source'),
    ...compareSets('stats-path', 'stats path', pathTexts(old), pathTexts(now), 'source'),
  ]
}

/** What has become a plugin is missing in a VPP that does not load it. */
function compareOrigin(old: SchemaModule, now: SchemaModule): Change[] {
  const [before, after] = [originOf(old), originOf(now)]
  if (before === undefined || after === undefined || before === after || now.messages.length === 0) return []
  const text =
    after === 'plugins'
      ? `moved from VPP's core to a plugin: a VPP that does not load it lacks these messages`
      : `moved from a plugin to VPP's core`
  return [change('origin', after === 'plugins' ? 'source' : 'none', text, { before, after })]
}

/** Folder of a definition as VPP installs it; undefined where it lies in none of them. */
function originOf({ source }: SchemaModule): string | undefined {
  return /^(core|plugins)\//.exec(source)?.[1]
}

function compareSets(
  kind: 'import' | 'counter' | 'stats-path',
  thing: string,
  before: readonly string[],
  after: readonly string[],
  removing: 'source' | 'none',
): Change[] {
  const gone = before.filter((text) => !after.includes(text))
  const fresh = after.filter((text) => !before.includes(text))
  return [
    ...gone.map((text) => change(kind, removing, `${thing} ${text} removed`, { path: text, before: text })),
    ...fresh.map((text) => change(kind, 'none', `${thing} ${text} added`, { path: text, after: text })),
  ]
}

function counterTexts({ counters }: SchemaModule): string[] {
  return counters.flatMap(({ name, elements }) =>
    elements.map((element) =>
      [`${name}.${element.name}`, element.severity, element.type, element.units].filter(Boolean).join(' '),
    ),
  )
}

function pathTexts({ paths }: SchemaModule): string[] {
  return paths.map(({ path, counter }) => `${path} (${counter})`)
}
