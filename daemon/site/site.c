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
#include "daemon/site/home_page.h"
#include "daemon/site/name_page.h"
#include "daemon/site/page_frame.h"
#include "daemon/site/site_listen.h"
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
	char token[PROCEED_TOKEN_SIZE];
	char step[sizeof "confirm"];
	char to[sizeof "https"];
};

/* A page that is being written. */
struct text {
	FILE *out;
	char *start;
	size_t len;
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

/* Takes the text, which is freed. */
static enum MHD_Result respond(const struct site_server *site, struct MHD_Connection *connection,
			       unsigned status, char *text, const char *type, const char *location)
{
	struct MHD_Response *response =
	    text == NULL
		? NULL
		: MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);

	if (response == NULL) {
		free(text);
		return MHD_NO;
	}

	const char *const headers[][2] = {
	    {"Content-Type", type},
	    {"Location", location},
	    {"Cache-Control", "no-store"},
	    {"Content-Security-Policy", site->csp},
	    {"X-Frame-Options", "DENY"},
	    {"X-Content-Type-Options", "nosniff"},
	    /* With no-referrer a browser would say "Origin: null" of the page's own form. */
	    {"Referrer-Policy", "same-origin"},
	    {"Cross-Origin-Opener-Policy", "same-origin"},
	    {"Cross-Origin-Resource-Policy", "same-origin"},
	    {"Allow", status == MHD_HTTP_METHOD_NOT_ALLOWED ? "GET, HEAD, POST" : NULL},
	};
	enum MHD_Result result = MHD_YES;

	for (size_t i = 0; result == MHD_YES && i < sizeof headers / sizeof headers[0]; i++) {
		if (headers[i][1] != NULL) {
			result = MHD_add_response_header(response, headers[i][0], headers[i][1]);
		}
	}
	if (result == MHD_YES) {
		result = MHD_queue_response(connection, status, response);
	}
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result say(const struct site_server *site, struct MHD_Connection *connection,
			   unsigned status, const char *sentence)
{
	return respond(site, connection, status, strdup(sentence), "text/plain; charset=utf-8",
		       NULL);
}

static bool text_begin(struct text *text)
{
	*text = (struct text){0};
	text->out = open_memstream(&text->start, &text->len);
	return text->out != NULL;
}

static enum MHD_Result text_send(const struct site_server *site, struct MHD_Connection *connection,
				 struct text *text)
{
	if (fclose(text->out) != 0) {
		free(text->start);
		return MHD_NO;
	}
	return respond(site, connection, MHD_HTTP_OK, text->start, "text/html; charset=utf-8",
		       NULL);
}

static size_t argument_number(struct MHD_Connection *connection, const char *name)
{
	const char *text = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, name);

	return text != NULL ? (size_t)strtoul(text, NULL, 10) : 0;
}

static enum MHD_Result tell_home(const struct site_server *site, struct MHD_Connection *connection)
{
	const char *typed = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "name");
	char location[1 + HOST_NAME_MAX_LEN + 1] = "/";
	const bool asked = typed != NULL && typed[0] != '\0';
	struct text text;

	if (asked && site_typed_name(typed, location + 1)) {
		return respond(site, connection, MHD_HTTP_SEE_OTHER, strdup(""), NULL, location);
	}
	if (!text_begin(&text)) {
		return MHD_NO;
	}

	const struct home_page page = {
	    .policy = site->policy,
	    .loaded = site->loaded,
	    .canary = site->config.canary,
	    .not_a_name = asked,
	    .from = argument_number(connection, "from"),
	};

	home_page_write(text.out, &page);
	return text_send(site, connection, &text);
}

/* One name, one device. */
struct question {
	struct MHD_Connection *connection;
	const char *name;
	struct device_address device;
	struct finding found;
	const struct finding *finding; /* NULL: none */
	const char *tail;              /* what a grant is for */
};

static bool is_stopped(const struct question *question)
{
	return question->finding != NULL && question->finding->action != ACTION_OBSERVE;
}

static enum MHD_Result tell_name(const struct site_server *site, const struct question *question,
				 bool confirm)
{
	struct proceed *proceed = site->config.proceed;
	const uint64_t now_s = monotonic_s();
	char token[PROCEED_TOKEN_SIZE];
	struct text text;
	struct name_page page = {
	    .name = question->name,
	    .finding = question->finding,
	    .contact = policy_contact(site->policy),
	    .confirm = confirm,
	};

	if (is_stopped(question)) {
		const size_t tail_len = strlen(question->tail);

		page.granted = proceed_granted(proceed, question->device, question->name,
					       strlen(question->name), now_s);
		page.token = proceed_token(proceed, question->device, question->tail, tail_len,
					   confirm ? PROCEED_CONFIRM : PROCEED_ASK, now_s, token)
				 ? token
				 : NULL;
	}
	if (!text_begin(&text)) {
		return MHD_NO;
	}
	name_page_write(text.out, &page);
	return text_send(site, question->connection, &text);
}

static enum MHD_Result tell_json(const struct site_server *site, const struct question *question)
{
	const struct name_page page = {
	    .name = question->name,
	    .finding = question->finding,
	    .contact = policy_contact(site->policy),
	};

	return respond(site, question->connection, MHD_HTTP_OK, name_json(&page),
		       "application/json", NULL);
}

