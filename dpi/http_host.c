/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/http_host.h"

#include <htp/htp.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dpi/host_name.h"
#include "dpi/request_line.h"

/* Room for a request line of method, authority and version, and for the fields kept. A browser's
 * take some 100 octets; a head that needs more than this asks for no host. */
#define REDUCED_SIZE 4096

struct http_host_reader {
	htp_cfg_t *config;
	size_t used; /* of reduced; what follows is about the head being read */
	size_t lines;
	size_t hosts; /* Host fields seen */
	bool overflow;
	char reduced[REDUCED_SIZE];
};

struct http_host_reader *http_host_reader_new(void)
{
	struct http_host_reader *reader = calloc(1, sizeof(*reader));
	if (reader == NULL) {
		return NULL;
	}
	reader->config = htp_config_create();
	if (reader->config == NULL) {
		free(reader);
		return NULL;
	}
	htp_config_set_server_personality(reader->config, HTP_SERVER_GENERIC);
	htp_config_set_log_level(reader->config, HTP_LOG_NONE);
	return reader;
}

void http_host_reader_free(struct http_host_reader *reader)
{
	if (reader == NULL) {
		return;
	}
	htp_config_destroy(reader->config);
	free(reader);
}

size_t http_host_reader_memory(void)
{
	return sizeof(struct http_host_reader);
}

static void append(struct http_host_reader *reader, const char *text, size_t len)
{
	if (len > sizeof(reader->reduced) - reader->used) {
		reader->overflow = true;
		return;
	}
	memcpy(reader->reduced + reader->used, text, len);
	reader->used += len;
}

static void append_request_line(struct http_host_reader *reader, const struct request_line *line)
{
	append(reader, line->method, line->method_len);
	append(reader, " ", 1);
	if (line->scheme != NULL) {
		append(reader, line->scheme, line->scheme_len);
	}
	if (line->authority != NULL) {
		append(reader, line->authority, line->authority_len);
	}
	if (line->authority == NULL || line->scheme != NULL) {
		append(reader, "/", 1);
	}
	append(reader, " ", 1);
	append(reader, line->version, line->version_len);
}

enum field { FIELD_OTHER, FIELD_FRAMING, FIELD_HOST };

static bool is_blank(char c)
{
	return (unsigned char)c <= ' ';
}

/* Which field a line is. Blanks and controls around the name are overlooked, as servers do that are
 * lenient: the wider net catches more lines for libhtp to judge. */
static enum field field_of(const char *line, size_t len)
{
	static const struct {
		const char *name;
		enum field field;
	} fields[] = {
	    {"host", FIELD_HOST},
	    {"content-length", FIELD_FRAMING},
	    {"transfer-encoding", FIELD_FRAMING},
	    {"upgrade", FIELD_FRAMING},
	};
	const char *end = memchr(line, ':', len);
	if (end == NULL) {
		return FIELD_OTHER;
	}
	while (line < end && is_blank(*line)) {
		line++;
	}
	while (end > line && is_blank(end[-1])) {
		end--;
	}
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if ((size_t)(end - line) == strlen(fields[i].name) &&
		    strncasecmp(line, fields[i].name, strlen(fields[i].name)) == 0) {
			return fields[i].field;
		}
	}
	return FIELD_OTHER;
}

/* Writes a line without the blanks around it. */
static void append_trimmed(struct http_host_reader *reader, const char *line, size_t len)
{
	while (len > 0 && is_blank(line[len - 1])) {
		len--;
	}
	while (len > 0 && is_blank(*line)) {
		line++;
		len--;
	}
	append(reader, line, len);
}

/*
 * Writes the fields that are needed, each on one line: a continuation line (obs-fold, RFC 9112
 * section 5.2) goes on after a space. Host is needed once, and not at all when the target says who
 * is asked. Of two, servers that do not refuse the request (RFC 9112 section 3.2) take the first.
 */
