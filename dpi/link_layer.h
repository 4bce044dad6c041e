/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a frame's IP packet begins, for the link layers that capture.h names. Internal to dpi/.
 */
#ifndef DPI_LINK_LAYER_H
#define DPI_LINK_LAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* \param type  libpcap's DLT_ value. */
bool link_layer_known(int type);

/*
 * Finds the IP header behind the link layer's header, any VLAN tags (802.1Q, 802.1ad) and the
 * header of a PPPoE session.
 *
 * \param type   one that link_layer_known() knows.
 * \param frame  len octets.
 * \param offset gets where the IP header begins; less than len.
 * \returns false when the frame carries no IP or ends before it.
 */
bool link_layer_find_ip(int type, const uint8_t *frame, size_t len, size_t *offset);

#endif
