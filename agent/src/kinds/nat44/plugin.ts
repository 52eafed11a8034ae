import { ifAvailable } from '../available.ts'
import type { Actual, ObjectDescriptor, Part, Vpp } from '../descriptor.ts'
import { tableId } from '../table/object.ts'
import { PLUGIN_MESSAGES } from './messages.ts'
import { EI_FLAG, MODES, ed, ei, isMade, pluginOf } from './mode.ts'
import type { Nat44Mode } from './schema.ts'
import { sameSettings, setSettings, settingsOf, type Nat44Settings } from './settings.ts'
import { sidesOf } from './side.ts'

/** What NAT44 is turned on with; what is undefined may be as it is. */
export interface Nat44Options {
  readonly insideTable: number | undefined
  readonly outsideTable: number | undefined
  readonly sessions: number | undefined
  readonly users: number | undefined
  readonly userSessions: number | undefined
  readonly staticOnly: boolean | undefined
  readonly connectionTracking: boolean | undefined
}

/** NAT44 of a mode, turned on. */
export interface Nat44PluginValue {
  readonly mode: Nat44Mode
  /** Undefined for those who only need it. */
  readonly options: Nat44Options | undefined
  readonly settings: Nat44Settings | undefined
}

/** The switch, for an item that needs it. */
export function pluginFor(
  mode: Nat44Mode,
  options?: Nat44Options,
  settings?: Nat44Settings,
): Part<Nat44PluginValue> {
  return { kind: 'nat44-plugin', key: mode, value: { mode, options, settings } }
}

/**
 * The switch of a mode. VPP keeps no mark on it, so it is the agent's where it has recorded that it turned it on.
 * Turning it off removes everything in the mode, so it stays on while VPP has anything there that is not the agent's.
 */
export const nat44Plugin: ObjectDescriptor<Nat44PluginValue> = {
  kind: 'nat44-plugin',
  messages: PLUGIN_MESSAGES,
  plugin: pluginOf,
  itemsOf: ({ key }) => [{ kind: 'nat44', key }],
  dependsOn: ({ options }) =>
    [options?.insideTable, options?.outsideTable].flatMap((table) => tableId(4, table ?? 0) ?? []),
  recorded: () => true,
  uniform: (one, other) => (other.options === undefined ? one : other),
  usable: (wanted, has) => fits(wanted, has) && isSet(wanted, has),

  compare(wanted, has) {
    if (!fits(wanted, has)) return 'replace'
    return isSet(wanted, has) ? 'same' : 'update'
  },

  async look(vpp, wanted) {
    const found = await Promise.all(MODES.map((mode) => ifAvailable(() => configOf(vpp, mode))))
    return found.flat().map((value): Actual<Nat44PluginValue> => {
      const foreign = !isMade(wanted, 'nat44-plugin', value.mode)
      return { kind: 'nat44-plugin', key: value.mode, foreign, value }
    })
  },

  async create(vpp, { value: { mode, options, settings } }) {
    const common = {
      enable: true,
      insideVrf: options?.insideTable ?? 0,
      outsideVrf: options?.outsideTable ?? 0,
      sessions: options?.sessions ?? 0,
    }
    if (mode === 'ed') await ed(vpp).nat44EdPluginEnableDisable(common)
    else {
      const staticOnly = options?.staticOnly === true ? EI_FLAG.staticOnly : 0
      const tracking = options?.connectionTracking === true ? EI_FLAG.connectionTracking : 0
      await ei(vpp).nat44EiPluginEnableDisable({
        ...common,
        users: options?.users ?? 0,
        userSessions: options?.userSessions ?? 0,
        flags: staticOnly | tracking,
      })
    }
    if (settings !== undefined) await setSettings(vpp, mode, settings)
    return undefined
  },

  async update(vpp, { value: { mode, settings } }) {
    if (settings !== undefined) await setSettings(vpp, mode, settings)
  },

  async remove(vpp, { value: { mode } }) {
    if (await hasAnything(vpp, mode)) return
    if (mode === 'ed') await ed(vpp).nat44EdPluginEnableDisable({ enable: false })
    else await ei(vpp).nat44EiPluginEnableDisable({ enable: false })
  },
}

function fits({ options = undefined }: Nat44PluginValue, has: Nat44PluginValue): boolean {
  if (options === undefined) return true
  const names = Object.keys(options) as (keyof Nat44Options)[]
  return names.every((name) => options[name] === undefined || options[name] === has.options?.[name])
}

function isSet({ settings }: Nat44PluginValue, has: Nat44PluginValue): boolean {
  return settings === undefined || (has.settings !== undefined && sameSettings(settings, has.settings))
}

/** What runs, in a list; VPP has sessions where it is on. */
async function configOf(vpp: Vpp, mode: Nat44Mode): Promise<Nat44PluginValue[]> {
  if (mode === 'ed') {
    const { insideVrf, outsideVrf, sessions } = await ed(vpp).nat44ShowRunningConfig()
    if (sessions === 0) return []
    const none = {
      users: undefined,
      userSessions: undefined,
      staticOnly: undefined,
      connectionTracking: undefined,
    }
    const options = { insideTable: insideVrf, outsideTable: outsideVrf, sessions, ...none }
    return [{ mode, options, settings: await settingsOf(vpp, mode) }]
  }
  const { insideVrf, outsideVrf, sessions, users, userSessions, flags } =
    await ei(vpp).nat44EiShowRunningConfig()
  if (sessions === 0) return []
  const options = {
    insideTable: insideVrf,
    outsideTable: outsideVrf,
    sessions,
    users,
    userSessions,
    staticOnly: (flags & EI_FLAG.staticOnly) !== 0,
    connectionTracking: (flags & EI_FLAG.connectionTracking) !== 0,
  }
  return [{ mode, options, settings: await settingsOf(vpp, mode) }]
}

async function hasAnything(vpp: Vpp, mode: Nat44Mode): Promise<boolean> {
  const lists: Promise<readonly unknown[]>[] = [sidesOf(vpp, mode)]
  if (mode === 'ed') {
    const client = ed(vpp)
    lists.push(client.nat44AddressDump().toArray(), client.nat44InterfaceAddrDump().toArray())
    lists.push(client.nat44StaticMappingDump().toArray(), client.nat44IdentityMappingDump().toArray())
    lists.push(client.nat44LbStaticMappingDump().toArray())
  } else {
    const client = ei(vpp)
    lists.push(client.nat44EiAddressDump().toArray(), client.nat44EiInterfaceAddrDump().toArray())
    lists.push(client.nat44EiStaticMappingDump().toArray(), client.nat44EiIdentityMappingDump().toArray())
  }
  return (await Promise.all(lists)).some((list) => list.length > 0)
}
