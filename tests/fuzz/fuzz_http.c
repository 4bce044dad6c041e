/* A request head through http_host_read(). */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dpi/http_host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct http_host_reader *reader;
	if (reader == NULL)
		reader = http_host_reader_new();
	if (reader == NULL)
		abort();

	struct http_host out;
	if (http_host_read(reader, data, size, &out) != HTTP_HOST_NAME)
		return 0;
	if (out.host_len == 0 || out.host_len > HOST_NAME_MAX_LEN ||
	    strlen(out.host) != out.host_len || out.host[out.host_len - 1] == '.')
		abort();
	for (size_t i = 0; i < out.host_len; i++) {
		unsigned char c = (unsigned char)out.host[i];
		if (c <= ' ' || c == 0x7f || c == ':' || c == '@' || c == '/' ||
		    (c >= 'A' && c <= 'Z'))
			abort();
	}
	return 0;
}
