/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the invented names are put together from.
 */
#ifndef BENCH_WORDS_H
#define BENCH_WORDS_H

static const char *const english_words[] = {
    "air",    "apple",  "art",     "auto",    "baby",    "back",    "ball",   "bank",    "base",
    "beach",  "bear",   "best",    "bike",    "bird",    "black",   "blue",   "board",   "boat",
    "body",   "book",   "box",     "bread",   "bridge",  "bright",  "build",  "camp",    "capital",
    "car",    "card",   "care",    "cash",    "castle",  "chain",   "change", "city",    "class",
    "clean",  "clear",  "clever",  "click",   "clinic",  "cloud",   "coast",  "code",    "coffee",
    "color",  "cook",   "corner",  "craft",   "crystal", "dance",   "data",   "day",     "deal",
    "deep",   "design", "digital", "direct",  "doctor",  "dream",   "drive",  "eagle",   "earth",
    "east",   "easy",   "energy",  "event",   "every",   "express", "family", "farm",    "fashion",
    "fast",   "field",  "film",    "finance", "fire",    "first",   "fish",   "fit",     "flow",
    "flower", "food",   "forest",  "forum",   "fresh",   "friend",  "fun",    "garden",  "gift",
    "glass",  "global", "gold",    "good",    "grand",   "green",   "group",  "guide",   "hand",
    "happy",  "health", "heart",   "high",    "hill",    "home",    "horse",  "hotel",   "house",
    "idea",   "island", "job",     "just",    "key",     "kids",    "king",   "kitchen", "lake",
    "land",   "law",    "leaf",    "learn",   "life",    "light",   "line",   "lion",    "list",
    "little", "live",   "local",   "lucky",   "magic",   "mail",    "map",    "market",  "master",
    "media",  "metal",  "mind",    "mobile",  "modern",  "money",   "moon",   "motor",   "mountain",
    "movie",  "music",  "nature",  "new",     "news",    "night",   "north",  "ocean",   "office",
    "oil",    "one",    "open",    "orange",  "page",    "paint",   "paper",  "park",    "path",
    "peak",   "people", "pet",     "phone",   "photo",   "pick",    "place",  "planet",  "plant",
    "play",   "point",  "power",   "press",   "prime",   "print",   "pro",    "pure",    "quick",
    "radio",  "rain",   "real",    "red",     "rest",    "ride",    "right",  "ring",    "river",
    "road",   "rock",   "room",    "royal",   "safe",    "salt",    "school", "science", "sea",
    "search", "share",  "shop",    "silver",  "simple",  "sky",     "smart",  "snow",    "social",
    "soft",   "solar",  "sound",   "south",   "space",   "speed",   "sport",  "spring",  "star",
    "stone",  "store",  "story",   "street",  "studio",  "style",   "summer", "sun",     "super",
    "sweet",  "team",   "tech",    "time",    "top",     "tour",    "town",   "toy",     "trade",
    "train",  "travel", "tree",    "true",    "trust",   "turbo",   "urban",  "valley",  "value",
    "video",  "view",   "village", "vision",  "voice",   "walk",    "wall",   "water",   "wave",
    "way",    "web",    "west",    "white",   "wild",    "wind",    "window", "wine",    "winter",
    "wise",   "wonder", "wood",    "word",    "work",    "world",   "yellow", "young",   "zone",
};

static const char *const brand_endings[] = {
    "ify", "ly",  "hub", "pay", "bank", "mart", "tech", "soft",
    "air", "tel", "net", "go",  "io",   "x",    "plus",
};

static const char *const vietnamese_syllables[] = {
    "an",    "bac", "bao",  "binh", "cao",   "chau",  "cong",  "dai",   "dat", "dong",
    "duc",   "gia", "ha",   "hai",  "hoa",   "hoang", "hong",  "hung",  "kim", "lam",
    "long",  "mai", "minh", "nam",  "ngan",  "ngoc",  "phat",  "phong", "phu", "phuong",
    "quoc",  "sai", "son",  "tan",  "thanh", "thien", "thinh", "tien",  "tin", "tri",
    "trung", "van", "viet", "vinh", "xanh",  "xuan",
};

/* With marks; they become A-labels. */
static const char *const marked_words[] = {
    "bảo",  "điện", "máy",   "thế",   "giới",   "cà",     "phê",    "nhà",  "hàng",   "trường",
    "học",  "mỹ",   "phẩm",  "sách",  "đẹp",    "müller", "straße", "café", "crème",  "niño",
    "grün", "köln", "señor", "forêt", "москва", "книга",  "日本",   "東京", "ελλάδα", "łódź",
};

static const char *const onsets[] = {
    "b",  "c",  "d",  "f",  "g",  "h",  "j",   "k",  "l",  "m",  "n",  "p",  "r",  "s",  "t",  "v",
    "w",  "z",  "b",  "d",  "k",  "l",  "m",   "n",  "p",  "r",  "s",  "t",  "br", "cl", "cr", "dr",
    "fl", "fr", "gr", "pl", "pr", "st", "str", "tr", "th", "sh", "ch", "sp", "qu", "",   "",
};
static const char *const nuclei[] = {
    "a", "e", "i", "o", "u", "a", "e", "i", "o", "ai", "ea", "io", "ou", "oo", "y",
};
static const char *const codas[] = {
    "", "", "", "", "", "", "n", "r", "s", "l", "t", "m", "x", "nd", "st", "ck", "ng", "rt",
};

/* Suffixes of sites, as often as they stand here. */
static const char *const site_suffixes[] = {
    "com", "com",    "com",    "com",    "com",    "com", "com", "com",
    "com", "com.vn", "com.vn", "com.vn", "com.vn", "vn",  "vn",  "net",
    "org", "gov.vn", "co.uk",  "com.sg", "de",     "fr",  "io",  "co.jp",
};
/* Suffixes of names at large. */
static const char *const name_suffixes[] = {
    "com",  "com", "com",   "com", "com",    "com",    "com",    "com", "net",
    "net",  "org", "org",   "vn",  "com.vn", "edu.vn", "io",     "co",  "info",
    "de",   "fr",  "co.uk", "jp",  "cn",     "ru",     "top",    "xyz", "online",
    "shop", "app", "dev",   "tv",  "me",     "com.au", "com.br",
};

static const char *const service_labels[] = {
    "www",  "www",       "www",    "api",     "cdn",  "static", "img",  "mail",
    "m",    "login",     "assets", "app",     "dl",   "ws",     "push", "edge",
    "auth", "telemetry", "ads",    "metrics", "sync", "update",
};

static const char *const decoration_words[] = {
    "login", "secure", "verify",   "account",   "support", "online", "xacthuc", "nhanqua",
    "uudai", "baomat", "dangnhap", "khuyenmai", "vay",     "trian",  "update",  "vip",
};

#endif
