/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names in the ways that criminals build them, and how sure a finding may be of honest ones. */
#include "tests/unit/policy/judging.h"

/* No decorations: the built-in words must do. */
static const char policy[] =
    "version = 1;\n"
    "contact = \"it@office.example\";\n"
    "sites = (\n"
    "  { name = \"Vietcombank\"; domains = [ \"vietcombank.com.vn\" ]; },\n"
    "  { name = \"ACB\"; domains = [ \"acb.com.vn\" ]; },\n"
    "  { name = \"BIDV\"; domains = [ \"bidv.com.vn\" ]; },\n"
    "  { name = \"Dịch vụ công\"; domains = [ \"dichvucong.gov.vn\" ]; },\n"
    "  { name = \"Shopee\"; domains = [ \"shopee.vn\", \"shopee.com\" ]; },\n"
    "  { name = \"Lazada\"; domains = [ \"lazada.vn\", \"lazada.com\" ]; },\n"
    "  { name = \"TikTok\"; domains = [ \"tiktok.com\", \"tiktokv.com\" ]; },\n"
    "  { name = \"Telegram\"; domains = [ \"telegram.org\", \"telegram.me\" ]; },\n"
    "  { name = \"PayPal\"; domains = [ \"paypal.com\" ]; },\n"
    "  { name = \"PayPay\"; domains = [ \"paypay.ne.jp\" ]; },\n"
    "  { name = \"Saison\"; domains = [ \"saisoncard.co.jp\" ]; },\n"
    "  { name = \"Amazon\"; domains = [ \"amazon.co.jp\", \"amazon.com\", \"amazon.ae\" ]; },\n"
    "  { name = \"Microsoft\"; domains = [ \"microsoft.com\", \"office.com\" ]; },\n"
    "  { name = \"Google\"; domains = [ \"google.com\" ]; },\n"
    "  { name = \"UC\"; domains = [ \"uccard.co.jp\" ]; },\n"
    "  { name = \"UCS\"; domains = [ \"ucscard.co.jp\" ]; },\n"
    "  { name = \"Kita-net\"; domains = [ \"kita-net.com\" ]; },\n"
    "  { name = \"Norrevik-Sparo\"; domains = [ \"norrevik-sparo.de\" ]; },\n"
    "  { name = \"Planetr\"; domains = [ \"planetr.vn\" ]; },\n"
    "  { name = \"Amiko\"; domains = [ \"amiko.co.jp\" ]; },\n"
    "  { name = \"Number\"; domains = [ \"bank24.com\" ]; }\n"
    ");\n";

enum { NOTHING = -1 };

static int confidence_of(const char *name, struct finding *found)
{
	return judging_of(&judging, name, found) == JUDGE_FOUND ? (int)found->confidence : NOTHING;
}

static void test_reach(void **state)
{
	(void)state;
	static const struct {
		const char *name, *imitates;
		int least;
	} rows[] = {
	    /* an unknown piece does not take a decoration's worth away */
	    {"vietcombank-login.com", "vietcombank.com.vn", CONFIDENCE_HIGH},
	    {"vietcombank-login-qzx.com", "vietcombank.com.vn", CONFIDENCE_HIGH},
	    {"amazon-signin-pape.akko6.com", "amazon.co.jp", CONFIDENCE_MEDIUM},
	    {"amazon-id-safety-center-openid-pape-max-auth-cgc-return.qwzrt.com", "amazon.co.jp",
	     CONFIDENCE_MEDIUM},
	    /* a coined label whole in front of another's domain */
	    {"saisoncard.gardenparty.com", "saisoncard.co.jp", CONFIDENCE_MEDIUM},
	    {"shopee.vn7.qxkzt.com", "shopee.vn", CONFIDENCE_MEDIUM},
	    /* a label of which no letter is left; the sanitizers see a read in front of the name */
	    {"xn--vxcb.vietc0mbank.com", "vietcombank.com.vn", CONFIDENCE_MEDIUM},
	    /* words of the token's own, and glued words */
	    {"telegrams.org", "telegram.org", CONFIDENCE_LOW},
	    {"paypalloginusa.com", "paypal.com", CONFIDENCE_MEDIUM},
	    {"shopeesmarket.com", "shopee.vn", CONFIDENCE_LOW},
	    {"lazadasvip.com", "lazada.vn", CONFIDENCE_MEDIUM},
	    {"shopeevip19.com", "shopee.vn", CONFIDENCE_MEDIUM},
	    {"hotrovietcombank.com", "vietcombank.com.vn", CONFIDENCE_MEDIUM},
	    {"paypa1login.com", "paypal.com", CONFIDENCE_MEDIUM},
	    {"tlktokshop.biz", "tiktok.com", CONFIDENCE_MEDIUM},
	    {"shop\xc3\xa9"
	     "emall.com",
	     "shopee.vn", CONFIDENCE_LOW},
	    /* each language's words */
	    {"paypal-iniciar-sesion.com", "paypal.com", CONFIDENCE_MEDIUM},
	    {"paypal-anmeldung.com", "paypal.com", CONFIDENCE_MEDIUM},
	    {"shopee-hadiah.com", "shopee.vn", CONFIDENCE_MEDIUM},
	    {"amazon-kakunin.com", "amazon.co.jp", CONFIDENCE_MEDIUM},
	    /* short labels in front, with decorations behind */
	    {"acb.chamsockhachhang-uudai.com.vn", "acb.com.vn", CONFIDENCE_LOW},
	    {"bidv.login-x.com", "bidv.com.vn", CONFIDENCE_LOW},
	    {"micr0soft.com.mcas.ms", "microsoft.com", CONFIDENCE_LOW},
	    /* slips */
	    {"saisoncadr.co.jp.qwkzr.cn", "saisoncard.co.jp", CONFIDENCE_MEDIUM},
	    {"saiconsard.co.jp.qwkzr.cn", "saisoncard.co.jp", CONFIDENCE_LOW},
	    {"viettcombannk.top", "vietcombank.com.vn", CONFIDENCE_LOW},
	    {"amaznocard.top", "amazon.co.jp", CONFIDENCE_LOW},
	    /* ... with the site's own suffix glued to them, whatever domain stands behind */
	    {"kita-nrtcom.gardenparty.com", "kita-net.com", CONFIDENCE_LOW},
	    /* ... of a label that has a hyphen */
	    {"klita-net-jp.qwkzr.top", "kita-net.com", CONFIDENCE_MEDIUM},
	    /* ... in what stands before the first hyphen */
	    {"amoko-ne-index.qwkzr.cn", "amiko.co.jp", CONFIDENCE_LOW},
	    /* ... in the second letter */
	    {"aimko.co.jp.qwkzr.cn", "amiko.co.jp", CONFIDENCE_LOW},
	    /* ... that makes a word of it, under its own suffix */
	    {"planet.vn", "planetr.vn", CONFIDENCE_LOW},
	    /* the first half of a label, with a lure; a delivery network of the site's, as it seems
	     */
	    {"norrevik-login.de", "norrevik-sparo.de", CONFIDENCE_LOW},
	    {"cdntelegram.org", "telegram.org", CONFIDENCE_LOW},
	    /* a long label split over a dot, with a word set beside it */
	    {"vietcom.bank-friends.com", "vietcombank.com.vn", CONFIDENCE_LOW},
	    /* a government's suffix moved into the label */
	    {"dichvucong-gov-vn.com", "dichvucong.gov.vn", CONFIDENCE_MEDIUM},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct finding found;
		int confidence = confidence_of(rows[i].name, &found);

		if (confidence < rows[i].least) {
			fail_msg("%s: %d", rows[i].name, confidence);
		}
		assert_string_equal(found.imitates, rows[i].imitates);
	}
}

