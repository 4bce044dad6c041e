/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/name/punycode.h"

#include <string.h>

/* RFC 3492 section 5: parameter values for Punycode. */
enum {
	BASE = 36,
	TMIN = 1,
	TMAX = 26,
	SKEW = 38,
	DAMP = 700,
	INITIAL_BIAS = 72,
	INITIAL_N = 0x80,
};

/* The last code point of Unicode. */
#define CODE_POINT_MAX 0x10ffffU

/* RFC 3492 section 6.1. */
static uint32_t adapt(uint32_t delta, uint32_t count, int first)
{
	uint32_t k = 0;

	delta = first ? delta / DAMP : delta / 2;
	delta += delta / count;
	for (; delta > ((BASE - TMIN) * TMAX) / 2; k += BASE) {
		delta /= BASE - TMIN;
	}
	return k + (BASE - TMIN + 1) * delta / (delta + SKEW);
}

static uint32_t digit_value(char c)
{
	if (c >= 'a' && c <= 'z') {
		return (uint32_t)(c - 'a');
	}
	if (c >= 'A' && c <= 'Z') {
		return (uint32_t)(c - 'A');
	}
	if (c >= '0' && c <= '9') {
		return (uint32_t)(c - '0') + 26;
	}
	return BASE;
}

/*
 * Reads one generalised variable-length integer (RFC 3492 section 3.3) and adds it to *i.
 * \returns octets read, 0 when there is none or it overflows.
 */
static size_t read_integer(const char *text, size_t len, uint32_t bias, uint32_t *i)
{
	uint32_t weight = 1;
	uint32_t k = BASE;

	for (size_t pos = 0; pos < len; pos++, k += BASE) {
		uint32_t digit = digit_value(text[pos]);
		uint32_t t;

		if (digit >= BASE || digit > (UINT32_MAX - *i) / weight) {
			return 0;
		}
		*i += digit * weight;
		t = k <= bias ? TMIN : k >= bias + TMAX ? TMAX : k - bias;
		if (digit < t) {
			return pos + 1;
		}
		if (weight > UINT32_MAX / (BASE - t)) {
			return 0;
		}
		weight *= BASE - t;
	}
	return 0;
}

size_t punycode_decode(const char *text, size_t len, uint32_t *out, size_t out_size)
{
	uint32_t n = INITIAL_N, i = 0, bias = INITIAL_BIAS;
	size_t count = 0, pos = 0;

	for (size_t j = len; j-- > 0;) {
		if (text[j] == '-') {
			count = j;
			pos = j + 1;
			break;
		}
	}
	if (count > out_size) {
		return 0;
	}
	for (size_t j = 0; j < count; j++) {
		out[j] = (uint32_t)(unsigned char)text[j];
	}

	while (pos < len) {
		uint32_t old_i = i;
		size_t read = read_integer(text + pos, len - pos, bias, &i);

		if (read == 0 || count >= out_size) {
			return 0;
		}
		pos += read;
		bias = adapt(i - old_i, (uint32_t)count + 1, old_i == 0);
		/* RFC 3492 section 6.2: what lies beyond the last code point is an overflow. */
		if (i / (uint32_t)(count + 1) > CODE_POINT_MAX - n) {
			return 0;
		}
		n += i / (uint32_t)(count + 1);
		i %= (uint32_t)(count + 1);
		if (n >= 0xd800 && n < 0xe000) {
			return 0;
		}
		memmove(out + i + 1, out + i, (count - i) * sizeof(*out));
		out[i++] = n;
		count++;
	}
	return count;
}

static char digit_of(uint32_t value)
{
	return (char)(value < 26 ? 'a' + value : '0' + (value - 26));
}

/* Writes one generalised variable-length integer. \returns octets written, 0 when it does not fit.
 */
static size_t write_integer(uint32_t value, uint32_t bias, char *out, size_t out_size)
{
	size_t len = 0;

	for (uint32_t k = BASE;; k += BASE) {
		uint32_t t = k <= bias ? TMIN : k >= bias + TMAX ? TMAX : k - bias;

		if (len == out_size) {
			return 0;
		}
		if (value < t) {
			out[len++] = digit_of(value);
			return len;
		}
		out[len++] = digit_of(t + (value - t) % (BASE - t));
		value = (value - t) / (BASE - t);
	}
}

size_t punycode_encode(const uint32_t *code_points, size_t count, char *out, size_t out_size)
{
	uint32_t n = INITIAL_N, delta = 0, bias = INITIAL_BIAS, handled = 0, basic;
	size_t len = 0;

	/* A label has at most 63 characters, so that delta cannot overflow. */
	if (count > 63) {
		return 0;
	}
	for (size_t i = 0; i < count; i++) {
		if (code_points[i] >= INITIAL_N) {
			continue;
		}
		if (len + 1 >= out_size) {
			return 0;
		}
		out[len++] = (char)code_points[i];
	}
	basic = handled = (uint32_t)len;
	if (basic > 0) {
		out[len++] = '-';
	}
	while (handled < count) {
		uint32_t next = UINT32_MAX;

		for (size_t i = 0; i < count; i++) {
			if (code_points[i] >= n && code_points[i] < next) {
				next = code_points[i];
			}
		}
		delta += (next - n) * (handled + 1);
		n = next;
		for (size_t i = 0; i < count; i++) {
			size_t written;

			if (code_points[i] < n) {
				delta++;
			}
			if (code_points[i] != n) {
				continue;
			}
			written = write_integer(delta, bias, out + len, out_size - len);
			if (written == 0) {
				return 0;
			}
			len += written;
			bias = adapt(delta, handled + 1, handled == basic);
			delta = 0;
			handled++;
		}
		delta++;
		n++;
	}
	return len;
}
