/**
 * Names that generated code must not use, by place. A wire name that would give one of them gets an underscore
 * behind it; the name on the wire stays what it is.
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
export const PROPERTY_NAMES: ReadonlySet<string> = new Set(OBJECT_NAMES)

/** Arms of a union: properties, and static methods beside those of `Function` and of the base class. */
export const ARM_NAMES: ReadonlySet<string> = new Set([
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

/** Methods of a client. */
export const CLIENT_NAMES: ReadonlySet<string> = new Set(OBJECT_NAMES)

/** Members of an enum object. */
export const ENUM_MEMBER_NAMES: ReadonlySet<string> = new Set(['__proto__', 'descriptor', 'then', 'toJSON'])

/**
 * Exported names of a module: those of the language that generated code or its reader would miss. Names that the module
 * imports are no trouble, since imports can be renamed.
 */
export const MODULE_NAMES: ReadonlySet<string> = new Set([
  'Array',
  'ArrayBuffer',
  'BigInt',
  'Boolean',
  'Buffer',
  'DataView',
  'Date',
  'Error',
  'Event',
  'EventTarget',
  'Function',
  'Infinity',
  'Iterator',
  'JSON',
  'Map',
  'Math',
  'NaN',
  'Number',
  'Object',
  'Partial',
  'Promise',
  'Proxy',
  'Record',
  'Readonly',
  'Reflect',
  'RegExp',
  'Set',
  'String',
  'Symbol',
  'Uint8Array',
  'URL',
  'WeakMap',
  'WeakSet',
])
