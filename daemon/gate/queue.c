/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/gate/queue.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#include <libmnl/libmnl.h>
#include <libnetfilter_queue/libnetfilter_queue.h>

/* Most that the kernel copies of a packet (linux/net/netfilter/nfnetlink_queue.c). */
#define COPY_RANGE 0xffff
/* One message: headers and attributes before the payload stay far below a page. */
#define MESSAGE_SIZE (COPY_RANGE + 1 + 4096)
/* Longest verdict message: netlink and nfnetlink headers, verdict and mark attributes. */
#define VERDICT_SIZE 64
/* Packets in wait; more than the receive buffer holds, so that the buffer is the bound. */
#define QUEUE_MAXLEN 65535
/* Sequence number of configuration messages; packets come with 0. */
#define CONFIG_SEQ 1
/* Of the messages that only wake. */
#define WAKE_SEQ 2
/* How long the kernel may take to answer a configuration message. */
#define CONFIG_WAIT_MS 5000

struct verdict_run {
	uint32_t last_id;
	uint32_t count; /* 0: no run */
	uint32_t mark;
	enum queue_verdict verdict;
};

struct queue {
	struct mnl_socket *socket;
	uint16_t number;
	unsigned wait_ms;       /* set by queue_set_wait() last */
	struct verdict_run run; /* decided, not yet in `verdicts` */
	size_t verdicts_len;
	struct queue_stats stats;
	uint8_t *messages; /* QUEUE_BATCH of MESSAGE_SIZE */
	struct iovec iov[QUEUE_BATCH];
	struct mmsghdr headers[QUEUE_BATCH];
	_Alignas(8) uint8_t verdicts[(QUEUE_BATCH + 1) * VERDICT_SIZE];
};

/* Reads a message as a packet. \returns false when it is none. */
static bool read_packet(struct queue *queue, const struct nlmsghdr *message, size_t len,
			struct queue_packet *out)
{
	struct nlattr *attr[NFQA_MAX + 1] = {0};
	if (!mnl_nlmsg_ok(message, (int)len) ||
	    message->nlmsg_type != ((NFNL_SUBSYS_QUEUE << 8) | NFQNL_MSG_PACKET) ||
	    nfq_nlmsg_parse(message, attr) < 0 || attr[NFQA_PACKET_HDR] == NULL) {
		return false;
	}
	const struct nfqnl_msg_packet_hdr *header = mnl_attr_get_payload(attr[NFQA_PACKET_HDR]);
	out->id = ntohl(header->packet_id);
	out->mark = attr[NFQA_MARK] == NULL ? 0 : ntohl(mnl_attr_get_u32(attr[NFQA_MARK]));
	out->ifindex = attr[NFQA_IFINDEX_INDEV] == NULL
			   ? 0
			   : ntohl(mnl_attr_get_u32(attr[NFQA_IFINDEX_INDEV]));
	out->has_link_address = false;
	if (attr[NFQA_HWADDR] != NULL) {
		const struct nfqnl_msg_packet_hw *link = mnl_attr_get_payload(attr[NFQA_HWADDR]);
		out->has_link_address = ntohs(link->hw_addrlen) == sizeof out->link_address;
		memcpy(out->link_address, link->hw_addr, sizeof out->link_address);
	}
	out->octets = NULL;
	out->len = 0;
	if (attr[NFQA_PAYLOAD] != NULL) {
		out->octets = mnl_attr_get_payload(attr[NFQA_PAYLOAD]);
		out->len = mnl_attr_get_payload_len(attr[NFQA_PAYLOAD]);
	}
	if (attr[NFQA_CAP_LEN] != NULL) {
		queue->stats.cut++;
	}
	return true;
}

static struct nlmsghdr *config_message(const struct queue *queue, void *buffer)
{
	struct nlmsghdr *message = nfq_nlmsg_put(buffer, NFQNL_MSG_CONFIG, queue->number);
	message->nlmsg_flags |= NLM_F_ACK;
	message->nlmsg_seq = CONFIG_SEQ;
	return message;
}

/*
 * Sends a configuration message and waits for the kernel's word on it. Packets that come first are
 * accepted unread. \returns false when the kernel refused; errno is set.
 */
static bool configure(struct queue *queue, const struct nlmsghdr *config)
{
	if (mnl_socket_sendto(queue->socket, config, config->nlmsg_len) < 0) {
		return false;
	}
	const struct nlmsghdr *reply = (const struct nlmsghdr *)queue->messages;
	for (;;) {
		const ssize_t len =
		    mnl_socket_recvfrom(queue->socket, queue->messages, MESSAGE_SIZE);
		if (len < 0 && (errno == EINTR || errno == ENOBUFS)) {
			continue;
		}
		if (len < 0) {
			return false;
		}
		struct queue_packet packet;
		if (read_packet(queue, reply, (size_t)len, &packet)) {
			queue_decide(queue, packet.id, QUEUE_ACCEPT, 0);
			queue_flush(queue);
			continue;
		}
		if (mnl_nlmsg_ok(reply, (int)len) && reply->nlmsg_type == NLMSG_ERROR &&
		    reply->nlmsg_seq == CONFIG_SEQ) {
			const struct nlmsgerr *error = mnl_nlmsg_get_payload(reply);
			errno = -error->error;
			return error->error == 0;
		}
	}
}

