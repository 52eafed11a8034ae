/** Shape of an alias that has a friendly form: its type, and its length if it is an array. By name. */
export const ALIAS_FORMS = {
  ip4_address: ['ip4-address', 'u8', 4],
  ip6_address: ['ip6-address', 'u8', 16],
  mac_address: ['mac-address', 'u8', 6],
  timestamp: ['timestamp', 'f64', undefined],
  timedelta: ['timedelta', 'f64', undefined],
  interface_index: ['interface-index', 'u32', undefined],
} as const

/** Shape of a struct that has a friendly form: the types of its fields. By name. */
export const STRUCT_FORMS = {
  address: ['address', 'address_family', 'address_union'],
  prefix: ['prefix', 'address', 'u8'],
  ip4_prefix: ['ip4-prefix', 'ip4_address', 'u8'],
  ip6_prefix: ['ip6-prefix', 'ip6_address', 'u8'],
} as const

/** The arms of `address_union`, whose text stands for the whole. */
export const ADDRESS_ARMS = ['ip4_address', 'ip6_address'] as const

/** An entry of a table; a type may be called `constructor`. */
export function entryOf<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
