/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The measure for the live benchmark: takes every packet from its queues as `truegate run` does,
 * looks at none and accepts all. bench_accept_all FIRST COUNT; stops on SIGTERM.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/gate/queue.h"

#define RECEIVE_OCTETS (8U << 20)

static void *accept_packets(void *argument)
{
	struct queue *queue = argument;
	struct queue_packet packets[QUEUE_BATCH];
	for (;;) {
		size_t count = 0;
		queue_receive(queue, packets, &count);
		for (size_t i = 0; i < count; i++) {
			queue_decide(queue, packets[i].id, QUEUE_ACCEPT, 0);
		}
		queue_flush(queue);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: bench_accept_all FIRST COUNT\n");
		return 2;
	}
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	const unsigned long first = strtoul(argv[1], NULL, 10);
	const unsigned long count = strtoul(argv[2], NULL, 10);
	for (unsigned long i = first; i < first + count; i++) {
		char error[256];
		struct queue *queue = queue_open((uint16_t)i, RECEIVE_OCTETS, error, sizeof error);
		pthread_t thread;
		if (queue == NULL) {
			fprintf(stderr, "bench_accept_all: %s\n", error);
			return 2;
		}
		queue_set_wait(queue, 1000);
		if (pthread_create(&thread, NULL, accept_packets, queue) != 0) {
			fprintf(stderr, "bench_accept_all: cannot start a thread\n");
			return 2;
		}
	}
	int number;
	sigwait(&signals, &number);
	return 0;
}
