/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands round a token in a name: which labels it is in, what is glued to it or set beside it.
 * Internal to policy/.
 */
#ifndef POLICY_ENGINE_SURROUNDINGS_H
#define POLICY_ENGINE_SURROUNDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/engine/token_table.h"
#include "policy/name/name.h"
#include "policy/pattern/decorations.h"

/* Up to this length a token needs more than to be met. */
#define SHORT_TOKEN_MAX 4

/* What one piece beside the token is. */
enum piece {
	PIECE_NONE,       /* there is none: a dot or the end */
	PIECE_DECORATION, /* the policy's, or a lure of the built-in list */
	PIECE_OWN_SUFFIX, /* "com-vn" of vietcombank.com.vn, "vn" or "com" */
	PIECE_DIGITS,
	PIECE_WORDS,       /* words, English or Vietnamese */
	PIECE_PLAIN,       /* words that fakes add, and honest sites too */
	PIECE_MACHINE,     /* words for machines */
	PIECE_OTHER_SHORT, /* up to three other letters */
	PIECE_OTHER,
};

/* Pieces beside a token: glued on either side, and beyond a hyphen. */
#define PIECES_MAX 4

/* Letters of a stretch between two hyphens or dots of which a reading into words is kept. */
#define STRETCH_LEN_MAX 255

/* How well letters fall into known words: letters covered, then how few words. */
struct cover {
	uint8_t letters;
	uint8_t words;
};

/*
 * What was found of the words in the stretch asked about last, so that the candidates of one
 * stretch share the look-ups. Each entry is filled when it is first needed.
 */
struct stretch {
	const char *text; /* NULL: none yet */
	size_t len;
	/* bit L of words[i]: the L letters from i on are a known word, longer than WORD_LEN_MIN */
	uint32_t words[STRETCH_LEN_MAX + 1];
	struct cover before[STRETCH_LEN_MAX + 1]; /* of the letters in front of i */
	struct cover behind[STRETCH_LEN_MAX + 1]; /* of the letters from i on */
	uint8_t known[STRETCH_LEN_MAX + 1];       /* which of the three are filled */
};

/* What pieces of a name were found to be, so that one text over and over is read once. */
#define PIECES_KNOWN 8
struct known_pieces {
	struct {
		const char *text; /* in the name's elements */
		size_t len;       /* 0: an empty place */
		const struct token *token;
		bool with_decorations;
		enum piece piece;
	} items[PIECES_KNOWN];
	size_t next; /* the place that is taken next */
};

/* Facts of a name that are the same for all its candidates. */
struct name_context {
	const struct name *name;
	const struct decorations *decorations;
	struct pattern_scratch *scratch;
	struct stretch *stretch;     /* text must be NULL at first */
	struct known_pieces *pieces; /* must be zero at first */
	/* the longest token that stands, as it is, on each element; NULL for none */
	const struct token *const *exact;
	const char *top_level; /* last label */
	bool is_cheap;         /* suffix_is_cheap() of it */
	bool ends_made_up;     /* name_ends_made_up() */
	/* Known only once a candidate is worth asking the Public Suffix List for, which assess()
	 * does: */
	enum { PLACE_UNKNOWN, PLACE_KNOWN, PLACE_EXEMPT } place;
	size_t registrable; /* label before the public suffix */
	size_t suffix;      /* first label of the public suffix */
	bool is_hosted;     /* the registrable domain is a host of other people's sites */
	size_t decorated_first, decorated_last; /* labels before it with a decoration in them; with
						   none: the suffix, and 0 */
};

struct surroundings {
	size_t first_label, last_label;   /* labels the token is in */
	size_t low, high;                 /* elements of those labels: low up to but not high */
	size_t left_edge, right_edge;     /* likewise up to the next hyphen on either side */
	bool whole;                       /* from the start of a label to the end of one */
	bool glued_left, glued_right;     /* letters or digits right beside it, no hyphen */
	bool letters_left, letters_right; /* likewise, and not only digits */
	bool hyphens_inside;
	/* filled by surroundings_read(): */
	enum piece left, right;           /* glued to it */
	enum piece left_rest, right_rest; /* beyond a hyphen, within the label */
	/* Where several of them are decorations, what each is besides; PIECE_NONE otherwise. */
	enum piece besides[PIECES_MAX];
	/* filled by surroundings_place(): */
	bool domain_in_front;      /* its site's suffix follows as labels, then another domain */
	bool decoration_elsewhere; /* in a label before it */
	bool decoration_behind;    /* in a label behind it */
	bool same_suffix;          /* the name's public suffix is the site's */
};

/* Fills in which labels have a decoration. The labels of the setting must be known. */
void surroundings_find_decorations(struct name_context *setting);

/* Finds where in the labels elements start to end of the name lie, which hold the token. */
void surroundings_locate(const struct name *name, size_t start, size_t end,
			 struct surroundings *out);

/* Adds what the pieces beside the token are. */
void surroundings_read(const struct name_context *setting, const struct token *token, size_t start,
		       size_t end, struct surroundings *out);

/* Whether the labels behind the token begin with its site's suffix, and do not end there. */
bool surroundings_suffix_follows(const struct name *name, const struct token *token, size_t end,
				 const struct surroundings *surroundings);

/* Adds what takes the public suffix. */
void surroundings_place(const struct name_context *setting, const struct token *token, size_t end,
			struct surroundings *out);

/*
 * Whether the letters between two hyphens or dots are better read with some other word across the
 * token's edge ("pineapple" in pineapple-shop, "appleton") than with the token as a word.
 */
bool explained_by_other_word(const struct name_context *setting, size_t start, size_t end,
			     const struct surroundings *surroundings);

#endif
