import type { Edit, FileEdits } from './edits.ts'

/** How comments of the migration begin. */
export const COMMENT = '// vpp: '

/**
 * A file with its edits, and a comment above each statement that a person must look at. A comment that is there from an
 * earlier run is not repeated.
 */
export function applyEdits(text: string, { edits, remarks }: FileEdits): string {
  const places = new Map<number, string[]>()
  for (const { at, text: reason } of remarks) places.set(at, [...(places.get(at) ?? []), reason])
  const comments = [...places].map(([at, reasons]): Edit => {
    const lineStart = text.lastIndexOf('\n', at - 1) + 1
    const before = text.slice(lineStart, at)
    const indent = /^[ \t]*/.exec(before)?.[0] ?? ''
    const known = commentsAbove(text, lineStart)
    const lines = reasons.map((reason) => `${COMMENT}${reason}`).filter((line) => !known.includes(line))
    const comment = lines.map((line) => `${indent}${line}\n`).join('')
    // Behind something else on its line, a statement gets its own line.
    if (before.trim() === '') return { start: lineStart, end: lineStart, text: comment }
    return { start: at, end: at, text: comment === '' ? '' : `\n${comment}${indent}` }
  })
  return [...edits, ...comments]
    .toSorted((a, b) => b.start - a.start || b.end - a.end)
    .reduce(
      (result, { start, end, text: replacement }) => result.slice(0, start) + replacement + result.slice(end),
      text,
    )
}

/** The comments on the lines straight above a place. */
function commentsAbove(text: string, lineStart: number): string[] {
  const lines = text.slice(0, Math.max(lineStart - 1, 0)).split('\n')
  const found: string[] = []
  for (let line = lines.pop(); line?.trim().startsWith('//') === true; line = lines.pop())
    found.push(line.trim())
  return found
}