static void append_fields(struct http_host_reader *reader, const char *at, const char *end,
			  bool host_in_target)
{
	bool keep = false;
	for (const char *next = NULL; at < end; at = next) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		next = newline == NULL ? end : newline + 1;
		size_t len = (size_t)(next - at);
		bool fold = reader->lines++ > 0 && (*at == ' ' || *at == '\t');
		if (fold && keep) {
			append(reader, " ", 1);
			append_trimmed(reader, at, len);
		}
		if (fold) {
			continue;
		}

		enum field field = field_of(at, len);
		keep = field == FIELD_FRAMING ||
		       (field == FIELD_HOST && !host_in_target && reader->hosts++ == 0);
		if (keep) {
			append(reader, "\r\n", 2);
			append_trimmed(reader, at, len);
		}
	}
	append(reader, "\r\n\r\n", 4);
}

static void wipe(bstr *text)
{
	if (text != NULL) {
		sodium_memzero(bstr_ptr(text), bstr_len(text));
	}
}

/* Freed memory keeps its octets; no name is to stay in it. */
static void wipe_transaction(htp_tx_t *tx)
{
	wipe(tx->request_line);
	wipe(tx->request_uri);
	wipe(tx->request_hostname);
	if (tx->parsed_uri != NULL) {
		wipe(tx->parsed_uri->hostname);
	}
	if (tx->parsed_uri_raw != NULL) {
		wipe(tx->parsed_uri_raw->hostname);
	}
	for (size_t i = 0; i < htp_table_size(tx->request_headers); i++) {
		htp_header_t *field = htp_table_get_index(tx->request_headers, i, NULL);
		wipe(field->value);
	}
}

static bool is_decimal(const htp_header_t *field)
{
	if (field == NULL || bstr_len(field->value) == 0) {
		return false;
	}
	const unsigned char *text = bstr_ptr(field->value);
	for (size_t i = 0; i < bstr_len(field->value); i++) {
		if (text[i] < '0' || text[i] > '9') {
			return false;
		}
	}
	return true;
}

static void read_follows(const htp_tx_t *tx, struct http_host *out)
{
	if (tx->request_method_number == HTP_M_CONNECT ||
	    htp_table_get_c(tx->request_headers, "upgrade") != NULL) {
		return;
	}
	switch (tx->request_transfer_coding) {
	case HTP_CODING_NO_BODY:
		out->follows = HTTP_FOLLOWS_BODY;
		break;
	case HTP_CODING_CHUNKED:
		out->follows = HTTP_FOLLOWS_CHUNKED;
		break;
	case HTP_CODING_IDENTITY:
		/* More than one, or one that libhtp made a number of but others would not: servers
		 * differ in what they believe. */
		if ((tx->flags & HTP_REQUEST_SMUGGLING) != 0 || tx->request_content_length < 0 ||
		    !is_decimal(htp_table_get_c(tx->request_headers, "content-length"))) {
			break;
		}
		out->follows = HTTP_FOLLOWS_BODY;
		out->body_len = (uint64_t)tx->request_content_length;
		break;
	default:
		break;
	}
}

static enum http_host_result result_of(const char *host, size_t len, struct http_host *out)
{
	if (host_name_is_literal(host, len)) {
		return HTTP_HOST_LITERAL;
	}
	return host_name_from_http(host, len, out->host, &out->host_len) ? HTTP_HOST_NAME
									 : HTTP_HOST_NONE;
}

static enum http_host_result read_host(const htp_tx_t *tx, struct http_host *out)
{
	if (tx->request_hostname == NULL) {
		return HTTP_HOST_NONE;
	}
	return result_of((const char *)bstr_ptr(tx->request_hostname),
			 bstr_len(tx->request_hostname), out);
}

static enum http_host_result parse_reduced(struct http_host_reader *reader, struct http_host *out)
{
	htp_connp_t *parser = htp_connp_create(reader->config);
	if (parser == NULL) {
		return HTTP_HOST_NONE;
	}
	htp_connp_open(parser, NULL, 0, NULL, 0, NULL);
	htp_connp_req_data(parser, NULL, reader->reduced, reader->used);

	enum http_host_result result = HTTP_HOST_NONE;
	/* The parser's list, not its current transaction: that one is NULL once a request without
	 * a body is complete. */
	htp_tx_t *tx = htp_list_get(htp_connp_get_connection(parser)->transactions, 0);
	if (tx != NULL) {
		out->is_head = tx->request_method_number == HTP_M_HEAD;
		read_follows(tx, out);
		result = read_host(tx, out);
		wipe_transaction(tx);
	}
	htp_connp_destroy_all(parser);
	return result;
}

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_';
}

