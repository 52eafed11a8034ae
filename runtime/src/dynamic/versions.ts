const VERSION = /_v(\d+)(?=_|$)/g

/** Number of a message's version: 3 of `tap_create_v3`, 1 where the name has none. */
function versionOf(name: string): number {
  const last = [...name.matchAll(VERSION)].at(-1)
  return last === undefined ? 1 : Number(last[1])
}

/** What all versions of a message have in common: `tap_create` of `tap_create_v3`. */
function familyOf(name: string): string {
  return name.replace(VERSION, '')
}

/** Versions of the message `name` among `known`, the newest first. */
export function versionsOf(name: string, known: Iterable<string>): string[] {
  const family = familyOf(name)
  const versions: string[] = []
  for (const candidate of known) if (familyOf(candidate) === family) versions.push(candidate)
  return versions.sort((a, b) => versionOf(b) - versionOf(a))
}
