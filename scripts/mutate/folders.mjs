/** Folders of `runtime/src` that mutants are made in. */
export const FOLDERS = ['codec', 'session', 'connection', 'channel', 'rpc', 'events', 'transport']
