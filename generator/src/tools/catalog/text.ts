import type { SchemaArray, SchemaField, SchemaOptions, SchemaValue } from '../../schema/module.ts'

/** `u8 mac[6]`: a field as the API language writes it, without its options. */
export function fieldText({ type, name, array }: SchemaField): string {
  return `${type} ${name}${arrayText(array)}`
}

/** `u8[6]`: a field's type as messages of these tools write it. */
export function typeText({ type, array }: Pick<SchemaField, 'type' | 'array'>): string {
  return `${type}${arrayText(array)}`
}

/** `[6]`, `[count]`, `[]`, or nothing. */
export function arrayText(array: SchemaArray | undefined): string {
  if (array === undefined) return ''
  if (array.kind === 'open') return '[]'
  return `[${array.kind === 'fixed' ? array.length : array.by}]`
}

/** ` [default=1, limit=8]` behind a field with options, or nothing. */
export function optionsText(options: SchemaOptions): string {
  const items = Object.entries(options).map(([name, value]) => optionText(name, value))
  return items.length === 0 ? '' : ` [${items.join(', ')}]`
}

/** `default=1`, or the name alone where there is no value. */
export function optionText(name: string, value: SchemaValue): string {
  return value === null ? name : `${name}=${value}`
}

/** `3 messages`, `1 message`. */
export function counted(count: number, thing: string): string {
  return `${count.toLocaleString('en-US')} ${thing}${count === 1 ? '' : 's'}`
}
