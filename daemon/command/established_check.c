/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/established_check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/command/line_reader.h"
#include "daemon/store/established_file.h"
#include "policy/name/name.h"

#define EXAMPLES_MAX 5

struct example {
	char name[NAME_OCTETS_MAX + 1];
	const char *imitates; /* the policy's */
	enum action action;
};

struct asking {
	struct judge *judge;
	struct established_share *share;
	struct example examples[EXAMPLES_MAX]; /* the worst first; of equal ones as the list has
						  them, which begins with what most people visit */
	size_t example_count;
};

static void keep_example(struct asking *asking, const char *name, size_t len,
			 const struct finding *finding)
{
	size_t at = asking->example_count;

	while (at > 0 && asking->examples[at - 1].action < finding->action) {
		at--;
	}
	if (at == EXAMPLES_MAX || len > NAME_OCTETS_MAX) {
		return;
	}
	if (asking->example_count < EXAMPLES_MAX) {
		asking->example_count++;
	}
	memmove(&asking->examples[at + 1], &asking->examples[at],
		(asking->example_count - 1 - at) * sizeof(asking->examples[0]));
	struct example *example = &asking->examples[at];
	memcpy(example->name, name, len);
	example->name[len] = '\0';
	example->imitates = finding->imitates;
	example->action = finding->action;
}

static bool judge_line(void *ctx, uint64_t number, const char *line, size_t len)
{
	struct asking *asking = ctx;
	struct finding finding;
	const enum judge_result result =
	    line != NULL ? judge_name(asking->judge, line, len, &finding) : JUDGE_NOT_A_NAME;

	(void)number;
	if (result == JUDGE_NOT_A_NAME) {
		return true;
	}
	asking->share->names++;
	if (result == JUDGE_FOUND && finding.action > ACTION_OBSERVE) {
		asking->share->flagged++;
		keep_example(asking, line, len, &finding);
	}
	return true;
}

/* Says why, with as many examples as there is room for. */
static void tell_why(const struct asking *asking, char *out, size_t size)
{
	const struct established_share *share = asking->share;
	const int head = snprintf(
	    out, size,
	    "the policy would stop %" PRIu64 " of %" PRIu64
	    " established names, more than 1 in %d; except them or drop what they resemble",
	    share->flagged, share->names, ESTABLISHED_FLAGGED_ONE_IN);
	size_t len = (size_t)head;

	for (size_t i = 0; i < asking->example_count; i++) {
		const struct example *example = &asking->examples[i];
		const int more =
		    snprintf(out + len, size - len, "%s%s (%s, for %s)", i == 0 ? ": " : ", ",
			     example->name, action_text(example->action), example->imitates);

		if ((size_t)more >= size - len) {
			out[len] = '\0';
			return;
		}
		len += (size_t)more;
	}
	text_blank_controls(out);
}

static bool ask(const char *names, const struct policy *policy, const char *program,
		struct established_share *out)
{
	struct asking *asking = calloc(1, sizeof(*asking));
	if (asking != NULL) {
		asking->judge = judge_new(policy);
	}
	if (asking == NULL || asking->judge == NULL) {
		free(asking);
		snprintf(out->why, sizeof out->why, "out of memory");
		return false;
	}
	asking->share = out;
	bool good = line_reader_each(names, program, judge_line, asking);
	if (!good) {
		snprintf(out->why, sizeof out->why,
			 "the established names are damaged; import the list again, or remove %s",
			 names);
	} else if (out->flagged > out->names / ESTABLISHED_FLAGGED_ONE_IN) {
		tell_why(asking, out->why, sizeof out->why);
		good = false;
	}
	judge_free(asking->judge);
	free(asking);
	return good;
}

bool established_check(const struct policy *policy, const char *path, const char *program,
		       struct established_share *out)
{
	char *names = NULL;
	bool good = true;

	*out = (struct established_share){0};
	if (asprintf(&names, "%s" ESTABLISHED_NAMES_SUFFIX, path) < 0) {
		snprintf(out->why, sizeof out->why, "out of memory");
		return false;
	}
	if (access(names, R_OK) == 0) {
		good = ask(names, policy, program, out);
	} else if (errno != ENOENT) {
		fprintf(stderr,
			"%s: cannot read %s: %s; the policy is not checked against established "
			"names\n",
			program, names, strerror(errno));
	}
	free(names);
	return good;
}