static enum MHD_Result go_on(const struct site_server *site, const struct question *question,
			     const struct turn *turn)
{
	struct MHD_Connection *connection = question->connection;
	const uint64_t now_s = monotonic_s();
	const bool confirms = strcmp(turn->step, "confirm") == 0;

	if (!is_stopped(question)) {
		return tell_name(site, question, false);
	}
	if (!proceed_token_ok(site->config.proceed, question->device, question->tail,
			      strlen(question->tail), confirms ? PROCEED_CONFIRM : PROCEED_ASK,
			      turn->token, now_s)) {
		return say(site, connection, MHD_HTTP_FORBIDDEN,
			   "Hãy mở lại trang cảnh báo rồi thử lại.\n"
			   "Open the warning again, then go on from there.\n");
	}
	if (question->finding->action == ACTION_BLOCK && !confirms) {
		return tell_name(site, question, true);
	}
	if (!proceed_grant_device(site->config.proceed, question->device, question->tail,
				  strlen(question->tail), now_s)) {
		return tell_name(site, question, false);
	}

	char location[sizeof "https:///" + HOST_NAME_MAX_LEN];

	snprintf(location, sizeof location, "http%s://%s/",
		 strcmp(turn->to, "https") == 0 ? "s" : "", question->name);
	return respond(site, connection, MHD_HTTP_SEE_OTHER, strdup(""), NULL, location);
}

static enum MHD_Result answer_name(const struct site_server *site,
				   struct MHD_Connection *connection, const char *path,
				   const struct turn *turn)
{
	char name[HOST_NAME_MAX_LEN + 1];
	enum site_form form;
	struct question question = {.connection = connection, .name = name};
	const union MHD_ConnectionInfo *client =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	if (client == NULL || !site_device(client->client_addr, &question.device)) {
		return MHD_NO;
	}
	if (!site_path_name(path, name, &form)) {
		return say(site, connection, MHD_HTTP_NOT_FOUND,
			   "Đó không phải là tên máy chủ.\nThat is not a host name.\n");
	}
	if (judge_name(site->judge, name, strlen(name), &question.found) == JUDGE_FOUND) {
		question.finding = &question.found;
		question.tail = site_name_tail(name, question.found.labels);
	}
	if (turn->posts) {
		return go_on(site, &question, turn);
	}
	return form == SITE_FORM_JSON ? tell_json(site, &question)
				      : tell_name(site, &question, false);
}

/* Refuses what may not ask. \returns false when an answer was queued, its result in out. */
static bool may_ask(const struct site_server *site, struct MHD_Connection *connection, bool changes,
		    enum MHD_Result *out)
{
	const char *host = header(connection, MHD_HTTP_HEADER_HOST);
	const union MHD_ConnectionInfo *socket =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	if (socket == NULL ||
	    !site_was_redirected((int)socket->connect_fd, &site->config.address)) {
		*out = MHD_NO;
		return false;
	}
	if (!site_host_ok(host, &site->config.address)) {
		*out = say(site, connection, MHD_HTTP_MISDIRECTED_REQUEST,
			   "This is http://truegate.internal/ only.\n");
		return false;
	}
	if (changes && !site_origin_ok(header(connection, "Origin"),
				       header(connection, "Sec-Fetch-Site"), host)) {
		*out = say(site, connection, MHD_HTTP_FORBIDDEN,
			   "Only the page itself can ask for this.\n");
		return false;
	}
	return true;
}

/* Puts a piece of a field where it belongs; what is too long is none of ours. */
static enum MHD_Result take_field(void *ctx, enum MHD_ValueKind kind, const char *key,
				  const char *file, const char *type, const char *encoding,
				  const char *data, uint64_t offset, size_t size)
{
	struct turn *turn = ctx;
	const struct {
		const char *key;
		char *place;
		size_t size;
	} fields[] = {
	    {"token", turn->token, sizeof turn->token},
	    {"step", turn->step, sizeof turn->step},
	    {"to", turn->to, sizeof turn->to},
	};

	(void)kind;
	(void)file;
	(void)type;
	(void)encoding;
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		if (key != NULL && strcmp(key, fields[i].key) == 0) {
			if (offset >= fields[i].size || size >= fields[i].size - offset) {
				return MHD_NO;
			}
			memcpy(fields[i].place + offset, data, size);
			fields[i].place[offset + size] = '\0';
		}
	}
	return MHD_YES;
}

/* The first call brings only the head. */
static enum MHD_Result begin_turn(const struct site_server *site, struct MHD_Connection *connection,
				  const char *method, void **state)
{
	const bool posts = strcmp(method, MHD_HTTP_METHOD_POST) == 0;
	enum MHD_Result refused;

	if (!posts && strcmp(method, MHD_HTTP_METHOD_GET) != 0 &&
	    strcmp(method, MHD_HTTP_METHOD_HEAD) != 0) {
		return say(site, connection, MHD_HTTP_METHOD_NOT_ALLOWED, "GET, HEAD or POST.\n");
	}
	if (!may_ask(site, connection, posts, &refused)) {
		return refused;
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
		return begin_turn(site, connection, method, state);
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
	pthread_mutex_lock(&site->in_force);
	const enum MHD_Result result = strcmp(url, "/") == 0 && !turn->posts
					   ? tell_home(site, connection)
					   : answer_name(site, connection, url, turn);
	pthread_mutex_unlock(&site->in_force);
	return result;
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
