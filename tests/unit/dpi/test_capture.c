#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "dpi/capture.h"

/* A capture file under construction; numbers are written in the byte order it declares. */
struct file {
	uint8_t octets[4096];
	size_t len;
	bool big_endian;
};

static void put(struct file *file, const void *octets, size_t len)
{
	assert_true(file->len + len <= sizeof(file->octets));
	memcpy(file->octets + file->len, octets, len);
	file->len += len;
}

static void put_number(struct file *file, uint32_t number, size_t len)
{
	uint8_t octets[4];

	for (size_t i = 0; i < len; i++) {
		size_t shift = 8 * (file->big_endian ? len - 1 - i : i);
		octets[i] = (uint8_t)(number >> shift);
	}
	put(file, octets, len);
}

static void put_pcap_header(struct file *file, uint32_t magic, uint32_t link_type)
{
	put_number(file, magic, 4);
	put_number(file, 2, 2);
	put_number(file, 4, 2);
	put_number(file, 0, 4);
	put_number(file, 0, 4);
	put_number(file, 65535, 4);
	put_number(file, link_type, 4);
}

static void put_pcap_frame(struct file *file, uint32_t fraction, const char *frame, size_t len)
{
	put_number(file, 1700000000, 4);
	put_number(file, fraction, 4);
	put_number(file, (uint32_t)len, 4);
	put_number(file, (uint32_t)len + 10, 4); /* cut by the snap length */
	put(file, frame, len);
}

static void put_section(struct file *file)
{
	put_number(file, 0x0a0d0d0a, 4);
	put_number(file, 28, 4);
	put_number(file, 0x1a2b3c4d, 4);
	put_number(file, 1, 2);
	put_number(file, 0, 2);
	put_number(file, 0xffffffff, 4);
	put_number(file, 0xffffffff, 4);
	put_number(file, 28, 4);
}

static void put_interface(struct file *file, uint32_t link_type)
{
	put_number(file, 1, 4);
	put_number(file, 20, 4);
	put_number(file, link_type, 2);
	put_number(file, 0, 2);
	put_number(file, 65535, 4);
	put_number(file, 20, 4);
}

/* Of interface 0, four octets. */
static void put_enhanced_packet(struct file *file, uint32_t block_len, const char *frame)
{
	put_number(file, 6, 4);
	put_number(file, block_len, 4);
	put_number(file, 0, 4);
	put_number(file, 0, 4);
	put_number(file, 1000001, 4);
	put_number(file, 4, 4);
	put_number(file, 4, 4);
	put(file, frame, 4);
	put_number(file, block_len, 4);
}

static char path[] = "/tmp/truegate-test-capture-XXXXXX";

static struct capture *open_file(const struct file *file, char *error, size_t error_size)
{
	FILE *out = fopen(path, "wb");

	assert_non_null(out);
	assert_int_equal(fwrite(file->octets, 1, file->len, out), file->len);
	assert_int_equal(fclose(out), 0);
	return capture_open(path, error, error_size);
}

static struct capture *open_good(const struct file *file)
{
	char error[512] = "";
	struct capture *capture = open_file(file, error, sizeof(error));

	assert_string_equal(error, "");
	assert_non_null(capture);
	return capture;
}

static void assert_refused(const struct file *file, const char *part)
{
	char error[512] = "";

	assert_null(open_file(file, error, sizeof(error)));
	assert_non_null(strstr(error, part));
	assert_non_null(strstr(error, path));
}

static void assert_packet(struct capture *capture, const char *octets, size_t len, uint64_t time_us)
{
	struct capture_packet packet;

	assert_int_equal(capture_next(capture, &packet), CAPTURE_PACKET);
	assert_int_equal(packet.len, len);
	assert_memory_equal(packet.octets, octets, len);
	assert_int_equal(packet.time_us, time_us);
}

