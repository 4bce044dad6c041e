/*
 * How many policies `truegate policy install` refused on this gateway: a number in a file of the
 * folder of policies, which the daemon's metrics show.
 */
#ifndef DAEMON_DELIVERY_REFUSALS_H
#define DAEMON_DELIVERY_REFUSALS_H

#include <stdint.h>

/* Counts one more; who calls it holds the folder's store (store.h). What cannot be written is not
 * counted. */
void refusals_add(const char *store_path);

/* 0 when none was counted. */
uint64_t refusals_read(const char *store_path);

#endif
