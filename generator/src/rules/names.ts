/**
 * Names of properties: a wire name that would give one that classes or objects need gets an underscore behind it; the name
 * on the wire stays what it is.
 */

/** What every object has, what makes an object a promise, and what the base classes define. */
const OBJECT_NAMES = [
  '__proto__',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
  'constructor',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  'then',
  'toJSON',
  'toLocaleString',
  'toString',
  'valueOf',
]

/** Properties of a struct or message class. */
const PROPERTY_NAMES: ReadonlySet<string> = new Set(OBJECT_NAMES)

/** Arms of a union: properties, and static methods beside those of `Function` and of the base class. */
const ARM_NAMES: ReadonlySet<string> = new Set([
  ...OBJECT_NAMES,
  'apply',
  'arguments',
  'bind',
  'bytes',
  'call',
  'caller',
  'descriptor',
  'fromBytes',
  'fromJSON',
  'length',
  'name',
  'prototype',
])

/** Members of an enum object. */
const ENUM_MEMBER_NAMES: ReadonlySet<string> = new Set(['__proto__', 'descriptor', 'then', 'toJSON'])

/** Words of small letters and digits, each beginning with a letter: what nearly all names are. */
const USUAL = /^[a-z][a-z0-9]*(?:_[a-z][a-z0-9]*)*$/

function upper(_match: string, letter: string): string {
  return letter.toUpperCase()
}

/** `swIfIndex` of `sw_if_index`. A leading underscore stays, and so does one between digits. */
export function camelCase(wireName: string): string {
  if (USUAL.test(wireName)) return wireName.replace(/_([a-z])/g, upper)
  const [, lead = '', rest = ''] = /^(_*)(.*)$/.exec(wireName) ?? []
  const [first = '', ...others] = words(rest)
  const head =
    first === first.toUpperCase() ? first.toLowerCase() : first.charAt(0).toLowerCase() + first.slice(1)
  return guardDigit(lead + [head, ...others.map(capitalise)].reduce(join, ''))
}

/** `SwInterfaceDetails` of `sw_interface_details`. */
export function pascalCase(wireName: string): string {
  if (USUAL.test(wireName)) return wireName.replace(/(?:^|_)([a-z])/g, upper)
  return guardDigit(words(wireName).map(capitalise).reduce(join, ''))
}

function words(name: string): string[] {
  return name.split('_').filter((word) => word !== '')
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** `v1` and `2` give `v1_2`: otherwise `v1_2` and `v12` would be one name. */
function join(left: string, right: string): string {
  return /\d$/.test(left) && /^\d/.test(right) ? `${left}_${right}` : left + right
}

function guardDigit(name: string): string {
  return name === '' || /^\d/.test(name) ? `_${name}` : name
}

/** Gives names that are free: not taken in this scope, not in the table of reserved names. */
export class NameScope {
  readonly #reserved: ReadonlySet<string>
  readonly #taken = new Set<string>()

  constructor(reserved: ReadonlySet<string>) {
    this.#reserved = reserved
  }

  /** The name itself; with `suffix` and then with underscores added when it is taken. */
  take(name: string, suffix = '_'): string {
    let free = name
    if (!this.#isFree(free)) free = name + suffix
    while (!this.#isFree(free)) free += '_'
    this.#taken.add(free)
    return free
  }

  #isFree(name: string): boolean {
    return !this.#reserved.has(name) && !this.#taken.has(name)
  }
}

/** Properties of a struct or message class. */
export const propertyScope = (): NameScope => new NameScope(PROPERTY_NAMES)
/** Arms of a union: both a property and a static method. */
export const armScope = (): NameScope => new NameScope(ARM_NAMES)
/** Members of an enum object. */
export const enumScope = (): NameScope => new NameScope(ENUM_MEMBER_NAMES)

/** `address` of `vl_api_address_t`. Exactly one prefix and suffix go, because a type may itself be called `x_t`. */
export function bareName(reference: string): string {
  return /^vl_api_(\w+)_t$/.exec(reference)?.[1] ?? reference
}
