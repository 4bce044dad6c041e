/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/report/report_html.h"

#include <inttypes.h>
#include <stdlib.h>

#include "daemon/report/time_arg.h"
#include "daemon/report/totals.h"
#include "daemon/text/html_entity.h"
#include "daemon/text/name_text.h"

/* The chart of time, in units of its own. */
#define CHART_WIDTH 720
#define CHART_HEIGHT 160
#define BAR_WIDTH_MAX 40.0

/* A bar a day, or for as many days as it takes. */
#define BARS_MAX 120

/* Rows of a chart by site; the rest is added up. */
#define ROWS_MAX 15

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>Truegate: fakes that were seen</title>\n<style>\n"
    "body{font:15px/1.5 system-ui,sans-serif;color:#1b1f24;background:#fff;max-width:60rem;"
    "margin:2rem auto;padding:0 1rem}\n"
    "h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:2rem 0 .5rem}\n"
    "p.period{color:#4b5563;margin:.2rem 0 1rem}\n"
    "ul.sums{display:flex;flex-wrap:wrap;gap:1rem;list-style:none;padding:0}\n"
    "ul.sums li{border:1px solid #d0d7de;border-radius:6px;padding:.5rem 1rem}\n"
    "ul.sums b{display:block;font-size:1.5rem}\n"
    "svg{width:100%;height:auto;display:block}rect{fill:#1f5fa8}\n"
    "text{font:12px system-ui,sans-serif;fill:#4b5563}\n"
    "table{border-collapse:collapse;width:100%}\n"
    "th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #d0d7de;"
    "vertical-align:top;overflow-wrap:anywhere}\n"
    "th{background:#f3f5f7}td.n,th.n{text-align:right;white-space:nowrap}.t{white-space:nowrap}\n"
    "td.bar{width:45%;vertical-align:middle}td.bar "
    "div{background:#1f5fa8;height:.9rem;border-radius:2px;"
    "print-color-adjust:exact;-webkit-print-color-adjust:exact}\n"
    "small{color:#4b5563}\n"
    "table.fakes{table-layout:fixed;font-size:.93em}th{overflow-wrap:normal}"
    "table.fakes th:nth-child(1){width:22%}table.fakes th:nth-child(2){width:17%}"
    "table.fakes th:nth-child(3){width:13%}table.fakes th:nth-child(4){width:11%}"
    "table.fakes th:nth-child(5){width:9%}table.fakes th:nth-child(6){width:8%}"
    "table.fakes th:nth-child(7){width:15%}table.fakes td:nth-child(7){white-space:nowrap}\n"
    "details{margin:.3rem 0}details table{width:auto}\n"
    "@media screen and "
    "(max-width:45rem){.bar,.b{display:none}text{font-size:20px}svg{overflow:visible;margin:1rem 0}"
    "div.wide{overflow-x:auto}table.fakes{min-width:52rem}}\n"
    "@media screen and (prefers-color-scheme:dark){body{background:#14181d;color:#e6e9ed}"
    "p.period,small{color:#aab4c0}text{fill:#aab4c0}th{background:#222830}"
    "th,td,ul.sums li{border-color:#39424d}rect{fill:#6ea8e0}td.bar div{background:#6ea8e0}}\n"
    "@page{size:A4;margin:15mm}\n"
    "@media print{body{margin:0;max-width:none;font-size:10px;line-height:1.35}"
    "h1{font-size:18px}h2{font-size:13px;margin-top:1.2rem}th,td{padding:.15rem .4rem}"
    "tr,svg,ul{break-inside:avoid}h2{break-after:avoid}thead{display:table-header-group}"
    "details{display:none}}\n"
    "</style>\n</head>\n<body>\n";

static void put(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		const char *entity = html_entity(*text);
		if (entity != NULL) {
			fputs(entity, out);
		} else {
			putc(*text, out);
		}
	}
}

struct bars {
	time_t begin; /* of the first bar */
	time_t step;  /* seconds of each: a day, or several */
	size_t count;
	uint64_t values[BARS_MAX];
	uint64_t greatest;
};

static void make_bars(const struct day *days, size_t count, struct bars *out)
{
	const time_t first = days[0].date;
	const time_t last = days[count - 1].date;
	*out = (struct bars){.begin = first};
	out->step = SECONDS_A_DAY * ((last - first) / SECONDS_A_DAY / BARS_MAX + 1);
	out->count = (size_t)((last - first) / out->step) + 1;
	for (size_t i = 0; i < count; i++) {
		uint64_t *value = &out->values[(days[i].date - first) / out->step];
		*value += days[i].fakes;
		if (*value > out->greatest) {
			out->greatest = *value;
		}
	}
}

