/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/site/site_reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/site/home_page.h"
#include "daemon/site/name_page.h"
#include "daemon/site/site_request.h"

enum status {
	STATUS_OK = 200,
	STATUS_SEE_OTHER = 303,
	STATUS_FORBIDDEN = 403,
	STATUS_NOT_FOUND = 404,
	STATUS_MISDIRECTED = 421,
};

#define TYPE_PLAIN "text/plain; charset=utf-8"
#define TYPE_HTML "text/html; charset=utf-8"

/* A page that is being written. */
struct text {
	FILE *out;
	char *start;
	size_t len;
};

/* One name, and what this device hears of it. */
struct asked_name {
	const char *name;
	struct finding found;
	const struct finding *finding; /* NULL: none */
	const char *tail;              /* what a grant is for */
};

bool site_fields_take(struct site_fields *fields, const char *key, uint64_t offset,
		      const char *data, size_t size)
{
	const struct {
		const char *key;
		char *place;
		size_t size;
	} places[] = {
	    {"token", fields->token, sizeof fields->token},
	    {"step", fields->step, sizeof fields->step},
	    {"to", fields->to, sizeof fields->to},
	};

	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		if (key == NULL || strcmp(key, places[i].key) != 0) {
			continue;
		}
		if (offset >= places[i].size || size >= places[i].size - offset) {
			return false;
		}
		memcpy(places[i].place + offset, data, size);
		places[i].place[offset + size] = '\0';
	}
	return true;
}

static void say(struct site_reply *out, enum status status, const char *sentence)
{
	out->status = status;
	out->type = TYPE_PLAIN;
	out->text = strdup(sentence);
}

/* Sends the browser to the location that is in `out` already. */
static void send_on(struct site_reply *out)
{
	say(out, STATUS_SEE_OTHER, "");
}

/* \returns false when out of memory. */
static bool text_begin(struct text *text)
{
	*text = (struct text){0};
	text->out = open_memstream(&text->start, &text->len);
	return text->out != NULL;
}

static void text_end(struct text *text, struct site_reply *out)
{
	if (fclose(text->out) != 0) {
		free(text->start);
		return;
	}
	out->status = STATUS_OK;
	out->type = TYPE_HTML;
	out->text = text->start;
}

static void tell_home(const struct site_state *state, const struct site_question *question,
		      struct site_reply *out)
{
	const char *typed = question->typed;
	const bool asked = typed != NULL && typed[0] != '\0';
	char name[HOST_NAME_MAX_LEN + 1];
	struct text text;

	if (asked && site_typed_name(typed, name)) {
		snprintf(out->location, sizeof out->location, "/%s", name);
		send_on(out);
		return;
	}
	if (!text_begin(&text)) {
		return;
	}

	const struct home_page page = {
	    .policy = state->policy,
	    .loaded = state->loaded,
	    .canary = state->canary,
	    .not_a_name = asked,
	    .from = question->from != NULL ? (size_t)strtoul(question->from, NULL, 10) : 0,
	};

	home_page_write(text.out, &page);
	text_end(&text, out);
}

static bool is_stopped(const struct asked_name *asked)
{
	return asked->finding != NULL && asked->finding->action != ACTION_OBSERVE;
}

/* What a page about a name is answered to. */
enum telling { TELL_ASKED, TELL_CONFIRM, TELL_STALE };

static void tell_name(const struct site_state *state, const struct asked_name *asked,
		      struct device_address device, enum telling telling, struct site_reply *out)
{
	const bool confirm = telling == TELL_CONFIRM;
	char token[PROCEED_TOKEN_SIZE];
	struct text text;
	struct name_page page = {
	    .name = asked->name,
	    .finding = asked->finding,
	    .contact = policy_contact(state->policy),
	    .confirm = confirm,
	    .stale = telling == TELL_STALE,
	};

	if (is_stopped(asked)) {
		page.granted = proceed_granted(state->proceed, device, asked->name,
					       strlen(asked->name), state->now_s);
		page.token =
		    proceed_token(state->proceed, device, asked->tail, strlen(asked->tail),
				  confirm ? PROCEED_CONFIRM : PROCEED_ASK, state->now_s, token)
			? token
			: NULL;
	}
	if (!text_begin(&text)) {
		return;
	}
	name_page_write(text.out, &page);
	text_end(&text, out);
}

static void tell_json(const struct site_state *state, const struct asked_name *asked,
		      struct site_reply *out)
{
	const struct name_page page = {
	    .name = asked->name,
	    .finding = asked->finding,
	    .contact = policy_contact(state->policy),
	};

	out->status = STATUS_OK;
	out->type = "application/json";
	out->text = name_json(&page);
}

static void go_on(const struct site_state *state, const struct asked_name *asked,
		  const struct site_question *question, struct site_reply *out)
{
	const struct site_fields *fields = question->fields;
	const bool confirms = strcmp(fields->step, "confirm") == 0;

	if (!is_stopped(asked)) {
		tell_name(state, asked, question->device, TELL_ASKED, out);
		return;
	}

	const size_t tail_len = strlen(asked->tail);

	if (!proceed_token_ok(state->proceed, question->device, asked->tail, tail_len,
			      confirms ? PROCEED_CONFIRM : PROCEED_ASK, fields->token,
			      state->now_s)) {
		tell_name(state, asked, question->device, TELL_STALE, out);
		out->status = STATUS_FORBIDDEN;
		return;
	}
	if (asked->finding->action == ACTION_BLOCK && !confirms) {
		tell_name(state, asked, question->device, TELL_CONFIRM, out);
		return;
	}
	if (!proceed_grant_device(state->proceed, question->device, asked->tail, tail_len,
				  state->now_s)) {
		tell_name(state, asked, question->device, TELL_ASKED, out);
		return;
	}
	snprintf(out->location, sizeof out->location, "http%s://%s/",
		 strcmp(fields->to, "https") == 0 ? "s" : "", asked->name);
	send_on(out);
}

bool site_refuses(const struct site_address *address, const struct site_question *question,
		  struct site_reply *out)
{
	*out = (struct site_reply){0};
	if (!site_host_ok(question->host, address)) {
		say(out, STATUS_MISDIRECTED, "This is http://truegate.internal/ only.\n");
		return true;
	}
	if (question->posts &&
	    !site_origin_ok(question->origin, question->fetch_site, question->host)) {
		say(out, STATUS_FORBIDDEN, "Only the page itself can ask for this.\n");
		return true;
	}
	return false;
}

void site_reply(const struct site_state *state, const struct site_question *question,
		struct site_reply *out)
{
	char name[HOST_NAME_MAX_LEN + 1];
	struct asked_name asked = {.name = name};
	enum site_form form;

	*out = (struct site_reply){0};
	if (strcmp(question->path, "/") == 0 && !question->posts) {
		tell_home(state, question, out);
		return;
	}
	if (!site_path_name(question->path, name, &form)) {
		say(out, STATUS_NOT_FOUND,
		    "Đó không phải là tên máy chủ.\nThat is not a host name.\n");
		return;
	}
	if (judge_name(state->judge, name, strlen(name), &asked.found) == JUDGE_FOUND) {
		asked.finding = &asked.found;
		asked.tail = site_name_tail(name, asked.found.labels);
	}
	if (question->posts) {
		go_on(state, &asked, question, out);
	} else if (form == SITE_FORM_JSON) {
		tell_json(state, &asked, out);
	} else {
		tell_name(state, &asked, question->device, TELL_ASKED, out);
	}
}
