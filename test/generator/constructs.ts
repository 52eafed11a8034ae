/**
 * Every construct of VPP's API language that lays out bytes, once. Importer, generator, `DynamicApi` and the codec are held
 * to this one list: what it calls supported must work in all of them, and what it does not must be refused by all of
 * them. `{n}` stands for a number, so that a construct can occur several times in one file.
 */
export interface Construct {
  readonly name: string
  /** Statements that the field needs before its message. */
  readonly types?: string
  /** Fields, the last of which may vary in size. */
  readonly fields: string
  /** Whether something may follow the fields. */
  readonly fixed?: true
  /** Why nobody can read or write it, as the generator words it; undefined when everybody can. */
  readonly refused?: string
  /** What the generator leaves out; a message if it does not say. What is wrong with a type is wrong with its module. */
  readonly leavesOut?: 'module'
  /** For what already the importer refuses: its fields and types as JSON has them. */
  readonly json?: { readonly fields: readonly unknown[] } & Readonly<Record<string, unknown>>
}

const SCALARS = ['u8', 'u16', 'u32', 'u64', 'i8', 'i16', 'i32', 'i64', 'f64', 'bool'] as const
const INTEGERS = SCALARS.filter((type) => type !== 'f64' && type !== 'bool')
const OPEN = 'typedef open{n} { u16 first{n}; u8 m{n}; u32 more{n}[m{n}]; };'
const PAIR = 'typedef pair{n} { u8 a{n}; u32 b{n}; };'

/** What importer, generator, `DynamicApi` and codec all take. */
export const SUPPORTED: readonly Construct[] = [
  ...SCALARS.map((type): Construct => ({ name: type, fields: `${type} f{n};`, fixed: true })),
  ...SCALARS.map((type): Construct => ({ name: `${type}[3]`, fields: `${type} f{n}[3];`, fixed: true })),
  ...SCALARS.map((type): Construct => ({ name: `${type}[0]`, fields: `${type} f{n}[0];` })),
  ...INTEGERS.map((type): Construct => ({
    name: `u16[count], counted by ${type}`,
    fields: `${type} c{n}; u16 f{n}[c{n}];`,
  })),
  {
    name: 'u8[count], counted by an alias of an alias',
    types: 'typedef i16 size{n}; typedef vl_api_size{n}_t length{n};',
    fields: 'vl_api_length{n}_t c{n}; u8 between{n}; u8 f{n}[c{n}];',
  },
  { name: 'string[N]', fields: 'string f{n}[9];', fixed: true },
  { name: 'string[]', fields: 'string f{n}[];' },
  { name: 'string[0]', fields: 'string f{n}[0];' },
  { name: 'struct', types: PAIR, fields: 'vl_api_pair{n}_t f{n};', fixed: true },
  { name: 'struct[2]', types: PAIR, fields: 'vl_api_pair{n}_t f{n}[2];', fixed: true },
  { name: 'struct[count]', types: PAIR, fields: 'u32 c{n}; vl_api_pair{n}_t f{n}[c{n}];' },
  { name: 'struct[0]', types: PAIR, fields: 'vl_api_pair{n}_t f{n}[0];' },
  { name: 'struct with an array', types: OPEN, fields: 'vl_api_open{n}_t f{n};' },
  { name: 'structs with an array[2]', types: OPEN, fields: 'vl_api_open{n}_t f{n}[2];' },
  { name: 'structs with an array[count]', types: OPEN, fields: 'i32 c{n}; vl_api_open{n}_t f{n}[c{n}];' },
  { name: 'structs with an array[0]', types: OPEN, fields: 'vl_api_open{n}_t f{n}[0];' },
  {
    name: 'structs with text[count]',
    types: 'typedef text{n} { u8 a{n}; string t{n}[]; };',
    fields: 'u8 c{n}; vl_api_text{n}_t f{n}[c{n}];',
  },
  {
    name: 'structs with structs with an array[count], three deep',
    types: `${OPEN}
      typedef middle{n} { u8 k{n}; vl_api_open{n}_t inner{n}[k{n}]; };
      typedef outer{n} { bool flag{n}; vl_api_middle{n}_t two{n}[2]; };`,
    fields: 'u16 c{n}; vl_api_outer{n}_t f{n}[c{n}];',
  },
  {
    name: 'alias of a struct with an array, and of several',
    types: `${OPEN} typedef vl_api_open{n}_t again{n}; typedef vl_api_again{n}_t both{n}[2];`,
    fields: 'u8 c{n}; vl_api_both{n}_t f{n}[c{n}];',
  },
  {
    name: 'alias of an array, in an array',
    types: 'typedef u16 row{n}[3];',
    fields: 'vl_api_row{n}_t f{n}[2];',
    fixed: true,
  },
  {
    name: 'enum',
    types: 'enum color{n} : u16 { RED{n} = 5, BLUE{n}, };',
    fields: 'vl_api_color{n}_t f{n} [default=6];',
    fixed: true,
  },
  {
    name: 'enum with negative members, signed and unsigned',
    types: 'enum low{n} : i8 { LOW{n} = -1, }; enum high{n} : u8 { HIGH{n} = -1, ZERO{n}, };',
    fields: 'vl_api_low{n}_t f{n}; vl_api_high{n}_t g{n}[2];',
    fixed: true,
  },
  {
    name: 'enumflag',
    types: 'enumflag bits{n} : u8 { NONE{n} = 0, ONE{n} = 1, FOUR{n} = 4, };',
    fields: 'vl_api_bits{n}_t f{n};',
    fixed: true,
  },
  {
    name: 'union',
    types: 'union either{n} { u8 small{n}; u16 wide{n}[3]; };',
    fields: 'vl_api_either{n}_t f{n};',
    fixed: true,
  },
  {
    name: 'union[count], chosen by nothing',
    types: 'union any{n} { u32 number{n}; u8 raw{n}[5]; };',
    fields: 'u8 c{n}; vl_api_any{n}_t f{n}[c{n}];',
  },
  {
    name: 'union with a discriminator',
    types: `enum kind{n} : u8 { FIRST{n} = 1, SECOND{n}, };
      union content{n} { u32 one{n} [case=FIRST{n}]; bool two{n} [case=SECOND{n}]; };`,
    fields: 'vl_api_kind{n}_t k{n}; vl_api_content{n}_t f{n} [discriminator=k{n}];',
    fixed: true,
  },
  {
    name: 'names that differ by underscores, and names of JavaScript',
    fields: 'u8 a_b{n}; u16 a__b{n}; u8 constructor; bool then; u8 to_string;',
    fixed: true,
  },
]

