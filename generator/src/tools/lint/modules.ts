import { moduleOfImport, type SchemaModule, type SchemaValue } from '../../schema/module.ts'
import { fieldsOf, type Catalog, type OwnedType } from '../catalog/catalog.ts'
import { SECTIONS, type DiffReport, type Difference } from '../diff/report.ts'
import type { Rule } from './rule.ts'

const VERSION = /^(\d+)\.(\d+)\.(\d+)$/

/** Versions of files, and what nothing uses. */
export const MODULE_RULES: readonly Rule[] = [
  {
    id: 'file-version',
    about: 'every file has option version = "major.minor.patch"',
    check: ({ catalog }, report) => {
      for (const module of catalog.schema.modules.values()) {
        const { version } = module.options
        if (version === undefined) report(module, '', 'has no version', 'add option version = "1.0.0";')
        else if (!VERSION.test(String(version)))
          report(
            module,
            '',
            `version "${version}" is not of three numbers`,
            'write option version = "1.0.0";',
          )
      }
    },
  },
  {
    id: 'version-bump',
    about:
      'a file whose definitions have changed has a higher version; the major one, if a finished message broke',
    needsSince: true,
    check: ({ catalog, since }, report) => {
      for (const [module, broken] of since === undefined ? [] : changedModules(catalog, since)) {
        const before = versionBefore(module, since)
        const after = module.options['version']
        if (!isHigher(before, after, broken))
          report(
            module,
            '',
            `${broken ? 'a message broke' : 'definitions have changed'}, the version went from ${before ?? 'none'} to ${after ?? 'none'}`,
            `raise the ${broken ? 'major' : 'minor'} version`,
          )
      }
    },
  },
  {
    id: 'unused-type',
    about: 'every type is part of a message',
    check: ({ catalog }, report) => {
      const used = new Set([...catalog.messages.values()].flatMap((owned) => [...catalog.reach(owned)]))
      for (const owned of catalog.types)
        if (!used.has(owned))
          report(owned.module, owned.type.name, `${owned.type.kind} is used by no message`, 'remove it')
    },
  },
  {
    id: 'unused-import',
    about: 'a file imports what it uses',
    check: ({ catalog }, report) => {
      for (const module of catalog.schema.modules.values()) {
        const needed = modulesNeeded(catalog, module)
        for (const path of module.imports) {
          const imported = catalog.schema.modules.get(moduleOfImport(path))
          if (imported !== undefined && !needed.has(imported))
            report(module, '', `imports ${path} and uses nothing of it`, 'remove the import')
        }
      }
    },
  },
  {
    id: 'default-value',
    about: 'the default of an enum field is one of its values',
    check: ({ catalog }, report) => {
      for (const { module, name, field, value, type } of enumDefaults(catalog)) {
        if (
          type.type.kind !== 'enum' ||
          isValue(
            type.type.members.map(([, member]) => member),
            value,
            type.type.flags,
          )
        )
          continue
        report(
          module,
          `${name}.${field}`,
          `default ${value} is not a value of ${type.type.name}`,
          'name one that is',
        )
      }
    },
  },
]

/** Modules with changes of messages, types or services, and whether a message that was finished broke. */
function changedModules(catalog: Catalog, since: DiffReport): Map<SchemaModule, boolean> {
  const changed = new Map<SchemaModule, boolean>()
  const isNew = new Set(
    since.modules.flatMap(({ name, changes }) =>
      changes.some(({ kind }) => kind === 'added') ? [name] : [],
    ),
  )
  for (const section of SECTIONS) {
    if (section === 'modules') continue
    for (const item of since[section] as readonly Difference[]) {
      const module = catalog.schema.modules.get(item.module)
      // What changed through a type of another module is for that one to tell.
      if (module === undefined || isNew.has(module.name) || item.changes.length === 0) continue
      changed.set(
        module,
        (changed.get(module) ?? false) || (item.impact === 'wire' && !isInProgress(catalog, item)),
      )
    }
  }
  return changed
}

/** VPP promises to keep finished messages only. */
function isInProgress(catalog: Catalog, { name }: Difference): boolean {
  const message = catalog.messages.get(name)?.message
  return (
    message !== undefined && ('in_progress' in message.options || message.options['status'] === 'in_progress')
  )
}

function versionBefore(module: SchemaModule, since: DiffReport | undefined): SchemaValue | undefined {
  const changes = since?.modules.find(({ name }) => name === module.name)?.changes ?? []
  const version = changes.find(({ kind }) => kind === 'version')
  return version === undefined ? module.options['version'] : version.before
}

function isHigher(before: SchemaValue | undefined, after: SchemaValue | undefined, major: boolean): boolean {
  const [old, now] = [before, after].map((version) => VERSION.exec(String(version))?.slice(1).map(Number))
  // What is not a version is told by the rule `file-version`.
  if (old === undefined || now === undefined) return true
  const [a, b] = [old, now].map(([first = 0, second = 0, third = 0]) =>
    major ? first : (first * 1e6 + second) * 1e6 + third,
  )
  return (b ?? 0) > (a ?? 0)
}

/** Modules whose types a module uses, and those through which these come in. */
function modulesNeeded(catalog: Catalog, module: SchemaModule): Set<SchemaModule> {
  const own = [
    ...module.messages.map((message) => ({ module, message })),
    ...catalog.types.filter((owned) => owned.module === module),
  ]
  return new Set(own.flatMap((owned) => [...catalog.reach(owned)].map((type) => type.module)))
}

interface EnumDefault {
  readonly module: SchemaModule
  readonly name: string
  readonly field: string
  readonly value: SchemaValue
  readonly type: OwnedType
}

function enumDefaults(catalog: Catalog): EnumDefault[] {
  const blocks = [
    ...[...catalog.messages.values()].map(({ module, message }) => ({
      module,
      name: message.name,
      fields: message.fields,
    })),
    ...catalog.types.map(({ module, type }) => ({ module, name: type.name, fields: fieldsOf(type) })),
  ]
  return blocks.flatMap(({ module, name, fields }) =>
    fields.flatMap((field) => {
      const value = field.options['default']
      const type = catalog.typeIn(module, field.type)
      return value === undefined || type === undefined
        ? []
        : [{ module, name, field: field.name, value, type }]
    }),
  )
}

/** One of the values; of flags also several together, or none. */
function isValue(members: readonly number[], value: SchemaValue, flags: boolean): boolean {
  const wanted = Number(value)
  if (members.includes(wanted)) return true
  if (!flags) return false
  const all = members.reduce((bits, member) => bits | BigInt(member), 0n)
  return Number.isInteger(wanted) && wanted >= 0 && (BigInt(wanted) & ~all) === 0n
}
