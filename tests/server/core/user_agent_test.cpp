#include "core/user_agent.hpp"

#include <catch2/catch.hpp>

using namespace beckon::core;

namespace {

struct Row {
  const char *user_agent, *device, *browser, *os;
};

// As real browsers send them.
constexpr Row kRows[] = {
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36", "desktop", "chrome", "windows"},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36 Edg/124.0.2478.51", "desktop", "edge", "windows"},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0", "desktop", "firefox", "windows"},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/123.0.0.0 Safari/537.36 OPR/109.0.0.0", "desktop", "opera", "windows"},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 YaBrowser/24.4.0.0 Safari/537.36", "desktop", "yandex", "windows"},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36 Vivaldi/6.6.3271.57", "desktop", "vivaldi", "windows"},
    {"Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", "desktop", "ie", "windows"},
    {"Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)", "desktop", "ie", "windows"},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763", "desktop", "edge", "windows"},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4.1 Safari/605.1.15", "desktop", "safari", "macos"},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36", "desktop", "chrome", "macos"},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:125.0) Gecko/20100101 Firefox/125.0", "desktop", "firefox", "macos"},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15 Ddg/17.4", "desktop", "duckduckgo", "macos"},
    {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36", "desktop", "chrome", "linux"},
    {"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0", "desktop", "firefox", "linux"},
    {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.6099.224 Safari/537.36", "desktop", "chrome", "linux"},
    {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.0 Safari/605.1.15 Epiphany/605.1.15", "desktop", "safari", "linux"},
    {"Mozilla/5.0 (X11; FreeBSD amd64; rv:124.0) Gecko/20100101 Firefox/124.0", "desktop", "firefox", "freebsd"},
    {"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/123.0.0.0 Safari/537.36", "desktop", "chrome", "chromeos"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4.1 Mobile/15E148 Safari/604.1", "mobile", "safari", "ios"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/124.0.6367.68 Mobile/15E148 Safari/604.1", "mobile", "chrome", "ios"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 14_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/125.0 Mobile/15E148 Safari/605.1.15", "mobile", "firefox", "ios"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 EdgiOS/123.0.2420.108 Mobile/15E148 Safari/605.1.15", "mobile", "edge", "ios"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1 OPT/4.6.0", "mobile", "opera", "ios"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_3_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/21D61 Instagram 324.3.2.27.80", "mobile", "safari", "ios"},
    {"Mozilla/5.0 (iPad; CPU OS 12_5_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 Mobile/15E148 Safari/604.1", "tablet", "safari", "ios"},
    {"Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/124.0.6367.68 Mobile/15E148 Safari/604.1", "tablet", "chrome", "ios"},
    {"Mozilla/5.0 (iPod touch; CPU iPhone OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1 Mobile/15E148 Safari/604.1", "mobile", "safari", "ios"},
    {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36", "mobile", "chrome", "android"},
    {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36", "tablet", "chrome", "android"},
    {"Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/24.0 Chrome/117.0.0.0 Mobile Safari/537.36", "mobile", "samsung", "android"},
    {"Mozilla/5.0 (Android 14; Mobile; rv:125.0) Gecko/125.0 Firefox/125.0", "mobile", "firefox", "android"},
    {"Mozilla/5.0 (Android 13; Tablet; rv:125.0) Gecko/125.0 Firefox/125.0", "tablet", "firefox", "android"},
    {"Mozilla/5.0 (Linux; Android 10; HD1913) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/123.0.6312.118 Mobile Safari/537.36 EdgA/123.0.2420.102", "mobile", "edge", "android"},
    {"Mozilla/5.0 (Linux; Android 10; VOG-L29) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.6367.82 Mobile Safari/537.36 OPR/76.2.4027.73374", "mobile", "opera", "android"},
    {"Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16", "mobile", "opera", "android"},
    {"Mozilla/5.0 (Linux; U; Android 11; en-US; RMX2185) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.4.0.1306 Mobile Safari/537.36", "mobile", "uc", "android"},
    {"Mozilla/5.0 (Linux; Android 13; 23021RAA2Y) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/112.0.5615.136 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.4.0", "mobile", "miui", "android"},
    {"Mozilla/5.0 (Linux; Android 9; KFTRWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/122.1.1 like Chrome/122.0.6261.90 Safari/537.36", "tablet", "silk", "android"},
    {"Mozilla/5.0 (Linux; U; Android 4.0.3; de-de; Galaxy S II Build/GRJ22) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30", "mobile", "android", "android"},
    {"Mozilla/5.0 (Mobile; Nokia 8110 4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5", "mobile", "firefox", "kaios"},
    {"Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15254", "mobile", "edge", "windows"},
    {"curl/8.5.0", "", "", ""},
    {"", "", "", ""},
    {"\"><img src=x onerror=window.__x=1>", "", "", ""},
};

}  // namespace

TEST_CASE("device, browser and system are read from real user agents") {
  for (const Row& row : kRows) {
    INFO(row.user_agent);
    const BrowserFacts facts = read_user_agent(row.user_agent);
    CHECK(facts.device == row.device);
    CHECK(facts.browser == row.browser);
    CHECK(facts.os == row.os);
  }
}

TEST_CASE("client hints come before the user agent") {
  Upgrade upgrade;
  upgrade.user_agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36";
  upgrade.ch_ua = R"("Chromium";v="124", "Brave";v="124", "Not-A.Brand";v="99")";
  upgrade.ch_ua_platform = "\"Android\"";
  SECTION("a phone") {
    upgrade.ch_ua_mobile = "?1";
    CHECK(browser_facts(upgrade).device == "mobile");
  }
  SECTION("a tablet says that it is not mobile") {
    upgrade.ch_ua_mobile = "?0";
    CHECK(browser_facts(upgrade).device == "tablet");
  }
  CHECK(browser_facts(upgrade).browser == "brave");
  CHECK(browser_facts(upgrade).os == "android");
}

TEST_CASE("without hints the user agent counts") {
  Upgrade upgrade;
  upgrade.user_agent = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:125.0) Gecko/20100101 Firefox/125.0";
  CHECK(browser_facts(upgrade).browser == "firefox");
  CHECK(browser_facts(upgrade).os == "macos");
  CHECK(browser_facts(upgrade).device == "desktop");
}

TEST_CASE("the language liked best is taken from Accept-Language") {
  CHECK(preferred_language("fr-CA,fr;q=0.9,en;q=0.8") == "fr-CA");
  CHECK(preferred_language("en;q=0.5, de ; q=0.9 , *;q=0.1") == "de");
  CHECK(preferred_language("en;q=0, nl;q=0.1") == "nl");
  CHECK(preferred_language("*") == "");
  CHECK(preferred_language("") == "");
  CHECK(preferred_language(",,;q=1,\"><img>,pt-BR") == "pt-BR");
}

TEST_CASE("language tags are told from other texts") {
  CHECK(is_language_tag("en"));
  CHECK(is_language_tag("zh-Hant-TW"));
  CHECK(is_language_tag("es-419"));
  CHECK_FALSE(is_language_tag("419"));
  CHECK_FALSE(is_language_tag("en-"));
  CHECK_FALSE(is_language_tag("-en"));
  CHECK_FALSE(is_language_tag("en us"));
  CHECK_FALSE(is_language_tag("abcdefghi"));
}
