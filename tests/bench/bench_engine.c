/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How fast policy/ judges names, what a policy costs to load and to hold. One process measures one
 * number of sites; tests/bench/run compares several.
 */
#include <err.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "policy/limits.h"
#include "policy/policy.h"
#include "tests/bench/baseline.h"
#include "tests/bench/invented.h"
#include "tests/bench/malloc_count.h"

#define ROUNDS_MAX 99

struct name {
	uint32_t offset; /* into names.text */
	uint32_t len;
};

struct names {
	char *text;
	struct name *items;
	size_t count;
};

typedef size_t make_name_fn(struct seeded *random, const struct invented_sites *sites,
			    char out[INVENTED_NAME_SIZE]);

static struct names names_make(make_name_fn *make, const struct invented_sites *sites, size_t count)
{
	struct names names = {malloc(count * INVENTED_NAME_SIZE),
			      malloc(count * sizeof(*names.items)), count};
	if (names.text == NULL || names.items == NULL) {
		err(2, "%zu names", count);
	}
	struct seeded random = {7};
	uint32_t used = 0;
	for (size_t i = 0; i < count; i++) {
		char *place = names.text + used;
		names.items[i] = (struct name){used, (uint32_t)make(&random, sites, place)};
		used += names.items[i].len + 1;
	}
	return names;
}

static void names_free(struct names *names)
{
	free(names->text);
	free(names->items);
}

static double cpu_seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Octets of memory this process holds now. */
static size_t resident(void)
{
	char line[128];
	FILE *file = fopen("/proc/self/statm", "re");
	if (file == NULL || fgets(line, sizeof(line), file) == NULL) {
		err(2, "/proc/self/statm");
	}
	fclose(file);
	char *second; /* proc(5): total, then resident, in pages */
	strtoul(line, &second, 10);
	return strtoul(second, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), by_size);
	return values[count / 2];
}

/* Judges each name once. \returns how many were found to imitate a site. */
static size_t judge_all(struct judge *judge, const struct names *names)
{
	size_t found = 0;
	struct finding finding;
	for (size_t i = 0; i < names->count; i++) {
		const struct name *name = &names->items[i];
		found += judge_name(judge, names->text + name->offset, name->len, &finding) ==
			 JUDGE_FOUND;
	}
	return found;
}

/*
 * Invented names and invented sites are made alike, so that some names resemble a site by chance:
 * the more, the more sites there are. Those are imitations as far as judging goes, and are left out
 * of the honest.
 */
static void drop_found(struct judge *judge, struct names *names)
{
	struct finding finding;
	size_t kept = 0;

	for (size_t i = 0; i < names->count; i++) {
		const struct name *name = &names->items[i];

		if (judge_name(judge, names->text + name->offset, name->len, &finding) !=
		    JUDGE_FOUND) {
			names->items[kept++] = *name;
		}
	}
	names->count = kept;
}

static size_t look_up_all(const struct name_table *table, const struct names *names)
{
	size_t found = 0;
	for (size_t i = 0; i < names->count; i++) {
		const struct name *name = &names->items[i];
		found += name_table_has(table, names->text + name->offset, name->len);
	}
	return found;
}

/*
 * Compares names with each site by edit distance, evenly spread ones, for half a second or so.
 * \returns nanoseconds a name.
 */
static double scan_some(const struct invented_sites *sites, const struct names *names)
{
	size_t near = 0;
	size_t done = 0;
	size_t step = names->count / 97 + 1;
	double start = cpu_seconds();
	double took = 0;
	for (size_t i = 0; took < 0.5 && done < names->count; i += step, done++) {
		const struct name *name = &names->items[i % names->count];
		near += scan_is_near(sites, names->text + name->offset, name->len);
		took = cpu_seconds() - start;
	}
	if (near > done) {
		errx(2, "the scan found more names than there are");
	}
	return took / (double)done * 1e9;
}

static void measure(struct judge *judge, const struct name_table *table,
		    const struct invented_sites *sites, const struct names *names, const char *kind,
		    size_t rounds)
{
	double judged[ROUNDS_MAX] = {0};
	double looked_up[ROUNDS_MAX] = {0};
	size_t found = judge_all(judge, names); /* warms up */
	size_t known = look_up_all(table, names);
	uint64_t allocations = 0;
	for (size_t round = 0; round < rounds; round++) {
		uint64_t before = malloc_count();
		double start = cpu_seconds();
		size_t again = judge_all(judge, names);
		double middle = cpu_seconds();
		allocations += malloc_count() - before;
		size_t known_again = look_up_all(table, names);
		double end = cpu_seconds();
		if (again != found || known_again != known) {
			errx(2, "%s names: one pass found %zu, another %zu", kind, found, again);
		}
		judged[round] = (middle - start) / (double)names->count * 1e9;
		looked_up[round] = (end - middle) / (double)names->count * 1e9;
	}
	printf(", \"%s\": {\"names\": %zu, \"found\": %zu, \"ns\": %.1f", kind, names->count, found,
	       median(judged, rounds));
	printf(", \"ns_best\": %.1f, \"hash_ns\": %.1f, \"scan_ns\": %.1f", judged[0],
	       median(looked_up, rounds), scan_some(sites, names));
	if (MALLOC_COUNTED) {
		printf(", \"allocations\": %llu}", (unsigned long long)allocations);
	} else {
		printf(", \"allocations\": null}");
	}
}