static void test_restraint(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int most;
	} rows[] = {
	    /* the same label under another suffix, alone */
	    {"vietcombank.top", CONFIDENCE_MEDIUM},
	    {"shopee.co.id", CONFIDENCE_LOW},
	    {"microsoft.us", CONFIDENCE_LOW},
	    {"office.net", NOTHING},
	    /* words for machines */
	    {"googleapis.com", NOTHING},
	    {"tiktokcdn.com", NOTHING},
	    {"www.amazonaws.com", NOTHING},
	    /* delivery networks, by their own names */
	    {"www.tiktok.com.qlivecdn.com", CONFIDENCE_LOW},
	    /* infrastructure that stands behind others' names by construction, but no disguise */
	    {"teams.microsoft.com.mcas.ms", NOTHING},
	    {"microsoft.map.fastly.net", NOTHING},
	    /* ... nor one, where a company's own domain stands in front */
	    {"push.tiktokrow-cdn.com.wsdvs.com", NOTHING},
	    /* common words make phrases */
	    {"officehouse.xyz", CONFIDENCE_LOW},
	    /* half of a label, by itself, beside words, under another suffix, with a slip */
	    {"norrevik-login.de", CONFIDENCE_LOW},
	    {"norrevik.de", NOTHING},
	    {"norrevik-garden.de", NOTHING},
	    {"norrevik-login.com", NOTHING},
	    {"norreviklogin.de", NOTHING},
	    {"norrevkk-login.de", NOTHING},
	    {"norrevik-login.x.de", NOTHING},
	    /* a word, where anybody may have it */
	    {"planet.com", NOTHING},
	    {"planet.vn", CONFIDENCE_LOW},
	    /* a delivery network under another suffix */
	    {"shopeecdn.net", NOTHING},
	    /* a government's */
	    {"indianpaypal.gov.in", NOTHING},
	    {"paypal.go.jp", NOTHING},
	    /* only a label's boundary begins a domain in front */
	    {"notpaypal.com.geo.example.net", CONFIDENCE_LOW},
	    /* a letter never stands for a digit */
	    {"bankza.com", CONFIDENCE_LOW},
	    /* a slip is no deceit */
	    {"vietcombannk.com.vn", CONFIDENCE_MEDIUM},
	    {"microsoft-p.com", CONFIDENCE_MEDIUM},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct finding found;
		int confidence = confidence_of(rows[i].name, &found);

		if (confidence > rows[i].most) {
			fail_msg("%s: %s, %s", rows[i].name, confidence_text(found.confidence),
				 found.why);
		}
	}
}

/* A label that stands there as it is beats the slip of another's. */
static void test_right_site(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
	    {"uccard-humble.qwkzr.cn", "uccard.co.jp"},
	    {"ucscard-humble.qwkzr.cn", "ucscard.co.jp"},
	    {"paypay-info.qwkzr.cn", "paypay.ne.jp"},
	    {"paypal-info.qwkzr.cn", "paypal.com"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct finding found;

		assert_int_equal(judging_of(&judging, rows[i][0], &found), JUDGE_FOUND);
		assert_string_equal(found.imitates, rows[i][1]);
	}
}

static int set_up(void **state)
{
	(void)state;
	judging = judging_new(policy);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reach),
	    cmocka_unit_test(test_restraint),
	    cmocka_unit_test(test_right_site),
	};
	return cmocka_run_group_tests(tests, set_up, judging_tear_down);
}
