import { StatsError } from './errors.ts'

/**
 * Which entries are meant: regular expressions, of which one must match anywhere in the name (`^` anchors).
 * A string is the source of one, as in VPP's own tools. None at all means every entry.
 */
export type Patterns = string | RegExp | readonly (string | RegExp)[]

/** A function that tells whether a name is meant. */
export function compilePatterns(patterns: Patterns | undefined): (name: string) => boolean {
  const list = patterns === undefined ? [] : isList(patterns) ? patterns : [patterns]
  if (list.length === 0) return () => true
  const expressions = list.map(compile)
  const [only] = expressions
  if (expressions.length === 1 && only !== undefined) return (name) => only.test(name)
  return (name) => expressions.some((expression) => expression.test(name))
}

/** Matches exactly one name. */
export function exactPattern(name: string): RegExp {
  return new RegExp(`^${name.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')}$`)
}

function isList(patterns: Patterns): patterns is readonly (string | RegExp)[] {
  return Array.isArray(patterns)
}

function compile(pattern: string | RegExp): RegExp {
  // Global and sticky expressions remember where they were: not wanted here.
  if (pattern instanceof RegExp) return new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, ''))
  try {
    return new RegExp(pattern)
  } catch (cause) {
    throw new StatsError(
      'STATS_ARGUMENT',
      `'${pattern}' is not a regular expression: ${(cause as Error).message}`,
      {
        cause,
      },
    )
  }
}
