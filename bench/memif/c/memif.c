/* Moves packets with libmemif: memif-c SOCKET WORK BYTES BUFFER BURST QUEUES MILLISECONDS prints OPERATIONS SECONDS. */
#include <libmemif.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST 256
#define WINDOW 512

static const unsigned char header[14] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0};
static memif_conn_handle_t link_up;
static memif_buffer_t received[MOST], sending[MOST];
static unsigned seen;
static int bytes, queues, burst;

static int on_connect(memif_conn_handle_t conn, void *context) {
  (void)context;
  for (int queue = 0; queue < queues; queue++) {
    memif_set_rx_mode(conn, MEMIF_RX_MODE_POLLING, queue);
    memif_refill_queue(conn, queue, -1, 0);
  }
  link_up = conn;
  return 0;
}

static int on_disconnect(memif_conn_handle_t conn, void *context) {
  (void)conn, (void)context;
  return 0;
}

static int on_interrupt(memif_conn_handle_t conn, void *context, uint16_t queue) {
  (void)conn, (void)context, (void)queue;
  return 0;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static int receive(int queue) {
  uint16_t count = 0;
  memif_rx_burst(link_up, queue, received, burst, &count);
  for (int n = 0; n < count; n++) seen ^= *(unsigned char *)received[n].data;
  return count;
}

static int move_received(int queue) {
  int count = receive(queue);
  memif_refill_queue(link_up, queue, count, 0);
  return count;
}

static int move_sent(int queue) {
  uint16_t count = 0, sent = 0;
  memif_buffer_alloc(link_up, queue, sending, burst, &count, bytes);
  for (int n = 0; n < count; n++) {
    unsigned char *data = sending[n].data;
    memcpy(data, header, sizeof header);
    seen++;
    data[14] = seen;
    data[15] = seen >> 8;
  }
  memif_tx_burst(link_up, queue, sending, count, &sent);
  return sent;
}

static int move_echo(int queue) {
  uint16_t count = 0, sent = 0;
  int waiting = receive(queue);
  if (waiting == 0) return 0;
  memif_buffer_alloc(link_up, queue, sending, waiting, &count, bytes);
  for (int n = 0; n < count; n++) {
    memcpy(sending[n].data, received[n].data, received[n].len);
    sending[n].len = received[n].len;
  }
  memif_tx_burst(link_up, queue, sending, count, &sent);
  memif_refill_queue(link_up, queue, waiting, 0);
  return sent;
}

static int move_all(int (*move)(int)) {
  int moved = 0;
  for (int queue = 0; queue < queues; queue++) moved += move(queue);
  return moved;
}

static int connect_to(const char *path, int buffer) {
  memif_socket_handle_t socket;
  memif_socket_args_t socket_args = {.app_name = "bench"};
  memif_conn_args_t args = {.num_s2m_rings = queues, .num_m2s_rings = queues, .interface_name = "bench"};
  args.buffer_size = buffer;
  memif_conn_handle_t conn;
  strncpy(socket_args.path, path, sizeof socket_args.path - 1);
  if (memif_create_socket(&socket, &socket_args, NULL)) return 1;
  args.socket = socket;
  if (memif_create(&conn, &args, on_connect, on_disconnect, on_interrupt, NULL)) return 1;
  for (double limit = now() + 10; link_up == NULL && now() < limit;) memif_poll_event(socket, 100);
  return link_up == NULL;
}

int main(int argc, char **argv) {
  if (argc != 8) return 2;
  const char *work = argv[2];
  bytes = atoi(argv[3]);
  burst = atoi(argv[5]) < MOST ? atoi(argv[5]) : MOST;
  queues = atoi(argv[6]);
  double limit = atof(argv[7]) / 1000;
  int echo = strcmp(work, "echo") == 0;
  int (*move)(int) = echo ? move_echo : strcmp(work, "sent") == 0 ? move_sent : move_received;
  if (connect_to(argv[1], atoi(argv[4]))) return fprintf(stderr, "not connected\n"), 1;
  for (int queue = 0; echo && queue < queues; queue++)
    for (int sent = 0; sent < WINDOW;) sent += move_sent(queue);
  for (double late = now() + 5; move_all(move) == 0;)
    if (now() > late) return fprintf(stderr, "testpmd moves no packets\n"), 1;
  long operations = 0;
  double start = now(), elapsed;
  do {
    for (int n = 0; n < 64; n++) operations += move_all(move);
  } while ((elapsed = now() - start) < limit);
  printf("%ld %f\n", operations, elapsed);
  return 0;
}
