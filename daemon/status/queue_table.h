/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's own counters of netfilter queues: /proc/net/netfilter/nfnetlink_queue.
 */
#ifndef DAEMON_STATUS_QUEUE_TABLE_H
#define DAEMON_STATUS_QUEUE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define QUEUE_TABLE_PATH "/proc/net/netfilter/nfnetlink_queue"

/* Added up over the queues asked for, since they were opened. */
struct queue_table {
	uint32_t served;       /* queues that a program serves */
	uint64_t waiting;      /* packets in the kernel */
	uint64_t dropped;      /* the queue was full (queue_dropped) */
	uint64_t user_dropped; /* could not be handed to the program (queue_user_dropped) */
	uint64_t packets;      /* queued so far (id_sequence) */
};

/*
 * Reads the table. Lines that are not understood are skipped.
 *
 * \param first  number of the first queue.
 * \param count  of queues.
 */
void queue_table_read(FILE *from, uint32_t first, uint32_t count, struct queue_table *out);

#endif
