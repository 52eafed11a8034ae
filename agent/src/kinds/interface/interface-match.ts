import type { InterfaceItem } from './schema.ts'
import type { Wanted } from '../handler.ts'
import { derivedMac, fingerprintOf, initialMac, readInterfaceTag } from '../mark.ts'

/** An interface of VPP, with what the dumps of its driver tell. */
export interface Seen {
  readonly swIfIndex: number
  readonly name: string
  readonly type: InterfaceItem['type'] | 'other'
  readonly mac: string
  readonly tag: string
  readonly memif?: { readonly id: number; readonly socketId: number } | undefined
  /** Of a VLAN: the agent's name of its parent, and the tag. */
  readonly vlan?: { readonly parent: string; readonly tag: number } | undefined
}

/** Whose an interface is. */
export interface Match {
  readonly key: string
  readonly owned: boolean
  readonly fingerprint: string | undefined
}

/**
 * Tells the agent's interfaces from others: by their tag, and by what they are when the agent died between making and
 * tagging them.
 */
export class Matcher {
  readonly #wanted: Wanted
  readonly #taken = new Set<string>()

  constructor(wanted: Wanted) {
    this.#wanted = wanted
  }

  match(seen: Seen): Match {
    const tag = readInterfaceTag(seen.tag)
    if (tag !== undefined) return this.#own(seen, tag.name, tag.fingerprint)
    if (seen.tag === '') {
      for (const item of this.#wanted.interfaces.values()) {
        if (!this.#taken.has(item.name) && isUntagged(item, seen)) {
          return this.#own(seen, item.name, untaggedFingerprint(item, seen))
        }
      }
      const gone = this.#wanted.goneInterfaces.some((item) => isUntagged(item, seen))
      if (gone) return { key: `${seen.name}~${seen.swIfIndex}`, owned: true, fingerprint: undefined }
    }
    // An item may have the name that VPP gives an interface of somebody else.
    const key = this.#wanted.interfaces.has(seen.name) ? `~${seen.name}` : seen.name
    return { key, owned: false, fingerprint: undefined }
  }

  /** A second interface of one name is one too many. */
  #own({ swIfIndex }: Seen, name: string, fingerprint: string | undefined): Match {
    const key = this.#taken.has(name) ? `${name}~${swIfIndex}` : name
    this.#taken.add(name)
    return { key, owned: true, fingerprint }
  }
}

/** True when an interface without a tag is what making this item gives. */
function isUntagged(item: InterfaceItem, seen: Seen): boolean {
  if (item.type !== seen.type) return false
  switch (item.type) {
    case 'loopback':
      return seen.mac === initialMac(item)
    case 'memif':
      return item.id === seen.memif?.id && item.socket === seen.memif.socketId
    case 'vlan':
      return item.parent === seen.vlan?.parent && item.vlan === seen.vlan.tag
    case 'tap':
      // VPP makes it with its tag.
      return false
  }
}

/** A memif keeps a secret, so without a tag nothing but the address that the agent made up tells how it was made. */
function untaggedFingerprint(item: InterfaceItem, seen: Seen): string | undefined {
  if (item.type === 'memif' && seen.mac !== derivedMac(item)) return undefined
  return fingerprintOf(item)
}
