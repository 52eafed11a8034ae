import type { RpcConnection } from '@vpp-ts/runtime'
import { DeclaredItems } from '../desired/declared-items.ts'
import { KINDS } from '../kinds/built-in.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { AgentError } from '../model/errors.ts'
import { called } from '../model/item-ref.ts'
import { dumpOf, type Dump, type NotDumped } from '../reconcile/dump.ts'
import { GivenItems } from '../reconcile/given-items.ts'
import { WantedObjects } from '../reconcile/wanted.ts'
import type { Leadership, Store } from '../store/store.ts'
import { adopt, type AdoptOptions, type Adopted } from './adopt.ts'

/** Milliseconds that an agent which has just ended may still lead. */
const PATIENCE = 5000
/** Milliseconds after which an agent may lead when this process is gone. */
const LEASE = 5000

/** What VPP has, as items, where no agent keeps it. @throws VppError */
export async function dumpAlone(
  connection: RpcConnection,
  { only, given }: Pick<AdoptOptions, 'only' | 'given'> = {},
  kinds: Kinds = KINDS,
): Promise<Dump> {
  const wanted = new WantedObjects(kinds, new GivenItems(kinds))
  return await dumpOf({ kinds, connection, identity: '', wanted, only, given })
}

/**
 * Takes what VPP has over into the store of an agent that does not run.
 * @param name of the instance
 * @throws AgentError `AGENT_NOT_LEADER` when an agent runs, `AGENT_UNTOLD`, `AGENT_STORE`; VppError
 */
export async function adoptAlone(
  store: Store,
  name: string,
  connection: RpcConnection,
  options: AdoptOptions = {},
  kinds: Kinds = KINDS,
): Promise<Adopted> {
  const leadership = await lead(store, name)
  const declared = new DeclaredItems(store, name, undefined, { changed: ignore, failed: ignore }, kinds)
  const following = declared.follow(ignore)
  try {
    await declared.known()
    const { state } = declared
    const wanted = new WantedObjects(kinds, state)
    await wanted.takeAll()
    const identity = `${await store.identity()} ${name}`
    const dump = await dumpOf({ kinds, connection, identity, wanted, ...options })
    const lost = dump.leftOut.filter(({ isOwn }) => isOwn)
    if (lost.length > 0) throw untold(lost)
    const isNew = state.made('', '') === undefined && state.kept()[Symbol.iterator]().next().done === true
    if (isNew) await declared.records.begin([])
    return await adopt(declared, dump, options)
  } finally {
    declared.close()
    await following.catch(ignore)
    await leadership.resign()
  }
}

/** What the agent that is started next would remove. */
function untold(lost: readonly NotDumped[]): AgentError {
  const lines = lost.map((it) => `${called(it)}: ${it.reason}`)
  return new AgentError(
    'AGENT_UNTOLD',
    `an agent would remove what VPP does not fully report: ${lines.join('; ')}`,
  )
}

function ignore(): void {
  // The caller asks by the store itself.
}

async function lead(store: Store, name: string): Promise<Leadership> {
  const signal = AbortSignal.timeout(PATIENCE)
  try {
    return await store.campaign(name, 'dump', { signal, ttl: LEASE })
  } catch (error) {
    if (!signal.aborted) throw error
    const message = `an agent keeps "${name}"; ask it, or end it first`
    throw new AgentError('AGENT_NOT_LEADER', message)
  }
}
