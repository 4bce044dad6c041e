/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Punycode (RFC 3492), both ways and without the heap, which the decoder and encoder that Debian
 * 12's libidn2 exports need.
 */
#ifndef POLICY_NAME_PUNYCODE_H
#define POLICY_NAME_PUNYCODE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Decodes what stands behind "xn--" in an A-label.
 *
 * \param text      ASCII, len octets, any case.
 * \param out       gets at most out_size code points.
 * \returns how many code points, or 0 when the text is not Punycode, decodes to a code point that
 * is none, or does not fit.
 */
size_t punycode_decode(const char *text, size_t len, uint32_t *out, size_t out_size);

/*
 * Encodes code points as what stands behind "xn--" in an A-label.
 *
 * \param out  gets at most out_size octets of ASCII, no NUL.
 * \returns how many octets, or 0 when it does not fit.
 */
size_t punycode_encode(const uint32_t *code_points, size_t count, char *out, size_t out_size);

#endif
