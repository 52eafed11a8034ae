import * as fc from 'fast-check'

/** Words that names are made of, with some that TypeScript, JavaScript or the generated code might trip over. */
const WORDS =
  'ip route add del get set table index name len flags type class new delete then constructor string map u8 promise length bytes v2 6rd T x_ _y interface default enum await proto descriptor to_string'.split(
    ' ',
  )
/** Words that cannot be used alone: of VPP's language, and of Python, which its tool is written in. */
const KEYWORDS = new Set(['class', 'del', 'await', 'string', 'u8', 'enum', 'default', 'type'])
const word = fc.constantFrom(...WORDS)
const name = fc
  .array(word, { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('_'))
  .map((text) => (/^[0-9]/.test(text) || KEYWORDS.has(text) ? `n${text}` : text))

const scalar = fc.constantFrom('u8', 'u16', 'u32', 'u64', 'i8', 'i16', 'i32', 'i64', 'f64', 'bool')

/** A field before it is known which types there are: `pick` chooses among them. */
const field = fc.record({
  name,
  scalar,
  pick: fc.nat(),
  shape: fc.constantFrom('scalar', 'scalar', 'scalar', 'type', 'type', 'array', 'string', 'limit', 'preset'),
  size: fc.integer({ min: 1, max: 300 }),
})

const block = fc.record({
  name,
  fields: fc.uniqueArray(field, { minLength: 1, maxLength: 9, selector: (it) => it.name }),
  tail: fc.constantFrom('none', 'none', 'none', 'counted', 'open'),
  flag: fc.constantFrom('', '', 'autoendian ', ''),
  option: fc.constantFrom('', '', 'option deprecated; ', 'option status="in_progress"; '),
})

const members = fc.uniqueArray(
  name.map((text) => text.toUpperCase()),
  { minLength: 1, maxLength: 8 },
)

/** Parts of a made-up module. */
export const madeUpModule = fc.record({
  enums: fc.array(
    fc.record({ name, members, base: fc.constantFrom('u8', 'u16', 'u32', 'i32'), flags: fc.boolean() }),
    {
      maxLength: 3,
    },
  ),
  aliases: fc.array(fc.record({ name, scalar, size: fc.option(fc.integer({ min: 1, max: 32 })) }), {
    maxLength: 2,
  }),
  structs: fc.array(block, { maxLength: 4 }),
  unions: fc.array(block, { maxLength: 2 }),
  messages: fc.array(block, { minLength: 1, maxLength: 6 }),
})

/** What of `madeUpModule` becomes a file. */
export type MadeUp = typeof madeUpModule extends fc.Arbitrary<infer T> ? T : never

/** A made-up module in VPP's API language; VPP's own tool accepts it. */
export function apiText(module: MadeUp): string {
  const taken = new Set<string>()
  const free = (wanted: string) => {
    let found = wanted
    while (taken.has(found)) found += 'q'
    taken.add(found)
    return found
  }
  const types: string[] = []
  const lines = ['option version = "1.0.0";']
  for (const { name: wanted, members: all, base, flags } of module.enums) {
    const own = free(wanted)
    const values = all.map((member, at) => `${free(member)} = ${flags ? 2 ** at : at}`)
    lines.push(`${flags ? 'enumflag' : 'enum'} ${own} : ${flags ? 'u8' : base} { ${values.join(', ')}, };`)
    types.push(`vl_api_${own}_t`)
  }
  for (const { name: wanted, scalar: type, size } of module.aliases) {
    const own = free(wanted)
    lines.push(`typedef ${type} ${own}${size === null ? '' : `[${size}]`};`)
    types.push(`vl_api_${own}_t`)
  }
  for (const { name: wanted, fields } of module.structs) {
    const own = free(wanted)
    lines.push(`typedef ${own} { ${fields.map((item) => fieldText(item, types)).join(' ')} };`)
    types.push(`vl_api_${own}_t`)
  }
  for (const { name: wanted, fields } of module.unions) {
    const own = free(wanted)
    const plain = fields.filter(({ shape }) => shape !== 'string' && shape !== 'limit' && shape !== 'preset')
    const arms = plain.map((item) => fieldText(item, types))
    lines.push(`union ${own} { ${arms.length === 0 ? 'u32 only;' : arms.join(' ')} };`)
    types.push(`vl_api_${own}_t`)
  }
  for (const { name: wanted, fields, tail, option } of module.messages) {
    const own = free(wanted)
    free(`${own}_reply`)
    const all = fields
      .filter((item) => item.name !== 'client_index' && item.name !== 'context')
      .map((item) => fieldText(item, types))
    if (tail === 'counted') all.push('u8 number_of_items;', 'u16 items[number_of_items];')
    if (tail === 'open') all.push('string rest[];')
    lines.push(`autoreply define ${own} { ${option}u32 client_index; u32 context; ${all.join(' ')} };`)
  }
  return `${lines.join('\n')}\n`
}

function fieldText(
  { name: own, scalar: type, pick, shape, size }: MadeUp['structs'][number]['fields'][number],
  types: readonly string[],
): string {
  const known = types.length === 0 ? type : (types[pick % types.length] ?? type)
  switch (shape) {
    case 'scalar':
      return `${type} ${own};`
    case 'type':
      return `${known} ${own};`
    case 'array':
      return `${type} ${own}[${size}];`
    case 'string':
      return `string ${own}[${size}];`
    case 'limit':
      return `u32 ${own} [default=${size}];`
    case 'preset':
      return `bool ${own} [default=true];`
  }
}