/* Binding and its settings go in one message: packets that came in between would be lost. */
static bool bind_queue(struct queue *queue)
{
	_Alignas(8) uint8_t buffer[256];
	struct nlmsghdr *message = config_message(queue, buffer);
	nfq_nlmsg_cfg_put_cmd(message, AF_UNSPEC, NFQNL_CFG_CMD_BIND);
	nfq_nlmsg_cfg_put_params(message, NFQNL_COPY_PACKET, COPY_RANGE);
	nfq_nlmsg_cfg_put_qmaxlen(message, QUEUE_MAXLEN);
	const uint32_t flags = htonl(NFQA_CFG_F_FAIL_OPEN | NFQA_CFG_F_GSO);
	mnl_attr_put_u32(message, NFQA_CFG_FLAGS, flags);
	mnl_attr_put_u32(message, NFQA_CFG_MASK, flags);
	return configure(queue, message);
}

static bool set_wait(const struct queue *queue, unsigned wait_ms)
{
	const struct timeval wait = {.tv_sec = wait_ms / 1000,
				     .tv_usec = (suseconds_t)(wait_ms % 1000) * 1000};
	return setsockopt(mnl_socket_get_fd(queue->socket), SOL_SOCKET, SO_RCVTIMEO, &wait,
			  sizeof wait) == 0;
}

static bool open_socket(struct queue *queue, uint32_t receive_octets)
{
	queue->socket = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	if (queue->socket == NULL || mnl_socket_bind(queue->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		return false;
	}
	const int fd = mnl_socket_get_fd(queue->socket);
	const int octets = receive_octets > INT32_MAX ? INT32_MAX : (int)receive_octets;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof octets) < 0) {
		/* Outside the initial user namespace: as much as the system allows everyone. */
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
	}
	/* Without it one full buffer makes the kernel pass everything unseen until the buffer was
	 * emptied wholly; the packets it passed are counted all the same (queue_stats). */
	const int on = 1;
	setsockopt(fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, &on, sizeof on);
	return set_wait(queue, CONFIG_WAIT_MS);
}

