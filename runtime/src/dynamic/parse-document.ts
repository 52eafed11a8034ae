import { exactDefaults } from './rules/defaults.ts'

/**
 * Parses the text of API definitions. Defaults of 64-bit fields stay exact: as text, which is read as the number it is.
 * @throws SyntaxError when it is not JSON
 */
export function parseDocument(text: string): unknown {
  return JSON.parse(exactDefaults(text))
}
