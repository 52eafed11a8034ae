/** A default that a double may not hold: JSON parsers would round it. */
const LONG_DEFAULT = /("default"\s*:\s*)(-?\d{16,})(?=\s*[,}])/g

/**
 * Parses the text of API definitions. Defaults of 64-bit fields stay exact: as text, which is read as the number it is.
 * @throws SyntaxError when it is not JSON
 */
export function parseDocument(text: string): unknown {
  return JSON.parse(text.replace(LONG_DEFAULT, '$1"$2"'))
}
