/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One netfilter queue (NFQUEUE), as one worker sees it: packets in batches, verdicts in batches.
 * Over libnetfilter_queue's libmnl interface. Not thread-safe but for
 * queue_wake(); two queues share nothing.
 *
 * The kernel is asked to let packets pass whenever it cannot hand them over (NFQA_CFG_F_FAIL_OPEN)
 * and to hand over large packets unsplit (NFQA_CFG_F_GSO). Its conntrack attributes are not asked
 * for (NFQA_CFG_F_CONNTRACK): the one that would be of use, the connection's mark, is set by a rule
 * that copies the verdict's packet mark, and works on kernels without NETFILTER_NETLINK_GLUE_CT,
 * which refuse the flag with EOPNOTSUPP and the queue with it. Where the kernel has it (Debian 13's
 * 6.12), asking made a DNS question cost the daemon 340 µs instead of 294 (means of three rounds of
 * 8 s each in the machine of tests/vm, on a busy host; single rounds 266 to 417 and 253 to 357),
 * and told it nothing that it does not know.
 */
#ifndef DAEMON_GATE_QUEUE_H
#define DAEMON_GATE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Packets taken from the kernel in one go. */
#define QUEUE_BATCH 64

struct queue;

struct queue_packet {
	uint32_t id;           /* the kernel's number for it, rising within a queue */
	uint32_t mark;         /* packet mark it arrived with */
	uint32_t ifindex;      /* interface it came in by; 0 when not known */
	bool has_link_address; /* of Ethernet: whom it came from */
	uint8_t link_address[6];
	const uint8_t *octets; /* from the IP header on; valid until the next queue_receive() */
	size_t len;
};

enum queue_verdict {
	QUEUE_DROP,
	QUEUE_ACCEPT,
	QUEUE_ACCEPT_MARKED, /* accept, with `mark` as the packet's mark */
};

struct queue_stats {
	uint64_t packets;  /* received */
	uint64_t batches;  /* times that any were */
	uint64_t overruns; /* times the kernel said that it could not keep up (ENOBUFS) */
	uint64_t missed;   /* packets the kernel let pass because the socket's buffer was full */
	uint64_t cut;      /* packets longer than the kernel hands over (65531 octets) */
	uint64_t errors;   /* messages that were no packet: a refused verdict, rubbish */
};

/*
 * Binds a queue. Needs CAP_NET_ADMIN then and at each verdict.
 *
 * \param receive_octets  size of the socket's receive buffer; it bounds the packets in wait.
 * \param error           on failure gets a sentence that says what is wrong and what to do.
 * \returns NULL on failure. The caller closes it with queue_close().
 */
struct queue *queue_open(uint16_t number, uint32_t receive_octets, char *error, size_t error_size);

/*
 * Lets everything pass from then on, without losing a packet: the kernel is told to queue no
 * more, what waits is accepted unread, then the queue is unbound. NULL is allowed.
 */
void queue_close(struct queue *queue);

/* How long queue_receive() waits for a packet, in milliseconds; 1 at least. */
void queue_set_wait(struct queue *queue, unsigned wait_ms);

/*
 * Waits for a packet and takes what is there then, in one system call.
 *
 * \param packets  room for QUEUE_BATCH.
 * \param count    gets how many there are; 0 when what came was not a packet.
 * \returns false when nothing came in time.
 */
bool queue_receive(struct queue *queue, struct queue_packet *packets, size_t *count);

/*
 * Ends the wait of the thread that is in queue_receive(), or of the next one that comes to it. Any
 * thread may call it: the kernel is sent a message that changes nothing, and its acknowledgement is
 * what comes.
 */
void queue_wake(const struct queue *queue);

/*
 * Decides on a packet. Decisions are held back until queue_flush(), runs of equal ones become one
 * message (NFQNL_MSG_VERDICT_BATCH): so packets must be decided in the order they were received,
 * every one of them, and not more than QUEUE_BATCH between two flushes.
 *
 * \param mark  only for QUEUE_ACCEPT_MARKED.
 */
void queue_decide(struct queue *queue, uint32_t id, enum queue_verdict verdict, uint32_t mark);
void queue_flush(struct queue *queue);

/* Counters so far; `missed` is asked from the kernel by this call. */
struct queue_stats queue_stats(const struct queue *queue);

#endif