static void reads_pcap_of_either_byte_order_and_resolution(void **state)
{
	(void)state;
	const struct {
		uint32_t magic;
		uint32_t fraction;
		bool big_endian;
	} variants[] = {
	    {0xa1b2c3d4, 1234, false},
	    {0xa1b2c3d4, 1234, true},
	    {0xa1b23c4d, 1234567, false},
	    {0xa1b23c4d, 1234567, true},
	};

	for (size_t i = 0; i < sizeof(variants) / sizeof(*variants); i++) {
		struct file file = {.big_endian = variants[i].big_endian};
		struct capture_packet packet;

		put_pcap_header(&file, variants[i].magic, 101);
		put_pcap_frame(&file, variants[i].fraction, "\x45\x01", 2);
		put_pcap_frame(&file, variants[i].fraction, "\x60\x02\x03", 3);
		struct capture *capture = open_good(&file);
		assert_packet(capture, "\x45\x01", 2, 1700000000001234);
		assert_packet(capture, "\x60\x02\x03", 3, 1700000000001234);
		assert_int_equal(capture_next(capture, &packet), CAPTURE_END);
		assert_int_equal(capture_next(capture, &packet), CAPTURE_END);
		assert_string_equal(capture_error(capture), "");
		capture_close(capture);
	}
}

static void counts_frames_without_ip(void **state)
{
	(void)state;
	struct file file = {0};
	struct capture_packet packet;

	put_pcap_header(&file, 0xa1b2c3d4, 1);
	put_pcap_frame(&file, 0, "\1\1\1\1\1\1\2\2\2\2\2\2\x08\x06\x00", 15);
	put_pcap_frame(&file, 0, "\1\1\1", 3);
	put_pcap_frame(&file, 0, "\1\1\1\1\1\1\2\2\2\2\2\2\x08\x00\x45", 15);
	struct capture *capture = open_good(&file);
	assert_int_equal(capture_next(capture, &packet), CAPTURE_SKIPPED);
	assert_int_equal(capture_next(capture, &packet), CAPTURE_SKIPPED);
	assert_packet(capture, "\x45", 1, 1700000000000000);
	assert_int_equal(capture_next(capture, &packet), CAPTURE_END);
	assert_int_equal(capture_skipped(capture), 2);
	capture_close(capture);
}

static void reads_pcapng_of_either_byte_order(void **state)
{
	(void)state;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		struct file file = {.big_endian = big_endian != 0};
		struct capture_packet packet;

		put_section(&file);
		put_interface(&file, 228);
		put_interface(&file, 228);
		put_enhanced_packet(&file, 36, "\x45\x01\x02\x03");
		struct capture *capture = open_good(&file);
		assert_packet(capture, "\x45\x01\x02\x03", 4, 1000001);
		assert_int_equal(capture_next(capture, &packet), CAPTURE_END);
		capture_close(capture);
	}
}

static void says_that_interfaces_differ(void **state)
{
	(void)state;
	struct file file = {0};
	struct capture_packet packet;

	put_section(&file);
	put_interface(&file, 101);
	put_enhanced_packet(&file, 36, "\x45\x01\x02\x03");
	put_interface(&file, 1);
	put_enhanced_packet(&file, 36, "\x45\x01\x02\x04");
	struct capture *capture = open_good(&file);
	assert_packet(capture, "\x45\x01\x02\x03", 4, 1000001);
	assert_int_equal(capture_next(capture, &packet), CAPTURE_UNREADABLE);
	assert_non_null(strstr(capture_error(capture), "interfaces differ"));
	assert_int_equal(capture_next(capture, &packet), CAPTURE_UNREADABLE);
	capture_close(capture);
}

static void hands_out_what_stands_before_damage(void **state)
{
	(void)state;
	struct file file = {0};
	struct capture_packet packet;

	put_section(&file);
	put_interface(&file, 101);
	put_enhanced_packet(&file, 36, "\x45\x01\x02\x03");
	put_enhanced_packet(&file, 3, "\x45\x01\x02\x03");
	struct capture *capture = open_good(&file);
	assert_packet(capture, "\x45\x01\x02\x03", 4, 1000001);
	assert_int_equal(capture_next(capture, &packet), CAPTURE_UNREADABLE);
	assert_non_null(strstr(capture_error(capture), "damaged"));
	capture_close(capture);
}

