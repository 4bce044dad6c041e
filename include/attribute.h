/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a declaration promises beyond its type. Any folder may include this; it includes nothing.
 */
#ifndef INCLUDE_ATTRIBUTE_H
#define INCLUDE_ATTRIBUTE_H

/* The result must be used: it is an error, an ownership, or the only thing the call is for. */
#define _mustcheck_ __attribute__((warn_unused_result))

#endif
