/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/bait_words.h"

#include <assert.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#define BAIT_WORD_MAX 16

/* Longer pieces are read as far as this. */
#define PIECE_MAX 63

/*
 * English, Vietnamese, Japanese in romaji, Spanish, Portuguese, French, German, Indonesian, Thai
 * in romanised form; without marks, in alphabetical order.
 */
static const char *const lures[] = {
    "acceso",
    "accnt",
    "account",
    "accounts",
    "acesso",
    "acount",
    "actualizar",
    "admin",
    "airdrop",
    "aktualisierung",
    "akun",
    "alert",
    "alerts",
    "anmelden",
    "anmeldung",
    "anshin",
    "appeal",
    "assistance",
    "atualizacao",
    "atualizar",
    "auth",
    "authenticate",
    "authentication",
    "authorize",
    "bantuan",
    "baomat",
    "bestaetigen",
    "bestatigen",
    "billing",
    "bonus",
    "canhbao",
    "capnhat",
    "card",
    "cards",
    "center",
    "centre",
    "chamsoc",
    "chamsockhachhang",
    "checkout",
    "chuailuea",
    "chuyentien",
    "claim",
    "client",
    "cliente",
    "clientele",
    "clientes",
    "clients",
    "colis",
    "compte",
    "confirm",
    "confirmation",
    "confirmed",
    "connexion",
    "conta",
    "copyright",
    "cskh",
    "cuenta",
    "customs",
    "dangky",
    "dangnhap",
    "delivery",
    "dichvu",
    "dientu",
    "dinhdanh",
    "entrar",
    "entrega",
    "facture",
    "generator",
    "giaohang",
    "gift",
    "gifts",
    "giveaway",
    "hadiah",
    "haitatsu",
    "hassou",
    "helpcenter",
    "helpdesk",
    "henkin",
    "hoanthue",
    "hoantien",
    "honnin",
    "hotro",
    "identity",
    "info",
    "information",
    "iniciar",
    "invoice",
    "kaiin",
    "kakunin",
    "khachhang",
    "khaosu",
    "khuyenmai",
    "konto",
    "koukan",
    "kunde",
    "kunden",
    "kundendienst",
    "kyufu",
    "layanan",
    "lieferung",
    "livraison",
    "locked",
    "logging",
    "login",
    "loging",
    "logins",
    "logon",
    "manage",
    "management",
    "manager",
    "masuk",
    "meisai",
    "member",
    "members",
    "minigame",
    "mokhoa",
    "myaccount",
    "nangcap",
    "naptien",
    "nasabah",
    "nganhang",
    "nhan",
    "nhanqua",
    "nhanthuong",
    "nhantien",
    "nhanvien",
    "ninsho",
    "nitro",
    "notice",
    "notification",
    "openid",
    "otoiawase",
    "otp",
    "package",
    "paket",
    "parcel",
    "passcode",
    "password",
    "payid",
    "payment",
    "payments",
    "pontos",
    "premio",
    "prize",
    "promo",
    "promocao",
    "promotion",
    "protect",
    "protection",
    "qua",
    "quatang",
    "quayso",
    "rabop",
    "rangwan",
    "rastreio",
    "recadastramento",
    "recover",
    "recovery",
    "redeem",
    "redelivery",
    "refund",
    "refunds",
    "remboursement",
    "reschedule",
    "reset",
    "resgate",
    "resolve",
    "restore",
    "reward",
    "rewards",
    "riyou",
    "robux",
    "ruttien",
    "safe",
    "safety",
    "secur",
    "secure",
    "secured",
    "securite",
    "security",
    "seguranca",
    "seguridad",
    "seguro",
    "servic",
    "service",
    "services",
    "sesion",
    "session",
    "shipment",
    "sicherheit",
    "signin",
    "signon",
    "signup",
    "singin",
    "sinhtrachoc",
    "skins",
    "soporte",
    "sukien",
    "suporte",
    "support",
    "suspend",
    "suspended",
    "taikhoan",
    "tang",
    "tarif",
    "theatm",
    "thecao",
    "thuong",
    "ticket",
    "tindung",
    "tongdai",
    "toroku",
    "tourok",
    "tracking",
    "tracuu",
    "tradeoffer",
    "trian",
    "trungthuong",
    "tsuchi",
    "tuyendung",
    "undian",
    "unlock",
    "unlocked",
    "update",
    "updated",
    "updates",
    "updating",
    "upgrade",
    "user",
    "userid",
    "users",
    "uudai",
    "validate",
    "validation",
    "vaynhanh",
    "vaytien",
    "vayvon",
    "verifi",
    "verificacion",
    "verificar",
    "verification",
    "verified",
    "verifier",
    "verifiez",
    "verifikasi",
    "verify",
    "vidientu",
    "violation",
    "vongquay",
    "wallet",
    "webscr",
    "xacminh",
    "xacnhan",
    "xacthuc",
    "yuenyan",
    "zahlung",
};

