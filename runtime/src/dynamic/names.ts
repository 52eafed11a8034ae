/** Words of small letters and digits, each beginning with a letter: what nearly all names are. */
const USUAL = /^[a-z][a-z0-9]*(?:_[a-z][a-z0-9]*)*$/

/** What every object has, what makes an object a promise, and what the base classes define. */
const OBJECT_NAMES: readonly string[] = [
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

/** Names that no property of a message or struct can have. */
const PROPERTY_NAMES: ReadonlySet<string> = new Set(OBJECT_NAMES)

/** Names that no arm of a union can have: generated unions have a static method for each arm. */
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

/** Names that no member of an enum can have. */
const ENUM_MEMBER_NAMES: ReadonlySet<string> = new Set(['__proto__', 'descriptor', 'then', 'toJSON'])

/** Property of a field, as generated bindings call it: `swIfIndex` of `sw_if_index`. */
export function propertyName(wireName: string): string {
  return unreserved(camelCase(wireName), PROPERTY_NAMES)
}

/** Property of a union's arm. */
export function armName(wireName: string): string {
  return unreserved(camelCase(wireName), ARM_NAMES)
}

/** Name of an enum's member: VPP's own. */
export function memberName(wireName: string): string {
  return unreserved(wireName, ENUM_MEMBER_NAMES)
}

/** `sw_interface_details` becomes `SwInterfaceDetails`. */
export function pascalCase(wireName: string): string {
  return guardDigit(wordsOf(wireName).map(capitalise).reduce(join, ''))
}

/** A leading underscore stays, and so does one between digits, so that `v1_2` and `v12` are two names. */
function camelCase(wireName: string): string {
  if (USUAL.test(wireName))
    return wireName.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
  const lead = /^_*/.exec(wireName)?.[0] ?? ''
  const [first = '', ...others] = wordsOf(wireName)
  const head =
    first === first.toUpperCase() ? first.toLowerCase() : first.charAt(0).toLowerCase() + first.slice(1)
  return guardDigit(lead + [head, ...others.map(capitalise)].reduce(join, ''))
}

function wordsOf(name: string): string[] {
  return name.split('_').filter((word) => word !== '')
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

function join(left: string, right: string): string {
  return /\d$/.test(left) && /^\d/.test(right) ? `${left}_${right}` : left + right
}

function guardDigit(name: string): string {
  return name === '' || /^\d/.test(name) ? `_${name}` : name
}

function unreserved(name: string, reserved: ReadonlySet<string>): string {
  return reserved.has(name) ? `${name}_` : name
}

/** `vl_api_address_t` becomes `address`; a name without this wrapping stays as it is. */
export function typeName(reference: string): string {
  return reference.startsWith('vl_api_') && reference.endsWith('_t') ? reference.slice(7, -2) : reference
}
