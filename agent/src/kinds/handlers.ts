import { acl } from './acl/handler.ts'
import { aclBinding } from './acl/binding.ts'
import { address } from './interface/address.ts'
import { bridgeDomain } from './bridge-domain/handler.ts'
import { bridgeMember } from './bridge-domain/member.ts'
import type { Handler } from './handler.ts'
import { interfaces } from './interface/handler.ts'
import { memifSocket } from './memif-socket/handler.ts'
import { nat44Static } from './nat44-static/handler.ts'
import { neighbour } from './neighbour/handler.ts'
import type { Kind } from './object.ts'
import { route } from './route/handler.ts'
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
