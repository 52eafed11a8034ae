import { stringify } from 'yaml'

/** Control characters and lone surrogates: what a terminal would obey, or could not show. */
const UNSAFE = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu
/** The same for text that JSON.stringify has escaped already: it leaves these as they are. */
const UNSAFE_JSON = /[\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g

/** Text from VPP for one cell of a terminal: no control character gets through. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, escaped)
}

/** Text of several lines for a terminal: line ends and tabs stay, no other control character gets through. */
export function escapeLines(text: string): string {
  return text.replaceAll('\r\n', '\n').split('\n').map(escapeLine).join('\n')
}

function escapeLine(line: string): string {
  return line.split('\t').map(escapeText).join('\t')
}

/** JSON that is safe to show on a terminal, and the same value as before. */
export function toJsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(UNSAFE_JSON, escaped)
}

/** YAML that is safe to show on a terminal: text stands in double quotes, where escapes mean what they say. */
export function toYamlText(value: unknown): string {
  const options = { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', lineWidth: 0 } as const
  return stringify(value, options).replace(UNSAFE_JSON, escaped)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
