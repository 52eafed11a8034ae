/** A page for each module of VPP's API: its messages and types, and the releases that have them. Facts only. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { releases } from '@vpp-ts/api-json'
import { buildModel, diffSchemas, loadSchema } from '@vpp-ts/binapi-generator'
import { root } from '../bootstrap.mjs'

const KINDS = { unary: 'call', 'one-way': 'one way', dump: 'dump', stream: 'paged', event: 'event' }

/**
 * Writes them below a folder.
 * @returns the names of the modules
 */
export async function writeModules(staging) {
  const names = releases()
  const schemas = []
  for (const name of names) schemas.push(await loadSchema({ input: join(root, 'api-json', name) }))
  const model = buildModel(schemas.at(-1))
  const history = historyOf(schemas, names)
  const folder = join(staging, 'modules')
  mkdirSync(folder, { recursive: true })
  for (const module of model.modules)
    writeFileSync(join(folder, `${module.name}.md`), pageOf(module, history, names))
  writeFileSync(join(folder, 'index.md'), overviewOf(model, history, names))
  return model.modules.map(({ name }) => name)
}

/** Of every message: the first release here that has it, and what changed in which. */
function historyOf(schemas, names) {
  const first = new Map()
  const changes = new Map()
  schemas.forEach((schema, index) => {
    for (const module of schema.modules.values())
      for (const { name } of module.messages) if (!first.has(name)) first.set(name, names[index])
    if (index === 0) return
    for (const { name, changes: own, via } of diffSchemas(schemas[index - 1], schema).messages) {
      const texts = [
        ...own.filter(({ kind }) => kind !== 'added').map(({ text }) => text),
        ...via.map(({ path, type }) => `\`${path}\`: type \`${type}\` changed`),
      ]
      if (texts.length === 0) continue
      if (!changes.has(name)) changes.set(name, [])
      changes.get(name).push({ release: names[index], texts })
    }
  })
  const gone = []
  const last = schemas.at(-1)
  const present = new Set(
    [...last.modules.values()].flatMap(({ messages }) => messages.map(({ name }) => name)),
  )
  for (const [name, release] of first) if (!present.has(name)) gone.push({ name, release })
  return { first, changes, gone }
}

function overviewOf(model, { gone }, names) {
  const rows = model.modules.map(({ name, version, messages, types }) => [
    `[\`${name}\`](./${name}.md)`,
    version ?? '',
    messages.length,
    types.length,
    `\`@vpp-ts/binapi-${packageOf(name)}\``,
  ])
  return [
    '# VPP’s API, module by module',
    '',
    `${model.modules.length} modules of VPP ${names.at(-1)} with ${model.modules.reduce((sum, { messages }) => sum + messages.length, 0)} messages; each page tells the fields, how our bindings call them, and what changed since ${names[0]}. They are made from VPP’s definitions; what a message does is told by VPP’s own comments, which bindings carry when [you generate them](/docs/generator.md) from your VPP or its sources.`,
    '',
    ...table(['module', 'version', 'messages', 'types', 'package'], rows),
    '',
    `## Gone since ${names[0]}`,
    '',
    ...(gone.length === 0 ? ['None.'] : gone.map(({ name }) => `- \`${name}\``)),
    '',
  ].join('\n')
}

function pageOf(module, history, names) {
  const methods = new Map()
  for (const method of module.methods) {
    const key = (method.request ?? method.event).wireName
    methods.set(key, method)
  }
  const parts = new Set(
    module.methods.flatMap((method) =>
      [method.reply, method.details].filter(Boolean).map(({ wireName }) => wireName),
    ),
  )
  return [
    `# Module \`${module.name}\``,
    '',
    `- package: \`@vpp-ts/binapi-${packageOf(module.name)}\``,
    ...(module.clientName === undefined ? [] : [`- client: \`${module.clientName}\``]),
    `- definition: \`${module.source}\`, version ${module.version ?? 'none'}, CRC \`${module.crc}\``,
    '',
    ...section('Methods', methodRows(module)),
    '## Messages',
    '',
    ...module.messages.flatMap((message) =>
      messageLines(message, methods.get(message.wireName), parts, history, names),
    ),
    ...(module.types.length === 0 ? [] : ['## Types', '', ...module.types.flatMap(typeLines)]),
    ...counterLines(module),
  ].join('\n')
}

function section(title, rows) {
  return rows.length === 0 ? [] : [`## ${title}`, '', ...table(['method', 'kind', 'sends, gives'], rows), '']
}

