import type { SchemaField, SchemaMessage } from '../../schema/module.ts'
import { statusOf } from '../../model/status.ts'
import type { Catalog, OwnedMessage } from '../catalog/catalog.ts'
import { typeText } from '../catalog/text.ts'
import { stateOf } from '../list/list.ts'
import type { Rule } from './rule.ts'

const VERSIONED = /^(.*?)(?:_v(\d+))?(_dump|_details|_reply|_get)?$/

/** Headers, replies, versions and states of messages. */
export const MESSAGE_RULES: readonly Rule[] = [
  {
    id: 'request-header',
    about: 'requests start with u32 client_index and u32 context',
    check: ({ catalog }, report) => {
      for (const { module, message } of withRole(catalog, 'request'))
        if (!startsWith(message, 'client_index', 'context'))
          report(
            module,
            message.name,
            `starts with ${start(message)}`,
            'begin with u32 client_index; u32 context;',
          )
    },
  },
  {
    id: 'reply-header',
    about: 'replies and details start with u32 context, and have no client_index before it',
    check: ({ catalog }, report) => {
      for (const { module, message } of [...withRole(catalog, 'reply'), ...withRole(catalog, 'details')])
        if (!startsWith(message, 'context'))
          report(module, message.name, `starts with ${start(message)}`, 'begin with u32 context;')
    },
  },
  {
    id: 'reply-retval',
    about: 'replies have an i32 retval directly behind their context',
    check: ({ catalog }, report) => {
      for (const { module, message } of withRole(catalog, 'reply')) {
        const index = message.fields.findIndex(({ name }) => name === 'retval')
        const field = message.fields[index]
        if (field === undefined)
          report(module, message.name, 'has no retval', 'add i32 retval; in a new version')
        else if (field.type !== 'i32')
          report(module, message.name, `retval is ${typeText(field)}`, 'make it i32')
        else if (message.fields[index - 1]?.name !== 'context')
          report(
            module,
            message.name,
            `retval is field ${index + 1}`,
            'put it behind context in a new version',
          )
      }
    },
  },
  {
    id: 'event-header',
    about: 'events start with u32 client_index, and have no context',
    check: ({ catalog }, report) => {
      for (const { module, message } of withRole(catalog, 'event'))
        if (!startsWith(message, 'client_index') || has(message, 'context'))
          report(module, message.name, `starts with ${start(message)}`, 'begin with u32 client_index;')
    },
  },
  {
    id: 'autoreply',
    about: 'autoreply is used on requests only: nothing else is ever replied to',
    check: ({ catalog }, report) => {
      for (const { module, message } of withRole(catalog, 'none')) {
        const base = message.name.replace(/_reply$/, '')
        const answered = catalog.services.get(base)?.service.reply
        if (base === message.name || !catalog.messages.has(base) || answered === message.name) continue
        report(
          module,
          message.name,
          `no service returns it: ${base} is ${roleText(catalog, base)}`,
          `remove autoreply from ${base}`,
        )
      }
    },
  },
  {
    id: 'unused-message',
    about: 'every message is part of a service',
    check: ({ catalog }, report) => {
      for (const { module, message } of withRole(catalog, 'none'))
        if (!message.name.endsWith('_reply'))
          report(module, message.name, 'no service names it', 'declare a service, or remove the message')
    },
  },
  {
    id: 'deprecate-older-version',
    about: 'a message with a newer version that is finished is deprecated',
    check: ({ catalog }, report) => {
      for (const [message, newer] of outdated(catalog)) {
        const name = newer.message.name
        report(
          message.module,
          message.message.name,
          `has the newer version ${name} and is not deprecated`,
          `add option deprecated; option replaced_by="${name}";`,
        )
      }
    },
  },
  {
    id: 'same-status',
    about: 'the messages of a service are in the same state',
    check: ({ catalog }, report) => {
      for (const { module, service } of catalog.services.values()) {
        const request = catalog.messages.get(service.request)
        for (const name of [service.reply, service.streamMessage]) {
          const answer = catalog.messages.get(name ?? '')
          if (request === undefined || answer === undefined) continue
          const [a, b] = [stateOf(request.message.options), stateOf(answer.message.options)]
          if (a !== b)
            report(
              module,
              answer.message.name,
              `is ${b}, its request ${request.message.name} is ${a}`,
              'give both the same options',
            )
        }
      }
    },
  },
  {
    id: 'replaced-by',
    about: 'replaced_by names a message that exists and is not deprecated',
    check: ({ catalog }, report) => {
      for (const { module, message } of catalog.messages.values()) {
        const { replacedBy } = statusOf(message.options)
        const other = replacedBy === undefined ? undefined : catalog.messages.get(replacedBy)
        if (replacedBy !== undefined && other === undefined)
          report(
            module,
            message.name,
            `is replaced by ${replacedBy}, which does not exist`,
            'name a message that does',
          )
        else if (other !== undefined && stateOf(other.message.options) === 'deprecated')
          report(
            module,
            message.name,
            `is replaced by ${replacedBy}, which is deprecated itself`,
            'name its successor',
          )
      }
    },
  },
]

function withRole(catalog: Catalog, role: ReturnType<Catalog['roleOf']>): OwnedMessage[] {
  return [...catalog.messages.values()].filter(({ message }) => catalog.roleOf(message.name) === role)
}

function startsWith({ fields }: SchemaMessage, ...names: readonly string[]): boolean {
  return names.every((name, index) => isU32(fields[index], name))
}

function isU32(field: SchemaField | undefined, name: string): boolean {
  return field?.name === name && field.type === 'u32' && field.array === undefined
}

function has({ fields }: SchemaMessage, name: string): boolean {
  return fields.some((field) => field.name === name)
}

function start({ fields }: SchemaMessage): string {
  return (
    fields
      .slice(0, 2)
      .map((field) => `${typeText(field)} ${field.name}`)
      .join(', ') || 'nothing'
  )
}

function roleText(catalog: Catalog, name: string): string {
  const role = catalog.roleOf(name)
  if (role === 'none') return 'part of no service'
  return role === 'request'
    ? 'answered by another message'
    : `no request but ${role === 'event' ? 'an event' : role}`
}

/** Messages of which there is a newer version that is neither in progress nor deprecated, with the newest of these. */
function outdated(catalog: Catalog): [OwnedMessage, OwnedMessage][] {
  const families = new Map<string, { version: number; owned: OwnedMessage }[]>()
  for (const owned of catalog.messages.values()) {
    // Of an exchange the request alone is told: the others go with it.
    if (catalog.roleOf(owned.message.name) !== 'request') continue
    const [, base = '', version = '1', suffix = ''] = VERSIONED.exec(owned.message.name) ?? []
    const key = `${base} ${suffix}`
    families.set(key, [...(families.get(key) ?? []), { version: Number(version), owned }])
  }
  return [...families.values()].flatMap((family) => {
    const finished = family.filter(({ owned }) => stateOf(owned.message.options) === 'stable')
    const newest = finished.toSorted((a, b) => b.version - a.version)[0]
    if (newest === undefined) return []
    return finished
      .filter(({ version }) => version < newest.version)
      .map(({ owned }): [OwnedMessage, OwnedMessage] => [owned, newest.owned])
  })
}
