/** What the address of the page names behind `#`: a view, something in it, and how it is shown. */
export interface Address {
  readonly view: string
  readonly parts: readonly string[]
  readonly query: URLSearchParams
}

/** Reads an address as {@link addressOf} writes it. A part that is not encoded properly is taken as it stands. */
export function readAddress(hash: string): Address {
  const text = hash.replace(/^#/, '')
  const mark = text.indexOf('?')
  const path = mark < 0 ? text : text.slice(0, mark)
  const [view = '', ...parts] = path.split('/').map(decoded)
  return { view, parts, query: new URLSearchParams(mark < 0 ? '' : text.slice(mark + 1)) }
}

/** The address of a view, or of something in it, with `#`. */
export function addressOf(
  view: string,
  parts: readonly string[] = [],
  query: Readonly<Record<string, string>> = {},
): string {
  const path = [view, ...parts].map(encodeURIComponent).join('/')
  const parameters = new URLSearchParams(query).toString()
  return `#${path}${parameters === '' ? '' : `?${parameters}`}`
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