function methodRows({ methods }) {
  return methods.map((method) => {
    const gives = method.details ?? method.reply ?? method.event
    const sends = method.request ?? method.announcedBy
    return [
      `\`${method.name}\`${method.allName === undefined ? '' : `, \`${method.allName}\``}`,
      KINDS[method.kind],
      [sends, gives]
        .filter((it) => it !== undefined)
        .map(link)
        .join(', '),
    ]
  })
}

function messageLines(message, method, parts, { first, changes }, names) {
  const { wireName, name, crc, status, fields } = message
  const marks = [
    status.deprecated
      ? `deprecated${status.replacedBy === undefined ? '' : `; use \`${status.replacedBy}\``}`
      : undefined,
    status.inProgress ? 'in progress: VPP may change it in any release' : undefined,
    first.get(wireName) === names[0] ? undefined : `since VPP ${first.get(wireName)}`,
  ].filter((it) => it !== undefined)
  const role = method === undefined ? (parts.has(wireName) ? 'answer' : undefined) : KINDS[method.kind]
  return [
    `### \`${wireName}\` {#${anchor(wireName)}}`,
    '',
    [`Class \`${name}\``, role, `CRC \`${crc}\``, ...marks].filter((it) => it !== undefined).join(' · '),
    '',
    ...fieldLines(fields),
    ...(changes.get(wireName) ?? []).flatMap(({ release, texts }) =>
      texts.map((text) => `- ${release}: ${text}`),
    ),
    '',
  ]
}

function fieldLines(fields) {
  const shown = fields.filter(({ isCount }) => !isCount)
  if (shown.length === 0) return ['No fields.', '']
  return [
    ...table(
      ['field', 'property', 'type', 'notes'],
      shown.map((field) => [`\`${field.wireName}\``, `\`${field.name}\``, useText(field), notesOf(field)]),
    ),
    '',
  ]
}

function useText({ use, occurs, length }) {
  const text =
    use.kind === 'scalar' ? `\`${use.scalar}\`` : use.kind === 'string' ? '`string`' : typeLink(use.type)
  if (length !== undefined) return `${text} × ${length}`
  if (occurs === undefined || occurs.kind === 'once') return text
  if (occurs.kind === 'fixed')
    return use.kind === 'string' ? `${text}, ${occurs.length} bytes` : `${text} × ${occurs.length}`
  return use.kind === 'string'
    ? text
    : `list of ${text}${occurs.kind === 'counted' ? `, counted by \`${occurs.by}\`` : ''}`
}

function notesOf(field) {
  return [
    field.default === undefined ? undefined : `default ${field.default}`,
    field.limit === undefined ? undefined : `at most ${field.limit}`,
    field.discriminator === undefined ? undefined : `arm chosen by \`${field.discriminator}\``,
  ]
    .filter((it) => it !== undefined)
    .join('; ')
}

function typeLines(type) {
  const head = [`### \`${type.wireName}\` {#${anchor(type.wireName)}}`, '']
  const form = type.form ?? type.shorthand
  const shown =
    form === undefined
      ? []
      : [`Read and written as ${form.replaceAll('-', ' ')}; see [values](/docs/values.md).`, '']
  switch (type.kind) {
    case 'enum':
      return [
        ...head,
        `${type.flags ? 'Flags' : 'Enum'} \`${type.name}\` of \`${type.base}\`.`,
        '',
        ...table(
          ['member', 'VPP’s name', 'value'],
          type.members.map(({ name, wireName, value }) => [`\`${name}\``, `\`${wireName}\``, value]),
        ),
        '',
      ]
    case 'alias':
      return [...head, `Another name for ${useText(type)}.`, '', ...shown]
    case 'union':
      return [
        ...head,
        `Union \`${type.name}\`, ${type.size.bytes} bytes.`,
        '',
        ...shown,
        ...table(
          ['arm', 'property', 'type', 'chosen by'],
          type.arms.map((arm) => [
            `\`${arm.wireName}\``,
            `\`${arm.name}\``,
            useText(arm),
            arm.chosenBy === undefined ? '' : `\`${arm.chosenBy.member}\``,
          ]),
        ),
        '',
      ]
    default:
      return [...head, `Structure \`${type.name}\`.`, '', ...shown, ...fieldLines(type.fields)]
  }
}

function counterLines({ counters, paths }) {
  if (counters.length === 0) return []
  return [
    '## Counters of the stats segment',
    '',
    ...counters.flatMap(({ name, elements }) => [
      `### \`${name}\``,
      '',
      ...paths.filter(({ counter }) => counter === name).map(({ path }) => `At \`${path}\`.`),
      '',
      ...table(
        ['counter', 'unit', 'severity'],
        elements.map((it) => [`\`${it.name}\``, it.units ?? '', it.severity ?? '']),
      ),
      '',
    ]),
  ]
}

function typeLink(type) {
  return `[\`${type.wireName}\`](./${type.module}.md#${anchor(type.wireName)})`
}

function link(message) {
  return `[\`${message.wireName}\`](./${message.module}.md#${anchor(message.wireName)})`
}

/** Types and messages may have one name, never in one module. */
function anchor(name) {
  return name.replaceAll('_', '-')
}

function packageOf(name) {
  return name.replaceAll('_', '-')
}

function table(head, rows) {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)]
}

function row(cells) {
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`
}
