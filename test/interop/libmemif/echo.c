/* Echoes on every queue of a memif, as a client of libmemif or as its server, until it is killed. Prints a line for each
 * change of the link. Usage: echo client|server SOCKET QUEUES */
#include <libmemif.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BURST 64

static int
connected (memif_conn_handle_t conn, void *context)
{
  memif_details_t details;
  char text[2048];
  (void) context;
  memset (&details, 0, sizeof (details));
  memif_get_details (conn, &details, text, sizeof (text));
  for (uint16_t queue = 0; queue < details.rx_queues_num; queue++)
    memif_refill_queue (conn, queue, (uint16_t) -1, 0);
  printf ("connected %d\n", details.rx_queues_num);
  return 0;
}

static int
disconnected (memif_conn_handle_t conn, void *context)
{
  (void) conn;
  (void) context;
  puts ("disconnected");
  return 0;
}

static int
interrupted (memif_conn_handle_t conn, void *context, uint16_t queue)
{
  memif_buffer_t received[BURST], sent[BURST];
  uint16_t count = 0, allocated, written;
  int more;
  (void) context;
  do
    {
      more = memif_rx_burst (conn, queue, received, BURST, &count) == MEMIF_ERR_NOBUF;
      for (uint16_t i = 0; i < count; i++)
	{
	  if (memif_buffer_alloc (conn, queue, sent, 1, &allocated, received[i].len) != 0)
	    continue;
	  memcpy (sent[0].data, received[i].data, received[i].len);
	  sent[0].len = received[i].len;
	  memif_tx_burst (conn, queue, sent, allocated, &written);
	}
      memif_refill_queue (conn, queue, count, 0);
    }
  while (more);
  return 0;
}

int
main (int count, char **words)
{
  memif_socket_args_t socket_args;
  memif_conn_args_t args;
  memif_socket_handle_t socket;
  memif_conn_handle_t conn;
  int error;

  if (count != 4)
    return 2;
  setvbuf (stdout, NULL, _IOLBF, 0);
  memset (&socket_args, 0, sizeof (socket_args));
  snprintf (socket_args.path, sizeof (socket_args.path), "%s", words[2]);
  snprintf (socket_args.app_name, sizeof (socket_args.app_name), "libmemif-echo");
  socket_args.connection_request_timer.it_value.tv_nsec = 20000000;
  socket_args.connection_request_timer.it_interval.tv_nsec = 20000000;
  if ((error = memif_create_socket (&socket, &socket_args, NULL)) != 0)
    {
      printf ("failed %s\n", memif_strerror (error));
      return 1;
    }
  memset (&args, 0, sizeof (args));
  args.socket = socket;
  args.is_master = strcmp (words[1], "server") == 0;
  args.num_s2m_rings = args.num_m2s_rings = atoi (words[3]);
  snprintf ((char *) args.interface_name, sizeof (args.interface_name), "echo0");
  if ((error = memif_create (&conn, &args, connected, disconnected, interrupted, NULL)) != 0)
    {
      printf ("failed %s\n", memif_strerror (error));
      return 1;
    }
  puts ("ready");
  while (memif_poll_event (socket, -1) == 0)
    ;
  return 0;
}
