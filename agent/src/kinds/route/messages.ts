import { IpRouteAddDelV2, IpRouteLookupV2, IpRouteV2Details, IpRouteV2Dump } from '@vpp-ts/binapi-ip'
import { CLI_MESSAGES } from '../cli-messages.ts'
import { derived, indexOf, item, unused, uses } from '../uses.ts'

/** What the fields of a path mean, of routes and of what else has paths. */
export const ROUTE_PATH_USES = {
  swIfIndex: indexOf('paths[].interface'),
  tableId: item('paths[].table'),
  rpfId: unused('multicast only'),
  weight: item('paths[].weight'),
  preference: item('paths[].preference'),
  type: derived('normal, or what `drop`, `reject` and `local` say'),
  flags: unused('a next hop may be resolved by any route'),
  proto: derived('the family of the prefix'),
  nh: {
    address: item('paths[].nextHop'),
    viaLabel: unused('routes of labels'),
    objId: unused('objects of other plugins'),
    classifyTableIndex: unused('classifiers'),
  },
  nLabels: derived('the number of `paths[].labels`'),
  labelStack: {
    isUniform: unused('VPP does not tell it'),
    label: item('paths[].labels[].label'),
    ttl: item('paths[].labels[].ttl'),
    exp: item('paths[].labels[].exp'),
  },
}

const route = {
  tableId: item('table'),
  statsIndex: unused('VPP chooses it'),
  prefix: item('prefix'),
  src: derived("the agent's own source of routes"),
  paths: ROUTE_PATH_USES,
}

/** Messages of routes. */
export const ROUTE_MESSAGES = [
  uses(IpRouteAddDelV2, {
    isAdd: derived('true to make or change it, false to remove it'),
    isMultipath: unused('all paths are told at once'),
    route,
  }),
  uses(IpRouteV2Dump, {
    src: derived("the agent's own source of routes"),
    table: {
      tableId: derived('every table'),
      isIp6: derived('every table'),
      name: unused('the number says it'),
    },
  }),
  uses(IpRouteV2Details, { route }),
  uses(IpRouteLookupV2, { tableId: item('table'), exact: derived('1'), prefix: item('prefix') }),
  ...CLI_MESSAGES,
]