static bool take_memory(struct queue *queue)
{
	void *messages = mmap(NULL, (size_t)QUEUE_BATCH * MESSAGE_SIZE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (messages == MAP_FAILED) {
		return false;
	}
	queue->messages = messages;
	for (size_t i = 0; i < QUEUE_BATCH; i++) {
		queue->iov[i].iov_base = queue->messages + i * MESSAGE_SIZE;
		queue->iov[i].iov_len = MESSAGE_SIZE;
		queue->headers[i].msg_hdr.msg_iov = &queue->iov[i];
		queue->headers[i].msg_hdr.msg_iovlen = 1;
	}
	return true;
}

static void release(struct queue *queue)
{
	if (queue->socket != NULL) {
		mnl_socket_close(queue->socket);
	}
	if (queue->messages != NULL) {
		munmap(queue->messages, (size_t)QUEUE_BATCH * MESSAGE_SIZE);
	}
	free(queue);
}

static void explain(int reason, uint16_t number, char *error, size_t error_size)
{
	const char *advice = "";
	if (reason == EPERM) {
		/* The kernel's word for both. */
		advice = "; another program holds it (see /proc/net/netfilter/nfnetlink_queue): "
			 "stop that one or set queue.first to a free number; or CAP_NET_ADMIN is "
			 "missing";
	} else if (reason == EPROTONOSUPPORT || reason == EINVAL) {
		advice = "; this kernel seems to lack nfnetlink_queue "
			 "(CONFIG_NETFILTER_NETLINK_QUEUE)";
	}
	snprintf(error, error_size, "cannot open netfilter queue %u: %s%s", number,
		 strerror(reason), advice);
}

struct queue *queue_open(uint16_t number, uint32_t receive_octets, char *error, size_t error_size)
{
	struct queue *queue = calloc(1, sizeof *queue);
	if (queue == NULL) {
		explain(ENOMEM, number, error, error_size);
		return NULL;
	}
	queue->number = number;
	if (!take_memory(queue) || !open_socket(queue, receive_octets) || !bind_queue(queue)) {
		explain(errno, number, error, error_size);
		release(queue);
		return NULL;
	}
	return queue;
}

void queue_close(struct queue *queue)
{
	if (queue == NULL) {
		return;
	}
	queue_flush(queue);
	set_wait(queue, CONFIG_WAIT_MS);
	_Alignas(8) uint8_t buffer[256];
	struct nlmsghdr *message = config_message(queue, buffer);
	nfq_nlmsg_cfg_put_qmaxlen(message, 0);
	if (configure(queue, message)) {
		/* The acknowledgement stands behind all packets, so none waits any more. */
		message = config_message(queue, buffer);
		nfq_nlmsg_cfg_put_cmd(message, AF_UNSPEC, NFQNL_CFG_CMD_UNBIND);
		configure(queue, message);
	}
	release(queue);
}

void queue_set_wait(struct queue *queue, unsigned wait_ms)
{
	assert(wait_ms > 0); /* 0 would be for ever */
	if (queue->wait_ms != wait_ms && set_wait(queue, wait_ms)) {
		queue->wait_ms = wait_ms;
	}
}

void queue_wake(const struct queue *queue)
{
	_Alignas(8) uint8_t buffer[64];
	struct nlmsghdr *message = config_message(queue, buffer);
	message->nlmsg_seq = WAKE_SEQ;
	/* Of no meaning since Linux 3.8, which acknowledges it (nfnetlink_queue.c). */
	nfq_nlmsg_cfg_put_cmd(message, AF_INET, NFQNL_CFG_CMD_PF_BIND);
	mnl_socket_sendto(queue->socket, message, message->nlmsg_len);
}

static bool is_wake(const struct nlmsghdr *message, size_t len)
{
	return mnl_nlmsg_ok(message, (int)len) && message->nlmsg_type == NLMSG_ERROR &&
	       message->nlmsg_seq == WAKE_SEQ;
}

bool queue_receive(struct queue *queue, struct queue_packet *packets, size_t *count)
{
	*count = 0;
	const int received = recvmmsg(mnl_socket_get_fd(queue->socket), queue->headers, QUEUE_BATCH,
				      MSG_WAITFORONE, NULL);
	if (received < 0 && errno == ENOBUFS) {
		queue->stats.overruns++;
		return true;
	}
	if (received <= 0) {
		return false;
	}
	for (int i = 0; i < received; i++) {
		const struct nlmsghdr *message = queue->iov[i].iov_base;
		if (read_packet(queue, message, queue->headers[i].msg_len, &packets[*count])) {
			(*count)++;
		} else if (!is_wake(message, queue->headers[i].msg_len)) {
			queue->stats.errors++;
		}
	}
	queue->stats.packets += *count;
	queue->stats.batches += *count > 0;
	return true;
}

/* Turns the run at hand into a message. */
static void write_run(struct queue *queue)
{
	const struct verdict_run *run = &queue->run;
	if (run->count == 0) {
		return;
	}
	struct nlmsghdr *message = nfq_nlmsg_put(
	    (char *)queue->verdicts + queue->verdicts_len,
	    run->count == 1 ? NFQNL_MSG_VERDICT : NFQNL_MSG_VERDICT_BATCH, queue->number);
	nfq_nlmsg_verdict_put(message, (int)run->last_id,
			      run->verdict == QUEUE_DROP ? NF_DROP : NF_ACCEPT);
	if (run->verdict == QUEUE_ACCEPT_MARKED) {
		nfq_nlmsg_verdict_put_mark(message, run->mark);
	}
	queue->verdicts_len += (message->nlmsg_len + 3U) & ~3U; /* NLMSG_ALIGN, without its signs */
	queue->run.count = 0;
}

void queue_decide(struct queue *queue, uint32_t id, enum queue_verdict verdict, uint32_t mark)
{
	struct verdict_run *run = &queue->run;
	if (run->count > 0 &&
	    (run->verdict != verdict || (verdict == QUEUE_ACCEPT_MARKED && run->mark != mark))) {
		write_run(queue);
	}
	run->last_id = id;
	run->verdict = verdict;
	run->mark = mark;
	run->count++;
}

void queue_flush(struct queue *queue)
{
	write_run(queue);
	if (queue->verdicts_len == 0) {
		return;
	}
	if (mnl_socket_sendto(queue->socket, queue->verdicts, queue->verdicts_len) < 0) {
		queue->stats.errors++;
	}
	queue->verdicts_len = 0;
}

struct queue_stats queue_stats(const struct queue *queue)
{
	struct queue_stats stats = queue->stats;
	uint32_t info[SK_MEMINFO_VARS] = {0};
	socklen_t len = sizeof info;
	if (getsockopt(mnl_socket_get_fd(queue->socket), SOL_SOCKET, SO_MEMINFO, info, &len) == 0) {
		stats.missed = info[SK_MEMINFO_DROPS];
	}
	return stats;
}
