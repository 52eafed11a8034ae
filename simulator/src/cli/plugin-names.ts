/** Modules of the API that are in a plugin of another name. */
const PLUGIN_OF: Readonly<Record<string, string>> = {
  dhcp6_ia_na_client_cp: 'dhcp',
  dhcp6_pd_client_cp: 'dhcp',
  gateway: 'sfdp_services',
  graph: 'tracedump',
  interface_input: 'sfdp_services',
  ioam_cache: 'ioam',
  ioam_export: 'ioam',
  ioam_vxlan_gpe: 'ioam',
  lcp: 'linux_cp',
  lisp_gpe: 'lisp',
  nat: 'sfdp_services',
  nat44_ed: 'nat',
  one: 'lisp',
  pot: 'ioam',
  sr_mobile: 'srv6mobile',
  sr_mpls: 'srmpls',
  tapv2: 'tap',
  tcp_check: 'sfdp_services',
  tls_openssl: 'tlsopenssl',
  trace: 'ioam',
  udp_ping: 'ioam',
  vhost_user: 'vhost',
  vxlan_gpe: 'vxlan-gpe',
  vxlan_gpe_ioam_export: 'ioam',
}

/** Plugins that add no messages to the API, by the release from which on VPP has them. */
const WITHOUT_MESSAGES: Readonly<Record<string, readonly string[]>> = {
  '26.06': [
    'bufmon',
    'dispatch_trace',
    'dma_intel',
    'dpdk',
    'fateshare',
    'hs_apps',
    'hsi',
    'http',
    'ila',
    'ip6_dad_autoremove',
    'linux_nl',
    'osi',
    'perfmon',
    'ppp',
    'prom',
    'quic',
    'soft_rss',
    'srv6ad',
    'srv6adflow',
    'srv6am',
    'srv6as',
    'tracepath',
  ],
}

/** Files of a release's plugins, in VPP's order. @param modules modules of the API that are plugins */
export function pluginFiles(release: string, modules: readonly string[]): string[] {
  const plugins = modules.filter((name) => !name.endsWith('_types')).map((name) => PLUGIN_OF[name] ?? name)
  const since = Object.keys(WITHOUT_MESSAGES).findLast((name) => /^\d/.test(release) && name <= release)
  const all = [...plugins, ...(WITHOUT_MESSAGES[since ?? ''] ?? [])]
  return [...new Set(all)].map((name) => `${name}_plugin.so`).sort()
}