/* Words that fakes add, and honest sites too. In alphabetical order. */
static const char *const plain_words[] = {
    "app",     "apps",     "asia",      "auto",   "banco",  "bank",     "banking",
    "boost",   "buy",      "chinhthuc", "club",   "cn",     "co",       "com",
    "ctv",     "customer", "customers", "deal",   "deals",  "digital",  "ebank",
    "email",   "eu",       "event",     "events", "free",   "global",   "go",
    "group",   "hk",       "home",      "hot",    "ibank",  "id",       "international",
    "ip",      "japan",    "japanco",   "jp",     "kr",     "live",     "mail",
    "mall",    "market",   "mission",   "mobile", "my",     "ne",       "net",
    "netbank", "new",      "now",       "offer",  "offers", "official", "online",
    "page",    "pages",    "pay",       "plus",   "portal", "pro",      "sale",
    "sales",   "shop",     "site",      "sms",    "ssl",    "store",    "team",
    "the",     "today",    "trade",     "tw",     "uk",     "us",       "usa",
    "vay",     "viet",     "vietnam",   "vip",    "vn",     "vote",     "web",
    "win",     "world",    "www",       "www1",   "www2",   "www3",
};

/* In alphabetical order. */
static const char *const machine_words[] = {
    "addin",
    "addins",
    "ads",
    "adservices",
    "adsystem",
    "analytics",
    "api",
    "apis",
    "asset",
    "assets",
    "aws",
    "by",
    "cache",
    "cdn",
    "cloud",
    "cognito",
    "connecttest",
    "content",
    "copilot",
    "corp",
    "db",
    "dev",
    "devices",
    "dns",
    "domains",
    "edge",
    "edges",
    "eu",
    "experiment",
    "get",
    "global",
    "gslb",
    "image",
    "images",
    "img",
    "labs",
    "lb",
    "media",
    "metrics",
    "on",
    "origin",
    "origins",
    "ping",
    "prd",
    "preprod",
    "prod",
    "proxy",
    "qa",
    "relay",
    "resources",
    "row",
    "roxy",
    "sandbox",
    "server",
    "servers",
    "stage",
    "staging",
    "static",
    "stats",
    "status",
    "stg",
    "sync",
    "syndication",
    "tagmanager",
    "target",
    "techblog",
    "telemetry",
    "test",
    "tools",
    "traffic",
    "trafficmanager",
    "trust",
    "uat",
    "us",
    "usercontent",
    "video",
    "videos",
    "websites",
    "zip",
};

static const char *const delivery_words[] = {"cdn",   "dns",    "msedge", "akamai",
					     "cache", "static", "gslb",   "anycast"};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* A list, where the words of each first letter begin, and a bit for each length that words with two
 * such letters in front have. */
struct listed {
	const char *const *words;
	size_t count;
	uint16_t first[26 + 1];
	uint32_t lengths[26][26];
};

static struct listed lure_list = {.words = lures, .count = COUNT(lures)};
static struct listed plain_list = {.words = plain_words, .count = COUNT(plain_words)};
static struct listed machine_list = {.words = machine_words, .count = COUNT(machine_words)};
static pthread_once_t lists_once = PTHREAD_ONCE_INIT;

/* Less than, equal to or greater than 0 as the text stands before, at or behind the listed word. */
static int compare(const char *text, size_t len, const char *listed)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] != listed[i]) {
			return text[i] < listed[i] ? -1 : 1;
		}
	}
	return listed[len] == '\0' ? 0 : -1;
}

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* A bit for each length that a word of the list may have that begins so; len is what is left. */
static inline uint32_t lengths_of(const struct listed *list, const char *text, size_t len)
{
	if (len < 2 || !is_letter(text[0]) || !is_letter(text[1])) {
		return 0;
	}
	const uint32_t lengths = list->lengths[text[0] - 'a'][text[1] - 'a'];

	return len < 31 ? lengths & ((2U << len) - 1) : lengths;
}

/* Whether a word of the list is these letters, which lengths_of() does not rule out. */
static bool is_listed(const struct listed *list, const char *text, size_t len)
{
	const size_t letter = (size_t)(text[0] - 'a');
	size_t low = list->first[letter], high = list->first[letter + 1];

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = compare(text, len, list->words[middle]);

		if (order == 0) {
			return true;
		}
		if (order < 0) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}
	return false;
}

