import { importText, IdlError, type ApiMessageFacts } from '../../idl/index.ts'
import type { ApiDocument } from '../document.ts'
import { printFields, printTypes, referencesOf, type CompatibleMembers } from './api-text.ts'

/** Messages that are looked at for one enum, and combinations that are tried for one message. */
const MOST_WITNESSES = 20
const MOST_TRIES = 1000

type Message = ApiDocument['messages'][number]

/** A message that uses the enum in question. */
interface Witness {
  readonly document: ApiDocument
  readonly message: Message
  /** Names of all types that it is made of. */
  readonly used: ReadonlySet<string>
}

/**
 * Finds out how many of the last members of each enum do not count for CRCs. VPP marks them `backwards_compatible` in
 * the `.api` file only, but the CRCs of the messages that use the enum tell: only with the right number they come out.
 *
 * @param enums names of the enums
 * @param documents where messages that use them are looked for
 * @returns for the enums that can be told; of others all members count
 */
export function findCompatibleMembers(
  enums: Iterable<string>,
  documents: readonly ApiDocument[],
): CompatibleMembers {
  const witnesses = new Map([...enums].map((name) => [name, witnessesOf(name, documents)]))
  const found = new Map<string, number>()
  for (const [name, seen] of witnesses) if (!found.has(name)) findAlone(name, seen, found)
  // What is left occurs only together with another enum that has such members.
  for (const [name, seen] of witnesses) if (!found.has(name)) findTogether(name, seen, found)
  return found
}

function witnessesOf(name: string, documents: readonly ApiDocument[]): Witness[] {
  const found: Witness[] = []
  for (const document of documents) {
    if (membersOf(name, document) === 0) continue
    for (const message of document.messages) {
      const used = typesIn(message, document)
      if (used.has(name)) found.push({ document, message, used })
      if (found.length === MOST_WITNESSES) return found
    }
  }
  return found
}

function findAlone(name: string, witnesses: readonly Witness[], found: Map<string, number>): void {
  for (const witness of witnesses) {
    for (let count = 0; count <= membersOf(name, witness.document); count++) {
      if (explains(witness, new Map([...found, [name, count]]))) {
        found.set(name, count)
        return
      }
    }
  }
}

function findTogether(name: string, witnesses: readonly Witness[], found: Map<string, number>): void {
  const [witness] = witnesses
  if (witness === undefined) return
  const { document, used } = witness
  const others = [...used].filter((it) => it !== name && !found.has(it) && membersOf(it, document) > 0)
  let tries = 0
  for (const other of others) {
    for (let count = 0; count <= membersOf(name, document); count++) {
      for (let more = 0; more <= membersOf(other, document); more++) {
        if (++tries > MOST_TRIES) return
        const both: [string, number][] = [
          [name, count],
          [other, more],
        ]
        if (!explains(witness, new Map([...found, ...both]))) continue
        for (const [it, counted] of both) found.set(it, counted)
        return
      }
    }
  }
}

/** True when the message has its CRC with these members left out. */
function explains({ document, message, used }: Witness, compatible: CompatibleMembers): boolean {
  const [, , ...fields] = message
  const text = `${printTypes(document, used, compatible)}
    define probe ${printFields(fields)};
    service { rpc probe returns null; };`
  try {
    const probe = importText(new Map([['probe.api', text]])).modules[0]?.json.messages[0]
    return factsOf(probe)?.crc === factsOf(message)?.crc
  } catch (error) {
    if (error instanceof IdlError) return false
    throw error
  }
}

function factsOf(message: Message | undefined): ApiMessageFacts | undefined {
  return message?.at(-1) as ApiMessageFacts | undefined
}

/** Names of all types that a message is made of. */
function typesIn([, ...items]: Message, { types, unions = [], aliases = {} }: ApiDocument): Set<string> {
  const blocks = new Map([...types, ...unions].map(([name, ...fields]) => [name, fields]))
  const used = new Set<string>()
  const visit = (name: string): void => {
    if (used.has(name)) return
    used.add(name)
    const alias = Object.hasOwn(aliases, name) ? aliases[name] : undefined
    const parts = alias === undefined ? (blocks.get(name) ?? []) : [[alias.type, name]]
    for (const reference of referencesOf(parts)) visit(reference)
  }
  for (const reference of referencesOf(items)) visit(reference)
  return used
}

/** How many members an enum has; 0 when it is not there. */
function membersOf(name: string, { enums = [], enumflags = [] }: ApiDocument): number {
  const found = [...enums, ...enumflags].find(([other]) => other === name)
  return found?.filter((item) => Array.isArray(item)).length ?? 0
}
