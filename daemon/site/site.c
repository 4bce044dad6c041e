/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/site/site.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "daemon/process/thread_signals.h"
#include "daemon/site/page_frame.h"
#include "daemon/site/site_listen.h"
#include "daemon/site/site_reply.h"
#include "daemon/site/site_request.h"

/* A connection's memory, octets: its head, and what is read of a form. */
#define CONNECTION_MEMORY ((size_t)16384)
/* Longest body of a form. */
#define BODY_MAX 1024
#define POST_BUFFER 512

struct site_server {
	struct site_config config;
	struct MHD_Daemon *http;
	pthread_mutex_t in_force; /* of what stands below */
	const struct policy *policy;
	struct judge *judge;
	time_t loaded;
	char csp[PAGE_CSP_SIZE];
};

/* A request that is being read. */
struct turn {
	bool posts;
	struct MHD_PostProcessor *form; /* NULL when nothing is read */
	size_t body_len;
	struct site_fields fields;
};

static uint64_t monotonic_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static const char *argument(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, name);
}

/* Takes the reply's text, which is freed. */
static enum MHD_Result respond(const struct site_server *site, struct MHD_Connection *connection,
			       const struct site_reply *reply)
{
	struct MHD_Response *response =
	    reply->text == NULL ? NULL
				: MHD_create_response_from_buffer(strlen(reply->text), reply->text,
								  MHD_RESPMEM_MUST_FREE);

	if (response == NULL) {
		free(reply->text);
		return MHD_NO;
	}

	const char *const headers[][2] = {
	    {"Content-Type", reply->type},
	    {"Location", reply->location[0] != '\0' ? reply->location : NULL},
	    {"Cache-Control", "no-store"},
	    {"Content-Security-Policy", site->csp},
	    {"X-Frame-Options", "DENY"},
	    {"X-Content-Type-Options", "nosniff"},
	    /* With no-referrer a browser would say "Origin: null" of the page's own form. */
	    {"Referrer-Policy", "same-origin"},
	    {"Cross-Origin-Opener-Policy", "same-origin"},
	    {"Cross-Origin-Resource-Policy", "same-origin"},
	    {"Allow", reply->status == MHD_HTTP_METHOD_NOT_ALLOWED ? "GET, HEAD, POST" : NULL},
	};
	enum MHD_Result result = MHD_YES;

	for (size_t i = 0; result == MHD_YES && i < sizeof headers / sizeof headers[0]; i++) {
		if (headers[i][1] != NULL) {
			result = MHD_add_response_header(response, headers[i][0], headers[i][1]);
		}
	}
	if (result == MHD_YES) {
		result = MHD_queue_response(connection, reply->status, response);
	}
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result say(const struct site_server *site, struct MHD_Connection *connection,
			   unsigned status, const char *sentence)
{
	const struct site_reply reply = {
	    .status = status, .type = "text/plain; charset=utf-8", .text = strdup(sentence)};

	return respond(site, connection, &reply);
}

/* Its device and fields are left out. */
static struct site_question read_head(struct MHD_Connection *connection, const char *path,
				      bool posts)
{
	return (struct site_question){
	    .posts = posts,
	    .path = path,
	    .host = header(connection, MHD_HTTP_HEADER_HOST),
	    .origin = header(connection, "Origin"),
	    .fetch_site = header(connection, "Sec-Fetch-Site"),
	    .typed = argument(connection, "name"),
	    .from = argument(connection, "from"),
	};
}

static bool is_redirected(const struct site_server *site, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *socket =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	return socket != NULL &&
	       site_was_redirected((int)socket->connect_fd, &site->config.address);
}

static enum MHD_Result tell(struct site_server *site, struct MHD_Connection *connection,
			    const char *path, const struct turn *turn)
{
	struct site_question question = read_head(connection, path, turn->posts);
	struct site_reply reply;
	const union MHD_ConnectionInfo *client =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	if (client == NULL || !site_device(client->client_addr, &question.device)) {
		return MHD_NO;
	}
	question.fields = &turn->fields;
	pthread_mutex_lock(&site->in_force);

	const struct site_state state = {
	    .policy = site->policy,
	    .judge = site->judge,
	    .proceed = site->config.proceed,
	    .loaded = site->loaded,
	    .canary = site->config.canary,
	    .now_s = monotonic_s(),
	};

	site_reply(&state, &question, &reply);
	pthread_mutex_unlock(&site->in_force);
	return respond(site, connection, &reply);
}

static enum MHD_Result take_field(void *ctx, enum MHD_ValueKind kind, const char *key,
				  const char *file, const char *type, const char *encoding,
				  const char *data, uint64_t offset, size_t size)
{
	struct turn *turn = ctx;

	(void)kind;
	(void)file;
	(void)type;
	(void)encoding;
	return site_fields_take(&turn->fields, key, offset, data, size) ? MHD_YES : MHD_NO;
}

/* The first call brings only the head. */
static enum MHD_Result begin_turn(const struct site_server *site, struct MHD_Connection *connection,
				  const char *path, const char *method, void **state)
{
	const bool posts = strcmp(method, MHD_HTTP_METHOD_POST) == 0;
	struct site_reply refusal;

	if (!posts && strcmp(method, MHD_HTTP_METHOD_GET) != 0 &&
	    strcmp(method, MHD_HTTP_METHOD_HEAD) != 0) {
		return say(site, connection, MHD_HTTP_METHOD_NOT_ALLOWED, "GET, HEAD or POST.\n");
	}
	if (!is_redirected(site, connection)) {
		return MHD_NO;
	}

	const struct site_question question = read_head(connection, path, posts);

	if (site_refuses(&site->config.address, &question, &refusal)) {
		return respond(site, connection, &refusal);
	}

	struct turn *turn = calloc(1, sizeof *turn);

	if (turn == NULL) {
		return MHD_NO;
	}
	turn->posts = posts;
	*state = turn;
	if (!posts) {
		return MHD_YES;
	}
	turn->form = MHD_create_post_processor(connection, POST_BUFFER, take_field, turn);
	return turn->form != NULL
		   ? MHD_YES
		   : say(site, connection, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "Send the form.\n");
}

static bool end_form(struct turn *turn)
{
	struct MHD_PostProcessor *form = turn->form;

	turn->form = NULL;
	return form == NULL || MHD_destroy_post_processor(form) == MHD_YES;
}

static enum MHD_Result answer(void *ctx, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *upload,
			      size_t *upload_size, void **state)
{
	struct site_server *site = ctx;
	struct turn *turn = *state;

	(void)version;
	if (turn == NULL) {
		return begin_turn(site, connection, url, method, state);
	}
	if (*upload_size != 0) {
		turn->body_len += *upload_size;
		if (turn->body_len > BODY_MAX) {
			return MHD_NO;
		}
		if (turn->form != NULL &&
		    MHD_post_process(turn->form, upload, *upload_size) != MHD_YES) {
			return MHD_NO;
		}
		*upload_size = 0;
		return MHD_YES;
	}
	/* It keeps the last field until its end. */
	if (!end_form(turn)) {
		return MHD_NO;
	}
	return tell(site, connection, url, turn);
}

static void end_turn(void *ctx, struct MHD_Connection *connection, void **state,
		     enum MHD_RequestTerminationCode why)
{
	struct turn *turn = *state;

	(void)ctx;
	(void)connection;
	(void)why;
	if (turn != NULL) {
		(void)end_form(turn);
	}
	free(turn);
	*state = NULL;
}

static struct MHD_Daemon *start_http(struct site_server *site)
{
	sigset_t before;

	thread_signals_hold(&before);

	struct MHD_Daemon *http = MHD_start_daemon(
	    MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_ITC, 0, NULL, NULL, answer, site,
	    MHD_OPTION_LISTEN_SOCKET, site->config.descriptor, MHD_OPTION_CONNECTION_LIMIT,
	    (unsigned)SITE_CONNECTIONS, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
	    (unsigned)SITE_CONNECTIONS_OF_ONE, MHD_OPTION_CONNECTION_TIMEOUT,
	    (unsigned)SITE_IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY,
	    MHD_OPTION_NOTIFY_COMPLETED, end_turn, NULL, MHD_OPTION_END);

	thread_signals_restore(&before);
	return http;
}

struct site_server *site_start(const struct site_config *config, const struct policy *policy,
			       struct judge *judge, char *error, size_t error_size)
{
	struct site_server *site = calloc(1, sizeof *site);

	if (site == NULL) {
		snprintf(error, error_size, "cannot serve the gateway's page: out of memory");
		close(config->descriptor);
		return NULL;
	}
	site->config = *config;
	site->policy = policy;
	site->judge = judge;
	site->loaded = time(NULL);
	pthread_mutex_init(&site->in_force, NULL);
	page_csp(site->csp);
	site->http = start_http(site);
	if (site->http == NULL) {
		snprintf(error, error_size,
			 "cannot serve the gateway's page: libmicrohttpd did not start");
		site_stop(site);
		return NULL;
	}
	return site;
}

void site_set_policy(struct site_server *site, const struct policy *policy, struct judge *judge)
{
	pthread_mutex_lock(&site->in_force);
	site->policy = policy;
	site->judge = judge;
	site->loaded = time(NULL);
	pthread_mutex_unlock(&site->in_force);
}

void site_stop(struct site_server *site)
{
	if (site == NULL) {
		return;
	}
	if (site->http != NULL) {
		/* Without this the library closes the socket itself. */
		MHD_quiesce_daemon(site->http);
		MHD_stop_daemon(site->http);
	}
	close(site->config.descriptor);
	pthread_mutex_destroy(&site->in_force);
	free(site);
}
