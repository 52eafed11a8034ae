/** Files of an archive by path. */
export type Members = ReadonlyMap<string, Uint8Array>

/** Under which path a member is kept; undefined: it is passed over. May throw for a path that is unsafe. */
export type Keep = (path: string) => string | undefined
