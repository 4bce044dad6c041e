/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A request to the gateway's page: lines of method, path, Host, Origin, Sec-Fetch-Site, ?name= and
 * ?from=, then pieces of the form's fields, KEY=VALUE; "token=@" is the token of the page that the
 * device read before. A device goes on only by a POST with that token, at block only by two.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/answer/url_host.h"
#include "daemon/site/site_reply.h"
#include "daemon/site/site_request.h"

#define NOW 100000
#define LINES 7

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char policy_text[] =
    "version = 1; contact = \"it@office.example\";"
    "actions = { high = \"block\"; medium = \"warn\"; low = \"observe\"; };"
    "sites = ("
    "{ name = \"Vietcombank\"; domains = [ \"vietcombank.com.vn\" ]; tokens = [ \"vcb\" ]; },"
    "{ name = \"Google\"; domains = [ \"google.com\", \"google.*\" ]; });"
    "exceptions = [ \"vietcombank-run.example\" ]; decorations = [ \"log-?in\" ];";

static const uint8_t device_octets[4] = {192, 0, 2, 10};
static const struct device_address device = {device_octets, sizeof device_octets};

static void need(bool held)
{
	if (!held) {
		abort();
	}
}

static void set_up(struct site_state *state, struct site_address *address)
{
	struct diagnostics diagnostics = {0};
	struct policy *policy = policy_load_text(policy_text, "fuzz", &diagnostics);

	diagnostics_print(&diagnostics, stderr);
	need(policy != NULL);
	state->policy = policy;
	state->judge = judge_new(policy);
	state->now_s = NOW;
	need(state->judge != NULL);
	need(site_address_read(SITE_DEFAULT_IPV4, SITE_DEFAULT_IPV6, address));
}

/* Cuts the next line off; NULL when there is none left, or it is empty. */
static const char *next_line(char **rest)
{
	char *line = *rest;

	if (line == NULL) {
		return NULL;
	}
	*rest = strchr(line, '\n');
	if (*rest != NULL) {
		*(*rest)++ = '\0';
	}
	return line[0] != '\0' ? line : NULL;
}

static bool is_name(const char *start, size_t len)
{
	char name[HOST_NAME_MAX_LEN + 1];

	return url_host(start, len, name) && strlen(name) == len && memcmp(name, start, len) == 0;
}

/* A page leads to nothing but a name, here or there. */
static void check_location(const struct site_reply *reply)
{
	const char *at = reply->location;
	size_t len = strlen(at);

	need((reply->status == 303) == (len > 0));
	if (len == 0) {
		return;
	}
	if (at[0] == '/') {
		need(is_name(at + 1, len - 1));
		return;
	}

	const size_t scheme_len = strncmp(at, "https", 5) == 0 ? 8 : 7;

	need(strncmp(at, scheme_len == 8 ? "https://" : "http://", scheme_len) == 0);
	need(len > scheme_len + 1 && at[len - 1] == '/');
	need(is_name(at + scheme_len, len - scheme_len - 1));
}

static void check_reply(const struct site_reply *reply)
{
	need(reply->text != NULL && reply->type != NULL);
	need(reply->status == 200 || reply->status == 303 || reply->status == 403 ||
	     reply->status == 404 || reply->status == 421);
	need(strstr(reply->text, "<script") == NULL && strstr(reply->text, "<b>") == NULL);
	check_location(reply);
}

/* Reads the token of a page's form, as a browser would send it; "" when there is none. */
static void read_token(const struct site_reply *reply, char token[PROCEED_TOKEN_SIZE])
{
	static const char before[] = "name=\"token\" value=\"";
	const char *at = strstr(reply->text, before);

	token[0] = '\0';
	if (at != NULL) {
		need(strlen(at) > sizeof before - 1 + PROCEED_TOKEN_SIZE);
		memcpy(token, at + sizeof before - 1, PROCEED_TOKEN_SIZE - 1);
		token[PROCEED_TOKEN_SIZE - 1] = '\0';
	}
}

static bool is_granted(const struct site_state *state, const char *path)
{
	char name[HOST_NAME_MAX_LEN + 1];
	enum site_form form;

	return site_path_name(path, name, &form) &&
	       proceed_granted(state->proceed, device, name, strlen(name), NOW);
}

