/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/metrics/listener.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/config/address.h"
#include "daemon/process/thread_signals.h"

#define PATH "/metrics"

struct listener {
	struct metrics_address address;
	int descriptor;
	struct MHD_Daemon *http;
	listener_collect_fn *collect;
	void *ctx;
};

/* Takes text, which it frees. */
static enum MHD_Result respond(struct MHD_Connection *connection, unsigned status, char *text,
			       size_t len, const char *header, const char *value)
{
	struct MHD_Response *response =
	    MHD_create_response_from_buffer(len, text, MHD_RESPMEM_MUST_FREE);
	if (response == NULL) {
		free(text);
		return MHD_NO;
	}
	enum MHD_Result result = MHD_add_response_header(response, header, value);
	if (result == MHD_YES) {
		result = MHD_queue_response(connection, status, response);
	}
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status,
			      const char *header, const char *value)
{
	static const char hint[] = "Ask for GET " PATH ".\n";
	char *text = strdup(hint);
	return text == NULL ? MHD_NO
			    : respond(connection, status, text, sizeof hint - 1, header, value);
}

static enum MHD_Result tell(const struct listener *listener, struct MHD_Connection *connection)
{
	struct metrics metrics = {0};
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	if (out == NULL) {
		return MHD_NO;
	}
	listener->collect(listener->ctx, &metrics);
	metrics_write(&metrics, out);
	if (fclose(out) != 0) {
		free(text);
		return MHD_NO;
	}
	return respond(connection, MHD_HTTP_OK, text, len, MHD_HTTP_HEADER_CONTENT_TYPE,
		       "text/plain; version=0.0.4; charset=utf-8");
}

static enum MHD_Result answer(void *ctx, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *upload,
			      size_t *upload_size, void **state)
{
	(void)version;
	(void)upload;
	const bool is_read =
	    strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
	/* A first call brings only the head; an answer then ends a request whose body is to come.
	 */
	if (*state == NULL && is_read) {
		*state = ctx;
		return MHD_YES;
	}
	if (!is_read) {
		return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, MHD_HTTP_HEADER_ALLOW,
			      "GET, HEAD");
	}
	if (*upload_size != 0) {
		*upload_size = 0; /* a body has no meaning here */
		return MHD_YES;
	}
	if (strcmp(url, PATH) != 0) {
		return refuse(connection, MHD_HTTP_NOT_FOUND, MHD_HTTP_HEADER_CONTENT_TYPE,
			      "text/plain");
	}
	return tell(ctx, connection);
}

static struct MHD_Daemon *start_http(struct listener *listener)
{
	sigset_t before;
	thread_signals_hold(&before);
	struct MHD_Daemon *http =
	    MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_ITC, 0, NULL, NULL, answer,
			     listener, MHD_OPTION_LISTEN_SOCKET, listener->descriptor,
			     MHD_OPTION_CONNECTION_LIMIT, (unsigned)LISTENER_CONNECTIONS,
			     MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)LISTENER_IDLE_SECONDS,
			     MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)8192, MHD_OPTION_END);
	thread_signals_restore(&before);
	return http;
}

struct listener *listener_start(const char *address, listener_collect_fn *collect, void *ctx,
				char *error, size_t error_size)
{
	struct listener *listener = calloc(1, sizeof *listener);
	if (listener == NULL) {
		snprintf(error, error_size, "cannot offer metrics: %s", strerror(errno));
		return NULL;
	}
	listener->collect = collect;
	listener->ctx = ctx;
	if (!metrics_address_read(address, &listener->address)) {
		snprintf(error, error_size, "metrics.listen must be " METRICS_ADDRESS_EXAMPLE);
		free(listener);
		return NULL;
	}
	listener->descriptor = metrics_address_listen(&listener->address);
	if (listener->descriptor < 0) {
		snprintf(
		    error, error_size,
		    "cannot offer metrics at %s: %s; change metrics.listen, or end what uses it",
		    address, strerror(errno));
		free(listener);
		return NULL;
	}
	listener->http = start_http(listener);
	if (listener->http == NULL) {
		snprintf(error, error_size, "cannot offer metrics: libmicrohttpd did not start");
		listener_stop(listener);
		return NULL;
	}
	return listener;
}

void listener_stop(struct listener *listener)
{
	if (listener == NULL) {
		return;
	}
	if (listener->http != NULL) {
		/* Without this the library closes the socket itself. */
		MHD_quiesce_daemon(listener->http);
		MHD_stop_daemon(listener->http);
	}
	metrics_address_close(&listener->address, listener->descriptor);
	free(listener);
}
