import type { WantedView } from '../descriptor.ts'
import { fingerprintOf, isDerivedMac, isInitialMac, readInterfaceTag } from '../mark.ts'
import type { InterfaceItem } from './schema.ts'
import { numberOf, tagsOf } from './tags.ts'
import type { InterfaceValue } from './value.ts'

/** What the dump of memifs reports of one. */
export interface SeenMemif {
  readonly id: number
  readonly socketId: number
  readonly role: 'master' | 'slave'
}

/** An interface of VPP, with what the dumps of its driver tell. */
export interface Seen {
  readonly swIfIndex: number
  readonly name: string
  readonly type: InterfaceValue['type']
  readonly mac: string
  readonly tag: string
  readonly memif?: SeenMemif | undefined
  /** Of a sub-interface: index of its parent, its number, and what packets it takes, as text. */
  readonly sub?: { readonly parent: number; readonly id: number; readonly tags: string } | undefined
  /** Number of a bond. */
  readonly bond?: number | undefined
}

/** Whose an interface is. */
export interface Match {
  readonly key: string
  readonly foreign: boolean
  readonly fingerprint: string | undefined
  /** Configured by an item, but not made by the agent. */
  readonly adopted: boolean
}

/**
 * Tells the agent's interfaces from others: by their tag, by what they are when the agent died between making and
 * tagging them, and by VPP's name for those that an item adopts. No two interfaces have one key.
 */
export class Matcher {
  readonly #wanted: WantedView
  readonly #identity: string
  readonly #made: readonly InterfaceItem[]
  readonly #gone: readonly InterfaceItem[]
  readonly #matches = new Map<number, Match>()
  readonly #taken = new Set<string>()

  /** @param identity see `Vpp.identity` */
  constructor(wanted: WantedView, identity: string) {
    this.#wanted = wanted
    this.#identity = identity
    this.#made = [...wanted.items<InterfaceItem>('interface')].filter((item) => item.type !== 'existing')
    this.#gone = [...wanted.gone<InterfaceItem>('interface')].filter((item) => item.type !== 'existing')
  }

  /** Matches interfaces by index; parents first, so that those of VLANs are known by name. */
  match(all: readonly Seen[]): ReadonlyMap<number, Match> {
    // What is tagged has its name before anything else can take it.
    for (const seen of all) this.#matchTagged(seen)
    for (const seen of all) if (seen.sub === undefined) this.#matchUntagged(seen)
    for (const seen of all) if (seen.sub !== undefined) this.#matchUntagged(seen)
    return this.#matches
  }

  #matchTagged(seen: Seen): void {
    const tag = readInterfaceTag(seen.tag)
    if (tag === undefined) return
    // A second interface of one name is one too many.
    const key = this.#taken.has(tag.name) ? `${tag.name}~${seen.swIfIndex}` : tag.name
    this.#take(seen, { key, foreign: false, fingerprint: tag.fingerprint, adopted: false })
  }

  #matchUntagged(seen: Seen): void {
    if (this.#matches.has(seen.swIfIndex)) return
    if (seen.tag === '') {
      const item = this.#made.find((it) => !this.#taken.has(it.name) && this.#isUntagged(it, seen))
      if (item !== undefined) {
        const fingerprint = untaggedFingerprint(item, seen, this.#identity)
        this.#take(seen, { key: item.name, foreign: false, fingerprint, adopted: false })
        return
      }
      if (this.#gone.some((it) => this.#isUntagged(it, seen))) {
        const key = `${seen.name}~${seen.swIfIndex}`
        this.#take(seen, { key, foreign: false, fingerprint: undefined, adopted: false })
        return
      }
    }
    const key = this.#taken.has(seen.name) ? `~${seen.name}` : seen.name
    const item = this.#wanted.item<InterfaceItem>({ kind: 'interface', key })
    const adopted = item?.type === 'existing'
    const fingerprint = adopted ? fingerprintOf(item) : undefined
    this.#take(seen, { key, foreign: !adopted, fingerprint, adopted })
  }

  #take({ swIfIndex }: Seen, match: Match): void {
    this.#taken.add(match.key)
    this.#matches.set(swIfIndex, match)
  }

  /** True when an interface without a tag is what making this item gives. */
  #isUntagged(item: InterfaceItem, seen: Seen): boolean {
    if (item.type !== seen.type) return false
    switch (item.type) {
      case 'loopback':
        return isInitialMac(seen.mac, item, this.#identity)
      case 'memif':
        return item.id === seen.memif?.id && item.socket === seen.memif.socketId
      case 'vlan': {
        const parent = seen.sub === undefined ? undefined : this.#matches.get(seen.sub.parent)?.key
        return item.parent === parent && numberOf(item) === seen.sub?.id && tagsOf(item) === seen.sub.tags
      }
      case 'bond':
        return isInitialMac(seen.mac, item, this.#identity)
      default:
        // VPP makes taps with their tag; existing interfaces are not made.
        return false
    }
  }
}

/** VPP does not report the secret of a memif, so without a tag only the generated address shows how it was created. */
function untaggedFingerprint(item: InterfaceItem, seen: Seen, identity: string): string | undefined {
  if (item.type === 'memif' && !isDerivedMac(seen.mac, item, identity)) return undefined
  return fingerprintOf(item)
}
