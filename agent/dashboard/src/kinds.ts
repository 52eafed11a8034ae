import type { Api } from './api.ts'
import type { JsonSchema } from './json-schema.ts'
import { instancePath } from './paths.ts'

/** A kind of items, as the agent describes it. */
export interface KindView {
  readonly kind: string
  /** Path of its items below an instance. */
  readonly collection: string
  readonly keyFields: readonly string[]
  readonly description: string
  readonly examples: readonly Readonly<Record<string, unknown>>[]
  readonly schema: JsonSchema
}

/** The kinds of items that the agent knows, asked for once. */
export class KindList {
  readonly #api: Api
  #kinds: Promise<readonly KindView[]> | undefined

  constructor(api: Api) {
    this.#api = api
  }

  /** @throws ApiError */
  async all(): Promise<readonly KindView[]> {
    this.#kinds ??= this.#load()
    try {
      return await this.#kinds
    } catch (error) {
      this.#kinds = undefined
      throw error
    }
  }

  /** @throws ApiError */
  async of(kind: string): Promise<KindView | undefined> {
    return (await this.all()).find((it) => it.kind === kind)
  }

  async #load(): Promise<readonly KindView[]> {
    const { kinds } = await this.#api.get<{ kinds: KindView[] }>('/api/v1/kinds')
    return kinds
  }
}

/** Where an item is in the agent's REST interface; a route's table is in the query. */
export function itemPath(
  instance: string,
  { kind, collection }: Pick<KindView, 'kind' | 'collection'>,
  key: string,
): { readonly path: string; readonly query: { readonly table?: string } } {
  const [table = '', ...rest] = key.split('/')
  return kind === 'route'
    ? { path: instancePath(instance, collection, rest.join('/')), query: { table } }
    : { path: instancePath(instance, collection, key), query: {} }
}