/* The same as numbers, for those who do not see the chart. */
static void put_time_table(const struct bars *bars, FILE *out)
{
	fputs("<details><summary>The same as a table</summary><table><thead><tr><th "
	      "scope=\"col\">From</th><th scope=\"col\" class=\"n\">Fakes</th></tr>"
	      "</thead><tbody>\n",
	      out);
	for (size_t i = 0; i < bars->count; i++) {
		char date[DATE_TEXT_SIZE];
		date_text(bars->begin + (time_t)i * bars->step, date);
		if (bars->values[i] > 0) {
			fprintf(out, "<tr><td>%s</td><td class=\"n\">%" PRIu64 "</td></tr>\n", date,
				bars->values[i]);
		}
	}
	fputs("</tbody></table></details>\n", out);
}

static void put_time_chart(const struct day *days, size_t count, FILE *out)
{
	struct bars bars;
	char date[DATE_TEXT_SIZE];
	make_bars(days, count, &bars);
	const double place = (double)CHART_WIDTH / (double)bars.count;
	const double width = place * 0.85 < BAR_WIDTH_MAX ? place * 0.85 : BAR_WIDTH_MAX;
	fprintf(out,
		"<h2>Fakes by %s</h2>\n<svg viewBox=\"0 -14 %d %d\" role=\"img\" "
		"aria-label=\"Fakes over time; the most at once: %" PRIu64 "\">\n"
		"<text x=\"0\" y=\"-3\">%" PRIu64 "</text>\n",
		bars.step == SECONDS_A_DAY ? "day" : "days", CHART_WIDTH, CHART_HEIGHT + 34,
		bars.greatest, bars.greatest);
	for (size_t i = 0; i < bars.count; i++) {
		const double height = CHART_HEIGHT * (double)bars.values[i] / (double)bars.greatest;
		date_text(bars.begin + (time_t)i * bars.step, date);
		fprintf(out,
			"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s: "
			"%" PRIu64 "</title></rect>\n",
			(double)i * place, CHART_HEIGHT - height, width, height, date,
			bars.values[i]);
	}
	date_text(bars.begin, date);
	fprintf(out, "<text x=\"0\" y=\"%d\">%s</text>\n", CHART_HEIGHT + 16, date);
	date_text(bars.begin + (time_t)(bars.count - 1) * bars.step, date);
	if (bars.count > 1) {
		fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", CHART_WIDTH,
			CHART_HEIGHT + 16, date);
	}
	fputs("</svg>\n", out);
	put_time_table(&bars, out);
}

static void put_total(const struct total *total, uint64_t greatest, FILE *out)
{
	fputs("<tr><td>", out);
	put(out, total->what);
	fprintf(out,
		"</td><td class=\"bar\"><div style=\"width:%.1f%%\"></div></td><td class=\"n\">%zu"
		"</td><td class=\"n\">%" PRIu64 "</td></tr>\n",
		100 * (double)total->days / (double)greatest, total->fakes, total->days);
}

static void put_totals(const char *title, const char *what, const struct total *totals,
		       size_t count, FILE *out)
{
	struct total rest = {.what = "all others"};
	fprintf(out,
		"<h2>By %s</h2>\n<table><thead><tr><th scope=\"col\">%s</th><th scope=\"col\" "
		"class=\"b\">Share</th><th scope=\"col\" class=\"n\">Fakes</th>"
		"<th scope=\"col\" class=\"n\">Days</th></tr></thead><tbody>\n",
		what, title);
	for (size_t i = ROWS_MAX; i < count; i++) {
		rest.fakes += totals[i].fakes;
		rest.days += totals[i].days;
	}
	const uint64_t greatest = rest.days > totals[0].days ? rest.days : totals[0].days;
	for (size_t i = 0; i < count && i < ROWS_MAX; i++) {
		put_total(&totals[i], greatest, out);
	}
	if (rest.fakes > 0) {
		put_total(&rest, greatest, out);
	}
	fputs("</tbody></table>\n", out);
}

