import { NameScope, propertyScope } from '../rules/names.ts'

/**
 * Exported names of a module: those of the language that generated code or its reader would miss. Names that the module
 * imports do no harm, since imports can be renamed.
 */
const MODULE_NAMES: ReadonlySet<string> = new Set([
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

/** Names that a module exports from `messages.ts`. */
export const moduleScope = (): NameScope => new NameScope(MODULE_NAMES)
/** Methods of a client. */
export const clientScope = propertyScope
