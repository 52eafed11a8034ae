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

/** Files of the plugins that modules of the API are in, in VPP's order. */
export function pluginFiles(modules: readonly string[]): string[] {
  const plugins = modules.filter((name) => !name.endsWith('_types')).map((name) => PLUGIN_OF[name] ?? name)
  return [...new Set(plugins)].map((name) => `${name}_plugin.so`).sort()
}
