/*
 * Measures reading a stats segment with VPP's C client. Lines of standard input name a case and a time in
 * milliseconds; each is answered with the number of operations and the seconds they took.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vpp-api/client/stat_client.h>
#include <vppinfra/mem.h>

static volatile uint64_t sink;

/* Indexes of the entries that match, as the client's list call gives them. */
static uint32_t *
list (const char **patterns)
{
  uint8_t **vector = 0;
  for (; *patterns != 0; patterns++)
    vector = stat_segment_string_vector (vector, *patterns);
  uint32_t *indexes = stat_segment_ls (vector);
  for (int i = 0; i < stat_segment_vec_len (vector); i++)
    stat_segment_vec_free (vector[i]);
  stat_segment_vec_free (vector);
  return indexes;
}

static stat_segment_data_t *
dump (uint32_t *indexes)
{
  stat_segment_data_t *data = stat_segment_dump (indexes);
  if (data == 0)
    {
      fprintf (stderr, "the segment has changed\n");
      exit (1);
    }
  return data;
}

/* Sums of every column over all rows, for the use of a view. */
static uint64_t *
sum_simple (counter_t **rows, int *length)
{
  int n = stat_segment_vec_len (rows);
  *length = n == 0 ? 0 : stat_segment_vec_len (rows[0]);
  uint64_t *sums = calloc (*length + 1, sizeof (uint64_t));
  for (int row = 0; row < n; row++)
    for (int i = 0; i < stat_segment_vec_len (rows[row]) && i < *length; i++)
      sums[i] += rows[row][i];
  return sums;
}

static uint64_t *
sum_combined (vlib_counter_t **rows, int *length)
{
  int n = stat_segment_vec_len (rows);
  *length = n == 0 ? 0 : stat_segment_vec_len (rows[0]);
  uint64_t *sums = calloc (2 * *length + 1, sizeof (uint64_t));
  for (int row = 0; row < n; row++)
    for (int i = 0; i < stat_segment_vec_len (rows[row]) && i < *length; i++)
      {
	sums[2 * i] += rows[row][i].packets;
	sums[2 * i + 1] += rows[row][i].bytes;
      }
  return sums;
}

/* A record per column, 32 words wide, out of the sums of every entry. */
static void
view (stat_segment_data_t *data, int n)
{
  int width = 0;
  uint64_t *records = 0;
  for (int k = 0, field = 0; k < n; k++)
    {
      int length;
      uint64_t *sums;
      int words;
      if (data[k].type == STAT_DIR_TYPE_COUNTER_VECTOR_SIMPLE)
	sums = sum_simple (data[k].simple_counter_vec, &length), words = 1;
      else if (data[k].type == STAT_DIR_TYPE_COUNTER_VECTOR_COMBINED)
	sums = sum_combined (data[k].combined_counter_vec, &length), words = 2;
      else
	continue;
      if (records == 0)
	{
	  width = length;
	  records = calloc (width + 1, 32 * sizeof (uint64_t));
	}
      for (int i = 0; i < length && i < width; i++)
	for (int w = 0; w < words; w++)
	  records[32 * i + field + w] = sums[words * i + w];
      field += words;
      free (sums);
    }
  sink += records == 0 ? 0 : records[0];
  free (records);
}

/* Errors that have counted: sums over rows. */
static void
errors (stat_segment_data_t *data, int n)
{
  for (int k = 0; k < n; k++)
    {
      if (data[k].type != STAT_DIR_TYPE_COUNTER_VECTOR_SIMPLE)
	continue;
      uint64_t sum = 0;
      for (int row = 0; row < stat_segment_vec_len (data[k].simple_counter_vec);
	   row++)
	if (stat_segment_vec_len (data[k].simple_counter_vec[row]) > 0)
	  sum += data[k].simple_counter_vec[row][0];
      sink += sum != 0;
    }
}

static const char *everything[] = { "", 0 };
static const char *one[] = { "^/if/rx$", 0 };
static const char *interface_names[] = {
  "^/if/names$", "^/if/rx", "^/if/tx", "^/if/drops$", "^/if/punt$",
  "^/if/ip4$",	 "^/if/ip6$", "^/if/mpls$", 0
};
static const char *node_names[] = {
  "^/sys/node/names$", "^/sys/node/clocks$", "^/sys/node/vectors$",
  "^/sys/node/calls$", "^/sys/node/suspends$", 0
};
static const char *error_names[] = { "^/err/", 0 };

static struct
{
  const char *name;
  const char **patterns;
  uint32_t *indexes;
} cases[] = {
  { "full-dump", everything, 0 }, { "update-all", everything, 0 },
  { "update-one", one, 0 },	  { "interfaces", interface_names, 0 },
  { "nodes", node_names, 0 },	  { "errors", error_names, 0 },
};

static void
run (int c)
{
  uint32_t *indexes = c == 0 ? list (everything) : cases[c].indexes;
  stat_segment_data_t *data = dump (indexes);
  int n = stat_segment_vec_len (data);
  if (c == 3 || c == 4)
    view (data, n);
  else if (c == 5)
    errors (data, n);
  sink += n;
  stat_segment_data_free (data);
  if (c == 0)
    stat_segment_vec_free (indexes);
}

static double
now (void)
{
  struct timespec ts;
  clock_gettime (CLOCK_MONOTONIC, &ts);
  return ts.tv_sec + ts.tv_nsec / 1e9;
}

int
main (int argc, char **argv)
{
  char name[64];
  int milliseconds;
  /* The client keeps what it returns on VPP's own heap. */
  clib_mem_init (0, 256 << 20);
  if (argc != 2 || stat_segment_connect (argv[1]) != 0)
    {
      fprintf (stderr, "usage: %s SOCKET of a stats segment\n", argv[0]);
      return 1;
    }
  while (scanf ("%63s %d", name, &milliseconds) == 2)
    {
      int c = 0;
      while (c < 6 && strcmp (cases[c].name, name) != 0)
	c++;
      if (c == 6)
	return 1;
      if (cases[c].indexes == 0)
	cases[c].indexes = list (cases[c].patterns);
      long done = 0, batch = 1;
      double start = now (), elapsed;
      for (;;)
	{
	  for (long i = 0; i < batch; i++)
	    run (c);
	  done += batch;
	  elapsed = now () - start;
	  if (elapsed * 1000 >= milliseconds)
	    break;
	  if (batch < 4096)
	    batch *= 2;
	}
      printf ("%ld %.9f\n", done, elapsed);
      fflush (stdout);
    }
  return 0;
}
