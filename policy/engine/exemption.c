/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/exemption.h"

#include "policy/engine/evidence.h"

bool is_protected(const struct exemption *exemption, const struct name *name)
{
	return !exemption->is_stranger && protected_set_has_domain(exemption->protected_set, name);
}

bool is_exempt(const struct exemption *exemption, const struct name_context *context)
{
	const struct name *name = context->name;

	if (suffix_is_government(name->text + name->text_label[context->suffix])) {
		return true;
	}
	return !exemption->is_stranger &&
	       (protected_set_has_label(exemption->protected_set, name, context->registrable) ||
		exceptions_match(exemption->exceptions, context->scratch, name->text));
}
