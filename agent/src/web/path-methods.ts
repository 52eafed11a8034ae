/** Which methods the paths of a server take, for those who use another. */
export class PathMethods {
  readonly #methods = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>()

  /** @param url as fastify writes it, with `:name` for a part and `*` for the rest */
  add(url: string, method: string | readonly string[]): void {
    const known = this.#methods.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() }
    this.#methods.set(url, known)
    for (const one of typeof method === 'string' ? [method] : method) known.methods.add(one)
  }

  /** Methods that a path takes, in the order of the alphabet; none when nothing is served there. */
  of(url: string): string[] {
    const [path = ''] = url.split('?')
    const found = [...this.#methods.values()].filter(({ pattern }) => pattern.test(path))
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort()
  }
}

function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part === '*') return '.+'
    return part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  })
  return new RegExp(`^${parts.join('/')}/?$`)
}