/* Length of the port that a field's value ends in, with its colon: of no zero before and four
 * digits at most, so that there is nothing to decide. 0 when the value does not end so. */
static size_t plain_port(const char *value, size_t len)
{
	size_t digits = 0;
	while (digits < len && digits < 5 && value[len - 1 - digits] >= '0' &&
	       value[len - 1 - digits] <= '9') {
		digits++;
	}
	bool is_port = digits >= 1 && digits <= 4 && digits < len &&
		       value[len - 1 - digits] == ':' && value[len - digits] != '0';
	return is_port ? digits + 1 : 0;
}

/*
 * Reads what nearly all heads are reduced to: a path for a target and Host only, written as RFC
 * 9110 section 7.2 has it. libhtp says the same of it, for ten times the work and 26 allocations.
 *
 * \param fields  what follows the request line in the reduced head.
 * \returns false when it is not that plain: libhtp is to judge.
 */
static bool read_plain(const struct request_line *line, const char *fields, size_t len,
		       struct http_host *out, enum http_host_result *result)
{
	static const char begin[] = "\r\nHost:", end[] = "\r\n\r\n";
	const size_t begin_len = sizeof(begin) - 1, end_len = sizeof(end) - 1;
	if (line->authority != NULL || memcmp(line->version, "HTTP/1.", 7) != 0 ||
	    len < begin_len + end_len || strncasecmp(fields, begin, begin_len) != 0) {
		return false;
	}
	const char *value = fields + begin_len;
	size_t value_len = len - begin_len - end_len;
	if (value_len > 0 && *value == ' ') {
		value++;
		value_len--;
	}
	value_len -= plain_port(value, value_len);
	for (size_t i = 0; i < value_len; i++) {
		if (!is_plain(value[i])) {
			return false;
		}
	}
	if (value_len == 0 || value[value_len - 1] == '.') {
		return false;
	}
	out->is_head = line->method_len == 4 && memcmp(line->method, "HEAD", 4) == 0;
	out->follows = HTTP_FOLLOWS_BODY;
	*result = result_of(value, value_len, out);
	return true;
}

static void clear(struct http_host *out)
{
	out->host_len = 0;
	out->body_len = 0;
	out->is_head = false;
	out->follows = HTTP_FOLLOWS_OPAQUE;
}

/* Reads the fields that follow a request line. */
static enum http_host_result read_request(struct http_host_reader *reader,
					  const struct request_line *line, const char *fields,
					  size_t len, struct http_host *out)
{
	reader->used = 0;
	reader->lines = 0;
	reader->hosts = 0;
	reader->overflow = false;
	append_request_line(reader, line);
	const size_t line_len = reader->used;
	append_fields(reader, fields, fields + len, line->authority != NULL);
	enum http_host_result result = HTTP_HOST_NONE;
	if (!reader->overflow &&
	    !read_plain(line, reader->reduced + line_len, reader->used - line_len, out, &result)) {
		result = parse_reduced(reader, out);
	}
	sodium_memzero(reader->reduced, reader->used);
	return result;
}

enum http_host_result http_host_read(struct http_host_reader *reader, const uint8_t *head,
				     size_t len, struct http_host *out)
{
	struct request_line line;
	clear(out);
	if (request_line_read(head, len, &line) != REQUEST_LINE_YES) {
		return HTTP_HOST_NONE;
	}
	const char *text = (const char *)head;
	const char *fields = (const char *)memchr(text, '\n', len) + 1;
	return read_request(reader, &line, fields, (size_t)(text + len - fields), out);
}

enum http_host_result http_host_read_fields(struct http_host_reader *reader, const uint8_t *fields,
					    size_t len, struct http_host *out)
{
	const struct request_line line = {
	    .method = "GET", .method_len = 3, .version = "HTTP/1.1", .version_len = 8};
	clear(out);
	return read_request(reader, &line, (const char *)fields, len, out);
}

enum http_host_result http_host_read_target(struct http_host_reader *reader, const uint8_t *octets,
					    size_t len, struct http_host *out)
{
	struct request_line line;
	clear(out);
	if (!request_line_read_target(octets, len, &line) || line.authority == NULL) {
		return HTTP_HOST_NONE;
	}
	return read_request(reader, &line, "", 0, out);
}