static bool is_warned(const struct site_state *state, const char *path)
{
	char name[HOST_NAME_MAX_LEN + 1];
	enum site_form form;
	struct finding finding;

	return site_path_name(path, name, &form) &&
	       judge_name(state->judge, name, strlen(name), &finding) == JUDGE_FOUND &&
	       finding.action == ACTION_WARN;
}

/* \returns false when the form is refused: too long a value. */
static bool read_fields(char *rest, const char *token, struct site_fields *fields)
{
	char last[16] = "";
	uint64_t offset = 0;

	while (rest != NULL) {
		const char *line = next_line(&rest);
		const char *value = line != NULL ? strchr(line, '=') : NULL;
		char key[sizeof last];

		if (value == NULL) {
			continue;
		}
		snprintf(key, sizeof key, "%.*s", (int)(value - line), line);
		offset = strcmp(key, last) == 0 ? offset : 0;
		memcpy(last, key, sizeof last);
		value = strcmp(value, "=@") == 0 ? token : value + 1;
		if (!site_fields_take(fields, key, offset, value, strlen(value))) {
			return false;
		}
		offset += strlen(value);
	}
	return true;
}

/* The page that the device read before: it lets nobody go on. */
static void read_page(const struct site_state *state, const char *path,
		      char token[PROCEED_TOKEN_SIZE])
{
	const struct site_question question = {.path = path, .device = device};
	struct site_reply reply;

	site_reply(state, &question, &reply);
	check_reply(&reply);
	need(!is_granted(state, path));
	read_token(&reply, token);
	free(reply.text);
}

/* The second step of block, from the page that asked again. */
static void confirm(const struct site_state *state, struct site_question question,
		    const struct site_reply *page)
{
	struct site_fields fields = {.step = "confirm", .to = "https"};
	struct site_reply reply;

	read_token(page, fields.token);
	if (strstr(page->text, "value=\"confirm\"") == NULL) {
		return;
	}
	question.fields = &fields;
	site_reply(state, &question, &reply);
	check_reply(&reply);
	need(reply.status == 303 && is_granted(state, question.path));
	free(reply.text);
}

static void ask(const struct site_state *state, const struct site_address *address, char *text)
{
	const char *lines[LINES];
	char token[PROCEED_TOKEN_SIZE];
	struct site_fields fields = {0};
	struct site_reply reply;

	for (size_t i = 0; i < LINES; i++) {
		lines[i] = next_line(&text);
	}

	const struct site_question question = {
	    .posts = lines[0] != NULL && strcmp(lines[0], "POST") == 0,
	    .path = lines[1] != NULL ? lines[1] : "/",
	    .host = lines[2],
	    .origin = lines[3],
	    .fetch_site = lines[4],
	    .typed = lines[5],
	    .from = lines[6],
	    .device = device,
	    .fields = &fields,
	};

	read_page(state, question.path, token);
	if (!read_fields(text, token, &fields)) {
		return;
	}
	if (site_refuses(address, &question, &reply)) {
		check_reply(&reply);
		need(reply.status == 403 || reply.status == 421);
		free(reply.text);
		return;
	}
	site_reply(state, &question, &reply);
	check_reply(&reply);

	const bool goes_on = question.posts && reply.status == 303;

	need(is_granted(state, question.path) == goes_on);
	/* The token of the first page is for the first step. */
	need(!goes_on || (strcmp(fields.token, token) == 0 && strcmp(fields.step, "confirm") != 0 &&
			  is_warned(state, question.path)));
	if (question.posts && !goes_on) {
		confirm(state, question, &reply);
	}
	free(reply.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct site_state state;
	static struct site_address address;
	char *text = malloc(size + 1);

	need(text != NULL);
	if (state.policy == NULL) {
		set_up(&state, &address);
	}
	memcpy(text, data, size);
	text[size] = '\0';
	state.proceed = proceed_new(16);
	need(state.proceed != NULL);
	ask(&state, &address, text);
	proceed_free(state.proceed);
	free(text);
	return 0;
}