static bool has(const struct listed *list, const char *text, size_t len)
{
	return (lengths_of(list, text, len) >> len & 1) != 0 && is_listed(list, text, len);
}

/* Takes the least length out of a set that is not empty. */
static inline size_t take_length(uint32_t *lengths)
{
	const size_t len = (size_t)__builtin_ctz(*lengths);

	*lengths &= *lengths - 1;
	return len;
}

static void note_lengths(struct listed *list)
{
	for (size_t letter = 0, i = 0; letter <= 26; letter++) {
		while (i < list->count && list->words[i][0] < (char)('a' + letter)) {
			i++;
		}
		list->first[letter] = (uint16_t)i;
	}
	for (size_t i = 0; i < list->count; i++) {
		const char *word = list->words[i];

		assert(strlen(word) <= BAIT_WORD_MAX);
		if (is_letter(word[0]) && is_letter(word[1])) {
			list->lengths[word[0] - 'a'][word[1] - 'a'] |= 1U << strlen(word);
		}
	}
}

static void make_lists(void)
{
	note_lengths(&lure_list);
	note_lengths(&plain_list);
	note_lengths(&machine_list);
}

bool bait_words_ready(void)
{
	return pthread_once(&lists_once, make_lists) == 0;
}

static bool is_filler(char c)
{
	return c == '-' || (c >= '0' && c <= '9');
}

enum bait bait_of(const char *text, size_t len)
{
	enum { UNREACHED = -1 };
	signed char best[PIECE_MAX + 1]; /* what the letters up to here are made of */

	if (len == 0 || len > PIECE_MAX) {
		return BAIT_NONE;
	}
	memset(best, UNREACHED, sizeof(best));
	best[0] = BAIT_NONE;
	for (size_t i = 0; i < len; i++) {
		if (best[i] == UNREACHED) {
			continue;
		}
		if (is_filler(text[i]) && best[i] > best[i + 1]) {
			best[i + 1] = best[i];
		}
		const uint32_t lured = lengths_of(&lure_list, text + i, len - i);
		const uint32_t plain = lengths_of(&plain_list, text + i, len - i);

		for (uint32_t lengths = lured | plain; lengths != 0;) {
			const size_t n = take_length(&lengths);
			signed char bait = BAIT_NONE;

			if ((lured >> n & 1) != 0 && is_listed(&lure_list, text + i, n)) {
				bait = BAIT_LURE;
			} else if ((plain >> n & 1) != 0 && is_listed(&plain_list, text + i, n)) {
				bait = BAIT_PLAIN;
			} else {
				continue;
			}
			bait = bait > best[i] ? bait : best[i];
			if (bait > best[i + n]) {
				best[i + n] = bait;
			}
		}
	}
	return best[len] == UNREACHED ? BAIT_NONE : (enum bait)best[len];
}

const char *bait_word(size_t i)
{
	if (i < COUNT(lures)) {
		return lures[i];
	}
	return i - COUNT(lures) < COUNT(plain_words) ? plain_words[i - COUNT(lures)] : NULL;
}

bool is_edged_by_lure(const char *text, size_t len)
{
	uint32_t lengths = len > LURE_EDGE_MIN ? lengths_of(&lure_list, text, len - 1) >>
						     LURE_EDGE_MIN << LURE_EDGE_MIN
					       : 0;

	while (lengths != 0) {
		if (is_listed(&lure_list, text, take_length(&lengths))) {
			return true;
		}
	}
	for (size_t n = LURE_EDGE_MIN; n <= BAIT_WORD_MAX && n < len; n++) {
		if (has(&lure_list, text + len - n, n)) {
			return true;
		}
	}
	return false;
}

bool is_machine_words(const char *text, size_t len)
{
	bool reached[PIECE_MAX + 1] = {true};

	if (len == 0 || len > PIECE_MAX) {
		return false;
	}
	for (size_t i = 0; i < len; i++) {
		if (!reached[i]) {
			continue;
		}
		reached[i + 1] = reached[i + 1] || is_filler(text[i]);
		for (uint32_t lengths = lengths_of(&machine_list, text + i, len - i);
		     lengths != 0;) {
			const size_t n = take_length(&lengths);

			reached[i + n] = reached[i + n] || is_listed(&machine_list, text + i, n);
		}
	}
	return reached[len];
}

bool names_delivery(const char *text, size_t len)
{
	for (size_t i = 0; i < COUNT(delivery_words); i++) {
		size_t word_len = strlen(delivery_words[i]);

		for (size_t at = 0; at + word_len <= len; at++) {
			if (memcmp(text + at, delivery_words[i], word_len) == 0) {
				return true;
			}
		}
	}
	return false;
}
