import type { Api } from './api.ts'
import type { StatusView } from './item-state.ts'
import { itemPath, type KindView } from './kinds.ts'
import { instancePath } from './paths.ts'

/** An item that VPP should have, as the agent reports it. */
export interface ItemView {
  readonly key: string
  readonly item: Readonly<Record<string, unknown>> & { readonly kind: string }
  readonly status: StatusView
  /** Who declares it. */
  readonly origin: string
  /** Others who declare it; what they want is not in force. */
  readonly others: readonly { readonly origin: string; readonly agrees: boolean }[]
}

/** Which items are asked for. */
export interface ItemQuery {
  readonly kind?: string
  readonly state?: string
  readonly origin?: string
  readonly search?: string
  readonly limit: number
  readonly offset: number
}

/** A part of the items. @throws ApiError; the reason of the signal */
export async function listItems(
  api: Api,
  instance: string,
  query: ItemQuery,
  signal?: AbortSignal,
): Promise<{ total: number; items: ItemView[] }> {
  return await api.get(instancePath(instance, 'desired'), { ...query }, signal)
}

/** An item, and what names the state in which it was. @throws ApiError */
export async function getItem(
  api: Api,
  instance: string,
  kind: KindView,
  key: string,
): Promise<{ view: ItemView; tag: string | null }> {
  const { path, query } = itemPath(instance, kind, key)
  const { value, tag } = await api.getTagged<ItemView & { readonly desired?: ItemView }>(path, query)
  // An interface is reported with its state in VPP.
  return { view: value.desired ?? value, tag }
}
