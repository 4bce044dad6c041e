/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/bait_words.h"

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
    "app",       "apps",
    "asia",      "auto",
    "banco",     "bank",
    "banking",   "buy",
    "chinhthuc", "club",
    "cn",        "co",
    "com",       "ctv",
    "customer",  "customers",
    "deal",      "deals",
    "digital",   "ebank",
    "email",     "eu",
    "event",     "events",
    "free",      "global",
    "go",        "group",
    "hk",        "home",
    "hot",       "ibank",
    "id",        "international",
    "ip",        "japan",
    "japanco",   "jp",
    "kr",        "live",
    "mail",      "mall",
    "market",    "mission",
    "mobile",    "my",
    "ne",        "net",
    "netbank",   "new",
    "now",       "offer",
    "offers",    "official",
    "online",    "page",
    "pages",     "pay",
    "plus",      "portal",
    "pro",       "sale",
    "sales",     "shop",
    "site",      "sms",
    "ssl",       "store",
    "team",      "the",
    "today",     "tw",
    "uk",        "us",
    "usa",       "vay",
    "viet",      "vietnam",
    "vip",       "vn",
    "web",       "win",
    "world",     "www",
    "www1",      "www2",
    "www3",
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

/* A list, and a bit for each length that its words with two such letters in front have. */
struct listed {
	const char *const *words;
	size_t count;
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

static bool has(const struct listed *list, const char *text, size_t len)
{
	size_t low = 0, high = list->count;

	/* most texts end here: no word has such letters in front, or not this length */
	if (!is_letter(text[0]) || !is_letter(text[1]) ||
	    (list->lengths[text[0] - 'a'][text[1] - 'a'] >> len & 1) == 0) {
		return false;
	}
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

static void note_lengths(struct listed *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *word = list->words[i];

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
		for (size_t n = 2; n <= BAIT_WORD_MAX && i + n <= len; n++) {
			signed char bait = has(&lure_list, text + i, n)    ? BAIT_LURE
					   : has(&plain_list, text + i, n) ? BAIT_PLAIN
									   : BAIT_NONE;

			if (bait == BAIT_NONE) {
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

bool is_edged_by_lure(const char *text, size_t len)
{
	for (size_t n = LURE_EDGE_MIN; n <= BAIT_WORD_MAX && n < len; n++) {
		if (has(&lure_list, text, n) || has(&lure_list, text + len - n, n)) {
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
		for (size_t n = 2; n <= BAIT_WORD_MAX && i + n <= len; n++) {
			reached[i + n] = reached[i + n] || has(&machine_list, text + i, n);
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
