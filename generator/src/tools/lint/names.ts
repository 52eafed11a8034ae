import { fieldsOf } from '../catalog/catalog.ts'
import type { Rule } from './rule.ts'

const LOWER = /^_?[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/
const UPPER = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/

/** Names: lower case with underscores, enum members upper case. */
export const NAME_RULES: readonly Rule[] = [
  {
    id: 'module-name',
    about: 'files are named in lower case with underscores',
    check: ({ catalog }, report) => {
      for (const module of catalog.schema.modules.values())
        if (!LOWER.test(module.name))
          report(module, '', `module is called "${module.name}"`, 'rename the file')
    },
  },
  {
    id: 'message-name',
    about: 'messages are named in lower case with underscores',
    check: ({ catalog }, report) => {
      for (const { module, message } of catalog.messages.values())
        if (!LOWER.test(message.name))
          report(module, message.name, 'name is not in lower_case', 'rename it in a new version')
    },
  },
  {
    id: 'type-name',
    about: 'types are named in lower case with underscores, without vl_api_ and _t',
    check: ({ catalog }, report) => {
      for (const { module, type } of catalog.types) {
        if (!LOWER.test(type.name)) report(module, type.name, 'name is not in lower_case', 'rename the type')
        else if (/^vl_api_|_t$/.test(type.name))
          report(
            module,
            type.name,
            'name has a mark that references get anyway',
            `name it without vl_api_ and _t`,
          )
      }
    },
  },
  {
    id: 'field-name',
    about: 'fields are named in lower case with underscores',
    check: ({ catalog }, report) => {
      const blocks = [
        ...[...catalog.messages.values()].map(({ module, message }) => ({
          module,
          of: message.name,
          fields: message.fields,
        })),
        ...catalog.types.map(({ module, type }) => ({ module, of: type.name, fields: fieldsOf(type) })),
      ]
      for (const { module, of, fields } of blocks)
        for (const { name } of fields)
          if (!LOWER.test(name))
            report(module, `${of}.${name}`, 'name is not in lower_case', 'rename it in a new version')
    },
  },
  {
    id: 'enum-member-name',
    about: 'enum members are named in upper case with underscores',
    check: ({ catalog }, report) => {
      for (const { module, type } of catalog.types) {
        if (type.kind !== 'enum') continue
        for (const [name] of type.members)
          if (!UPPER.test(name))
            report(module, `${type.name}.${name}`, 'name is not in UPPER_CASE', 'rename the member')
      }
    },
  },
]