/** What generator, `DynamicApi` and codec refuse, as it says nothing of how many bytes there are. */
export const REFUSED: readonly Construct[] = [
  {
    name: 'an array of structs without an end',
    types: 'typedef endless{n} { u8 a{n}; u8 rest{n}[0]; };',
    fields: 'vl_api_endless{n}_t f{n}[2];',
    refused: 'is an array of a type that takes the rest of the message',
  },
  ...(['vl_api_open{n}_t arm{n};', 'string arm{n}[];', 'u32 arm{n}[0];'] as const).map((arm): Construct => ({
    name: `a union with an arm of variable size: ${arm.replaceAll('{n}', '')}`,
    types: `${OPEN} union loose{n} { u8 small{n}; ${arm} };`,
    fields: 'vl_api_loose{n}_t f{n};',
    refused: 'has a variable size',
    leavesOut: 'module',
  })),
  {
    name: 'an array counted by a number with a fraction',
    fields: 'f64 c{n}; u8 f{n}[c{n}];',
    refused: 'which is not an integer',
    json: {
      fields: [
        ['f64', 'c'],
        ['u8', 'f', 0, 'c'],
      ],
    },
  },
  {
    name: 'an array counted by an enum',
    types: 'enum count{n} : u8 { TWO{n} = 2, };',
    fields: 'vl_api_count{n}_t c{n}; u8 f{n}[c{n}];',
    refused: 'which is not an integer',
    json: {
      enums: [['count', ['TWO', 2], { enumtype: 'u8' }]],
      fields: [
        ['vl_api_count_t', 'c'],
        ['u8', 'f', 0, 'c'],
      ],
    },
  },
  {
    name: 'an array counted by what is not there',
    fields: 'u8 a{n}; u8 f{n}[c{n}];',
    refused: 'which does not come before it',
    json: {
      fields: [
        ['u8', 'a'],
        ['u8', 'f', 0, 'c'],
      ],
    },
  },
  {
    name: 'a struct of variable size that an alias hides, before another field',
    types: `${OPEN} typedef vl_api_open{n}_t hidden{n};`,
    fields: 'vl_api_hidden{n}_t f{n}; u8 after{n};',
    refused: 'has a variable size and is not the last one',
    json: {
      types: [['open', ['u8', 'm'], ['u32', 'more', 0, 'm']]],
      aliases: { hidden: { type: 'vl_api_open_t' } },
      fields: [
        ['vl_api_hidden_t', 'f'],
        ['u8', 'after'],
      ],
    },
  },
]

/** A file of the API language with a message for each construct: `m0`, `m1` … */
export function fileOf(constructs: readonly Construct[]): string {
  const lines = constructs.map(({ types = '', fields }, index) => {
    const text = `${types}\nautoreply define m${index} { u32 client_index; u32 context; ${fields} };`
    return text.replaceAll('{n}', String(index))
  })
  return `option version = "1.0.0";\n${lines.join('\n')}\n`
}
