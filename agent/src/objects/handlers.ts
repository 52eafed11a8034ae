import { acl } from './acl.ts'
import { aclBinding } from './acl-binding.ts'
import { address } from './address.ts'
import { bridgeDomain } from './bridge-domain.ts'
import { bridgeMember } from './bridge-member.ts'
import type { Handler } from './handler.ts'
import { interfaces } from './interface.ts'
import { memifSocket } from './memif-socket.ts'
import { nat44Static } from './nat44-static.ts'
import { neighbour } from './neighbour.ts'
import type { Kind } from './object.ts'
import { route } from './route.ts'
import { table } from './table.ts'

const HANDLERS: { readonly [K in Kind]: Handler<K> } = {
  table,
  'memif-socket': memifSocket,
  interface: interfaces,
  address,
  'bridge-domain': bridgeDomain,
  'bridge-member': bridgeMember,
  acl,
  'acl-binding': aclBinding,
  neighbour,
  route,
  'nat44-static': nat44Static,
}

/** Handler of a kind. The compiler cannot see that an object and the handler of its kind go together. */
export function handlerOf(kind: Kind): Handler<Kind> {
  return HANDLERS[kind] as unknown as Handler<Kind>
}
