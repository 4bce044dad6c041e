/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/status/queue_table.h"

#include <inttypes.h>

void queue_table_read(FILE *from, uint32_t first, uint32_t count, struct queue_table *out)
{
	char line[256];

	*out = (struct queue_table){0};
	while (fgets(line, sizeof(line), from) != NULL) {
		uint32_t number;
		uint64_t waiting, dropped, user_dropped, packets;

		/* queue, port, waiting, copy mode, copy range, dropped, user dropped, id, 1 */
		/* NOLINTNEXTLINE(cert-err34-c): the kernel's own numbers */
		if (sscanf(line,
			   "%" SCNu32 " %*u %" SCNu64 " %*u %*u %" SCNu64 " %" SCNu64 " %" SCNu64,
			   &number, &waiting, &dropped, &user_dropped, &packets) == 5 &&
		    number >= first && number - first < count) {
			out->served++;
			out->waiting += waiting;
			out->dropped += dropped;
			out->user_dropped += user_dropped;
			out->packets += packets;
		}
	}
}
