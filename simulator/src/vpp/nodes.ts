import type { VppCounters } from '../stats/vpp-counters.ts'

/** Graph nodes that the stats tell of, with the reasons for which they drop packets. */
export const NODES: Readonly<Record<string, readonly string[]>> = {
  'null-node': [],
  'error-drop': [],
  'error-punt': [],
  'interface-output': ['interface_down'],
  'ethernet-input': ['no error', 'bad ethernet type', 'unknown vlan', 'l3 mac mismatch'],
  'arp-input': ['Request', 'Reply'],
  'arp-reply': ['ARP replies sent'],
  'ip4-input': ['bad ip4 header checksum', 'ip4 ttl <= 1'],
  'ip4-lookup': [],
  'ip4-local': ['ip4 local packets', 'unknown ip protocol'],
  'ip4-drop': ['ip4 adjacency drop'],
  'ip4-icmp-input': ['unknown type', 'ip4 reassembly drop'],
  'ip6-input': ['ip6 source lookup miss', 'ip6 ttl <= 1'],
  'ip6-lookup': [],
  'ip6-drop': [],
  'l2-input': ['L2 input packets'],
  'l2-flood': ['L2 flood packets'],
  'l2-learn': ['L2 learn packets'],
  'memif-input': ['no free tx slots'],
}

/** Publishes the nodes. */
export function publishNodes(counters: VppCounters): void {
  for (const [node, errors] of Object.entries(NODES)) {
    counters.addNode(node)
    for (const error of errors) counters.addError(node, error)
  }
}
