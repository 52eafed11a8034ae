/**
 * Messages of `memclnt`, of VPP 24.10 to 26.06, by name and CRC: VPP leaves this module out of what `get_api_json` tells.
 * A test compares the list with the definitions in `api-json/`.
 */
export const MEMCLNT_MESSAGES: readonly string[] = [
  'memclnt_create_9c5e1c2f',
  'memclnt_create_reply_42ec4560',
  'memclnt_delete_7e1c04e3',
  'memclnt_delete_reply_3d3b6312',
  'rx_thread_exit_c3a3a452',
  'memclnt_rx_thread_suspend_c3a3a452',
  'memclnt_read_timeout_c3a3a452',
  'rpc_call_7e8a2c95',
  'rpc_call_reply_e8d4e804',
  'get_first_msg_id_ebf79a66',
  'get_first_msg_id_reply_7d337472',
  'api_versions_51077d14',
  'api_versions_reply_5f0d99d6',
  'trace_plugin_msg_ids_f476d3ce',
  'sockclnt_create_455fb9c4',
  'sockclnt_create_reply_35166268',
  'sockclnt_delete_8ac76db6',
  'sockclnt_delete_reply_8f38b1ee',
  'sock_init_shm_51646d92',
  'sock_init_shm_reply_e8d4e804',
  'memclnt_keepalive_51077d14',
  'memclnt_keepalive_reply_e8d4e804',
  'control_ping_51077d14',
  'control_ping_reply_f6b0b8ca',
  'memclnt_create_v2_c4bd4882',
  'memclnt_create_v2_reply_42ec4560',
  'get_api_json_51077d14',
  'get_api_json_reply_ea715b59',
]
