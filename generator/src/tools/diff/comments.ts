import { readComment } from '../../model/comments.ts'
import { change, type Change } from './change.ts'

/** Words of a sentence that says what VPP does, rather than what something is called. */
const BEHAVIOUR =
  /\b(?:must|shall|should|cannot|may not|only|never|always|ignored?|default|unless|otherwise|require[sd]?|instead|deprecated|obsolete|removed?|replaced?|unsupported|not supported|fails?|error|returns?|if set|if zero|when set|unlimited|disabled?|enabled?|seconds?|milliseconds?|microseconds?|bytes|bits|packets|network order|host order|~0)\b|~0/i

/** Longest text of a sentence in a report. */
const LONGEST = 200

/**
 * Sentences of a comment that tell of behaviour, and that only one of two releases has. Layout, marks and the order of
 * sentences do not count; nothing is told where one of the two has no comment, as definitions may come without.
 */
export function compareComments(old: string | undefined, now: string | undefined): Change[] {
  const [before, after] = [sentencesOf(old), sentencesOf(now)]
  if (before.size === 0 || after.size === 0) return []
  const gone = [...before].filter((sentence) => !after.has(sentence) && BEHAVIOUR.test(sentence))
  const come = [...after].filter((sentence) => !before.has(sentence) && BEHAVIOUR.test(sentence))
  if (gone.length === 0 && come.length === 0) return []
  const [was, is] = [shown(gone), shown(come)]
  const facts = { ...(was === '' ? {} : { before: was }), ...(is === '' ? {} : { after: is }) }
  return [change('comment', 'none', textOf(was, is), facts)]
}

function textOf(was: string, is: string): string {
  if (was === '') return `comment: now says "${is}"`
  return is === '' ? `comment: no longer says "${was}"` : `comment: "${was}" is now "${is}"`
}

function sentencesOf(comment: string | undefined): ReadonlySet<string> {
  const { text, fields } = readComment(comment)
  const parts = [text, ...[...fields].map(([name, lines]) => [`${name}:`, ...lines])]
  return new Set(
    parts
      .flatMap((lines) => lines.join(' ').split(/(?<=[.;!?])\s+/))
      .map((sentence) => sentence.replaceAll(/\s+/g, ' ').trim())
      .filter((sentence) => sentence !== ''),
  )
}

function shown(sentences: readonly string[]): string {
  const text = sentences.join(' ')
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