static void put_fake(const struct fake *fake, FILE *out)
{
	char first[DATE_TEXT_SIZE];
	char last[DATE_TEXT_SIZE];
	char shown[NAME_UNICODE_SIZE];
	date_text(fake->first, first);
	date_text(fake->last, last);
	fputs("<tr><td>", out);
	put(out, fake->name);
	if (name_unicode(fake->name, shown)) {
		fputs("<br><small>displays as ", out);
		put(out, shown);
		fputs("</small>", out);
	}
	for (size_t i = 0; i < fake->example_count; i++) {
		fputs("<br><small>such as ", out);
		put(out, fake->examples[i]);
		fputs("</small>", out);
	}
	for (size_t i = 0; i < fake->address_count; i++) {
		fprintf(out, "<br><small>%s</small>", fake->addresses[i]);
	}
	fputs("</td><td>", out);
	put(out, fake->imitates);
	fputs("<br><small>", out);
	put(out, fake->site);
	fprintf(out, "</small></td><td><span class=\"t\">%s</span><br><small>",
		technique_text(fake->technique));
	put(out, fake->why);
	fprintf(out,
		"</small></td><td>%s, %s</td><td class=\"n\">%" PRIu64 "</td><td class=\"n\">%s"
		"</td><td>%s<br>%s</td></tr>\n",
		confidence_text(fake->confidence), action_text(fake->action), fake->days,
		event_bands[fake->devices], first, last);
}

static void put_fakes(const struct fake *const *fakes, size_t count, FILE *out)
{
	fputs("<h2>The fakes</h2>\n<div class=\"wide\"><table class=\"fakes\"><thead><tr><th "
	      "scope=\"col\">Name</th><th scope=\"col\">Imitates</th><th scope=\"col\">Technique"
	      "</th><th scope=\"col\">Confidence, action</th><th scope=\"col\" "
	      "class=\"n\">Days</th><th scope=\"col\" class=\"n\">"
	      "Devices</th><th scope=\"col\">First and last day</th></tr></thead><tbody>\n",
	      out);
	for (size_t i = 0; i < count; i++) {
		put_fake(fakes[i], out);
	}
	fputs("</tbody></table></div>\n<p><small>Days: on which it was seen. Devices: the largest "
	      "band of a day; bands do not add up. Which devices they were is not "
	      "known.</small></p>\n",
	      out);
}

static void put_sums(const struct day *days, size_t day_count, size_t fakes, size_t sites,
		     time_t today, FILE *out)
{
	char first[DATE_TEXT_SIZE];
	char last[DATE_TEXT_SIZE];
	char made[DATE_TEXT_SIZE];
	date_text(days[0].date, first);
	date_text(days[day_count - 1].date, last);
	date_text(today, made);
	fprintf(out,
		"<h1>Fakes that were seen</h1>\n<p class=\"period\">%s to %s; made on %s</p>\n"
		"<ul class=\"sums\"><li><b>%zu</b>fakes</li><li><b>%zu</b>days with fakes</li>"
		"<li><b>%zu</b>sites imitated</li></ul>\n",
		first, last, made, fakes, day_count, sites);
}

static void put_coverage(const struct event_summary *summary, FILE *out)
{
	double shares[COVERAGE_PARTS];
	const uint32_t days = event_summary_coverage(summary, shares);
	if (days == 0) {
		return;
	}
	fputs("<h2>What Truegate sees</h2>\n<table><thead><tr><th scope=\"col\">Flows by how "
	      "names are read</th><th "
	      "scope=\"col\" class=\"b\">Share</th><th scope=\"col\" class=\"n\">Per cent</th></tr>"
	      "</thead><tbody>\n",
	      out);
	for (unsigned i = 0; i < COVERAGE_PARTS; i++) {
		fprintf(
		    out,
		    "<tr><td>%s%s</td><td class=\"bar\"><div style=\"width:%.1f%%\"></div></td><td "
		    "class=\"n\">%.0f</td></tr>\n",
		    i >= COVERAGE_HIDDEN ? "hidden: " : "", coverage_text(i), shares[i], shares[i]);
	}
	fprintf(out, "</tbody></table>\n<p><small>The mean of %" PRIu32 " days.</small></p>\n",
		days);
}

bool report_html(struct event_summary *summary, time_t today, FILE *out)
{
	size_t fake_count = 0;
	size_t day_count = 0;
	size_t site_count = 0;
	size_t technique_count = 0;
	const struct fake *const *fakes = event_summary_fakes(summary, &fake_count);
	const struct day *days = event_summary_days(summary, &day_count);
	struct total *sites = totals_by_site(fakes, fake_count, &site_count);
	struct total *techniques = totals_by_technique(fakes, fake_count, &technique_count);
	const bool whole = sites != NULL && techniques != NULL && fake_count > 0 && day_count > 0;
	if (whole) {
		fputs(head, out);
		put_sums(days, day_count, fake_count, site_count, today, out);
		put_time_chart(days, day_count, out);
		put_totals("Site", "site", sites, site_count, out);
		put_totals("Technique", "technique", techniques, technique_count, out);
		put_coverage(summary, out);
		put_fakes(fakes, fake_count, out);
		fputs("</body>\n</html>\n", out);
	}
	free(sites);
	free(techniques);
	return whole;
}
