/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/name_place.h"

#include "policy/name/suffix.h"

static size_t label_at(const struct name *name, size_t offset)
{
	size_t label = 0;

	while (label < name->label_count && name->text_label[label] < offset) {
		label++;
	}
	return label;
}

bool name_place_find(struct name_context *context)
{
	const struct name *name = context->name;
	bool is_suffix;
	size_t registrable = registrable_offset(name->text, &is_suffix);

	if (is_suffix) {
		return false;
	}
	context->registrable = label_at(name, registrable);
	context->suffix = context->registrable + 1;
	surroundings_find_decorations(context);
	context->is_hosted = context->registrable > 0 &&
			     suffix_is_host(name->text, name->text_label[context->registrable]);
	return true;
}