struct loaded {
	struct policy *policy;
	struct judge *judge;
	double seconds;
	size_t memory;      /* octets more resident than before */
	size_t memory_peak; /* octets of the whole process at its highest point so far */
};

static char *policy_text(const struct invented_sites *sites)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	if (out == NULL) {
		err(2, "policy text");
	}
	invented_policy_write(sites, out);
	if (fclose(out) != 0) {
		err(2, "policy text");
	}
	return text;
}

static size_t peak_resident(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (size_t)usage.ru_maxrss * 1024;
}

static struct loaded load(const struct invented_sites *sites)
{
	struct diagnostics diagnostics = {0};
	char *text = policy_text(sites);
	struct loaded loaded = {0};
	size_t before = resident();
	double start = cpu_seconds();
	loaded.policy = policy_load_text(text, "invented policy", &diagnostics);
	if (loaded.policy == NULL) {
		diagnostics_print(&diagnostics, stderr);
		exit(2);
	}
	loaded.judge = judge_new(loaded.policy);
	if (loaded.judge == NULL) {
		err(2, "judge");
	}
	loaded.seconds = cpu_seconds() - start;
	loaded.memory = resident() - before;
	loaded.memory_peak = peak_resident();
	free(text);
	return loaded;
}

static void measure_all(const struct invented_sites *sites, size_t name_count, size_t rounds)
{
	struct loaded loaded = load(sites);
	struct name_table *table = name_table_new(sites);
	printf("{\"sites\": %zu, \"load_seconds\": %.4f, \"memory\": %zu, \"memory_peak\": %zu",
	       sites->count, loaded.seconds, loaded.memory, loaded.memory_peak);
	struct names honest = names_make(invented_honest_name, sites, name_count);
	drop_found(loaded.judge, &honest);
	measure(loaded.judge, table, sites, &honest, "honest", rounds);
	names_free(&honest);
	struct names imitations = names_make(invented_imitation, sites, name_count);
	measure(loaded.judge, table, sites, &imitations, "imitations", rounds);
	names_free(&imitations);
	puts("}");
	name_table_free(table);
	judge_free(loaded.judge);
	policy_free(loaded.policy);
}

static void judge_once(const struct invented_sites *sites, make_name_fn *make, size_t name_count)
{
	struct loaded loaded = load(sites);
	struct names names = names_make(make, sites, name_count);
	printf("%zu of %zu found\n", judge_all(loaded.judge, &names), name_count);
	names_free(&names);
	judge_free(loaded.judge);
	policy_free(loaded.policy);
}

static void print_names(const struct invented_sites *sites, make_name_fn *make, size_t name_count)
{
	struct loaded loaded = load(sites);
	struct names names = names_make(make, sites, name_count);
	if (make == invented_honest_name) {
		drop_found(loaded.judge, &names);
	}
	for (size_t i = 0; i < names.count; i++) {
		puts(names.text + names.items[i].offset);
	}
	names_free(&names);
	judge_free(loaded.judge);
	policy_free(loaded.policy);
}

static size_t number(const char *option, const char *text, size_t max)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);
	if (*text < '1' || *text > '9' || *end != '\0' || value > max) {
		errx(2, "%s: '%s' is not a number from 1 to %zu", option, text, max);
	}
	return value;
}

static make_name_fn *kind_of_names(const char *text)
{
	if (strcmp(text, "honest") == 0) {
		return invented_honest_name;
	}
	if (strcmp(text, "imitations") == 0) {
		return invented_imitation;
	}
	errx(2, "'%s': write 'honest' or 'imitations'", text);
}

static const char usage[] =
    "usage: bench_engine [--sites N] [--names N] [--rounds N]\n"
    "                    measures, and prints one JSON object; or, instead of that:\n"
    "  --policy          print the policy of the invented sites\n"
    "  --print KIND      print names: 'honest', but for those that are found all the\n"
    "                    same, or 'imitations'\n"
    "  --judge KIND      judge names of that kind once, for callgrind\n";

int main(int argc, char **argv)
{
	static const struct option options[] = {
	    {"sites", required_argument, NULL, 's'},
	    {"names", required_argument, NULL, 'n'},
	    {"rounds", required_argument, NULL, 'r'},
	    {"policy", no_argument, NULL, 'p'},
	    {"print", required_argument, NULL, 'o'},
	    {"judge", required_argument, NULL, 'j'},
	    {0},
	};
	size_t site_count = 1000;
	size_t name_count = 200000;
	size_t rounds = 5;
	make_name_fn *to_print = NULL;
	make_name_fn *to_judge = NULL;
	bool to_print_policy = false;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (option) {
		case 's':
			site_count = number("--sites", optarg, PROTECTED_LABELS_MAX);
			break;
		case 'n':
			name_count = number("--names", optarg, 10000000);
			break;
		case 'r':
			rounds = number("--rounds", optarg, ROUNDS_MAX);
			break;
		case 'p':
			to_print_policy = true;
			break;
		case 'o':
			to_print = kind_of_names(optarg);
			break;
		case 'j':
			to_judge = kind_of_names(optarg);
			break;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}

	struct invented_sites sites = invented_sites_make(site_count);
	if (to_print_policy) {
		invented_policy_write(&sites, stdout);
	} else if (to_print != NULL) {
		print_names(&sites, to_print, name_count);
	} else if (to_judge != NULL) {
		judge_once(&sites, to_judge, name_count);
	} else {
		measure_all(&sites, name_count, rounds);
	}
	free(sites.items);
	return 0;
}