static void tells_every_cut_from_an_end(void **state)
{
	(void)state;
	struct file whole = {0};

	put_pcap_header(&whole, 0xa1b2c3d4, 101);
	put_pcap_frame(&whole, 0, "\x45\x01", 2);
	size_t one = whole.len;
	put_pcap_frame(&whole, 0, "\x45\x02", 2);
	for (size_t len = one + 1; len < whole.len; len++) {
		struct file cut = whole;
		struct capture_packet packet;

		cut.len = len;
		struct capture *capture = open_good(&cut);
		assert_packet(capture, "\x45\x01", 2, 1700000000000000);
		assert_int_equal(capture_next(capture, &packet), CAPTURE_TRUNCATED);
		assert_int_equal(capture_next(capture, &packet), CAPTURE_TRUNCATED);
		capture_close(capture);
	}
}

static void refuses_a_frame_longer_than_any(void **state)
{
	(void)state;
	struct file file = {0};
	struct capture_packet packet;

	put_pcap_header(&file, 0xa1b2c3d4, 101);
	put_number(&file, 0, 4);
	put_number(&file, 0, 4);
	put_number(&file, 0x7fffffff, 4);
	put_number(&file, 0x7fffffff, 4);
	struct capture *capture = open_good(&file);
	assert_int_equal(capture_next(capture, &packet), CAPTURE_UNREADABLE);
	capture_close(capture);
}

static void says_what_is_wrong_with_a_file(void **state)
{
	(void)state;
	struct file empty = {0}, gzip = {0}, text = {0}, cut = {0}, wifi = {0};

	put(&gzip, "\x1f\x8b\x08\x00", 4);
	put(&text, "no capture at all, but long enough to be one", 44);
	put(&cut, "\xd4\xc3\xb2\xa1\x02", 5);
	put_pcap_header(&wifi, 0xa1b2c3d4, 127);
	assert_refused(&empty, "is empty");
	assert_refused(&gzip, "gzip -dc FILE | truegate replay -");
	assert_refused(&text, "cannot be read as pcap or pcapng");
	assert_refused(&cut, "cannot be read as pcap or pcapng");
	assert_refused(&wifi, "IEEE802_11_RADIO");
}

static void says_why_a_file_does_not_open(void **state)
{
	(void)state;
	char error[512] = "";

	assert_null(capture_open("/nonexistent/capture.pcap", error, sizeof(error)));
	assert_string_equal(error, "/nonexistent/capture.pcap: cannot be opened: No such file or "
				   "directory");
	assert_null(capture_open("/", error, sizeof(error)));
	assert_string_equal(error, "/: cannot be read: Is a directory");
}

static void shows_progress(void **state)
{
	(void)state;
	struct file file = {0};
	uint64_t done, total;

	put_pcap_header(&file, 0xa1b2c3d4, 101);
	put_pcap_frame(&file, 0, "\x45\x01", 2);
	struct capture *capture = open_good(&file);
	capture_progress(capture, &done, &total);
	assert_int_equal(done, 24);
	assert_int_equal(total, file.len);
	assert_packet(capture, "\x45\x01", 2, 1700000000000000);
	capture_progress(capture, &done, &total);
	assert_int_equal(done, file.len);
	capture_close(capture);
}

static int make_path(void **state)
{
	(void)state;
	int descriptor = mkstemp(path);

	return descriptor < 0 ? -1 : close(descriptor);
}

static int remove_path(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_pcap_of_either_byte_order_and_resolution),
	    cmocka_unit_test(counts_frames_without_ip),
	    cmocka_unit_test(reads_pcapng_of_either_byte_order),
	    cmocka_unit_test(says_that_interfaces_differ),
	    cmocka_unit_test(hands_out_what_stands_before_damage),
	    cmocka_unit_test(tells_every_cut_from_an_end),
	    cmocka_unit_test(refuses_a_frame_longer_than_any),
	    cmocka_unit_test(says_what_is_wrong_with_a_file),
	    cmocka_unit_test(says_why_a_file_does_not_open),
	    cmocka_unit_test(shows_progress),
	};
	return cmocka_run_group_tests(tests, make_path, remove_path);
}
