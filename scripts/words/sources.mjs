/** A plugin of textlint that gives the comments and texts of TypeScript and JavaScript as sentences. */
import { parseSync } from 'oxc-parser'

/** Texts with a space on both sides of a word are sentences; others are names and formats. */
const SENTENCE = /\S \S+ \S/

export const sources = {
  Processor: class {
    availableExtensions() {
      return ['.ts', '.mjs']
    }

    processor() {
      return {
        preProcess: (text, file) => documentOf(text, file ?? 'text.ts'),
        postProcess: (messages, file) => ({ messages, filePath: file ?? 'text.ts' }),
      }
    }
  },
}

function documentOf(text, file) {
  const lines = lineStarts(text)
  const { comments, program } = parseSync(file, text)
  const ranges = [...comments.map(({ start, end }) => [start, end]), ...textsOf(program)]
  const strings = ranges
    .sort(([a], [b]) => a - b)
    .flatMap(([start, end]) =>
      node('Paragraph', text, start, end, lines, [node('Str', text, start, end, lines)]),
    )
  return node('Document', text, 0, text.length, lines, strings)
}

function textsOf(value, found = []) {
  if (Array.isArray(value)) for (const item of value) textsOf(item, found)
  else if (typeof value === 'object' && value !== null) {
    if (value.type === 'Literal' && typeof value.value === 'string' && SENTENCE.test(value.value))
      found.push([value.start, value.end])
    else if (value.type === 'TemplateElement' && SENTENCE.test(value.value.raw))
      found.push([value.start, value.end])
    else for (const item of Object.values(value)) textsOf(item, found)
  }
  return found
}

function node(type, text, start, end, lines, children) {
  return {
    type,
    raw: text.slice(start, end),
    range: [start, end],
    loc: { start: placeOf(start, lines), end: placeOf(end, lines) },
    ...(type === 'Str' ? { value: text.slice(start, end) } : { children }),
  }
}

function lineStarts(text) {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function placeOf(offset, lines) {
  let low = 0
  let high = lines.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (lines[middle] <= offset) low = middle
    else high = middle
  }
  return { line: low + 1, column: offset - lines[low] }
}
