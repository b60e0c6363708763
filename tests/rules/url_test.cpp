#include "beckon/rules/url.hpp"

#include <catch2/catch.hpp>
#include <ostream>

#include "beckon/json/utf8.hpp"
#include "beckon/rules/limits.hpp"

namespace beckon::rules {
namespace {

using namespace std::string_literals;

PageUrl parsed(std::string_view raw, const QueryNames& allowed = {}) {
  PageUrl url;
  parse_page_url(raw, allowed, url);
  return url;
}

struct Address {
  std::string raw, url, host, path;
};

// Where a browser has an opinion, these are what Chromium's URL gives.
const std::vector<Address> kAddresses = {
    {"https://shop.example/checkout", "https://shop.example/checkout", "shop.example", "/checkout"},
    {"https://shop.example", "https://shop.example/", "shop.example", "/"},
    {"https://shop.example/", "https://shop.example/", "shop.example", "/"},
    {"https://shop.example/a/b/", "https://shop.example/a/b/", "shop.example", "/a/b"},
    {"https://shop.example/a//", "https://shop.example/a//", "shop.example", "/a"},
    {"https://shop.example//a//b", "https://shop.example//a//b", "shop.example", "//a//b"},
    {"https://shop.example?x=1", "https://shop.example/", "shop.example", "/"},
    {"https://shop.example/a#part?x=/", "https://shop.example/a", "shop.example", "/a"},
    {"https://shop.example#part", "https://shop.example/", "shop.example", "/"},
    // Paths without a host.
    {"/checkout?step=2#x", "/checkout", "", "/checkout"},
    {"checkout/cart", "/checkout/cart", "", "/checkout/cart"},
    {"/", "/", "", "/"},
    {"", "/", "", "/"},
    {"?x", "/", "", "/"},
    {"/a:b/c", "/a:b/c", "", "/a:b/c"},
    {"//shop.example/a", "//shop.example/a", "shop.example", "/a"},
    {"/x/..//evil.example/a", "/evil.example/a", "", "/evil.example/a"},
    // Hosts: lower case, the scheme's own port and whoever signs in left out.
    {"HTTPS://Shop.EXAMPLE:443/A", "https://shop.example/A", "shop.example", "/A"},
    {"http://shop.example:80/", "http://shop.example/", "shop.example", "/"},
    {"http://shop.example:0080/", "http://shop.example/", "shop.example", "/"},
    {"http://shop.example:/", "http://shop.example/", "shop.example", "/"},
    {"http://shop.example:0081", "http://shop.example:81/", "shop.example:81", "/"},
    {"http://shop.example:443/", "http://shop.example:443/", "shop.example:443", "/"},
    {"http://[::1]:80/", "http://[::1]/", "[::1]", "/"},
    {"http://[::1]:8080/", "http://[::1]:8080/", "[::1]:8080", "/"},
    {"https://ann:secret@shop.example/a", "https://shop.example/a", "shop.example", "/a"},
    {"https://ann@x@shop.example/a@b", "https://shop.example/a@b", "shop.example", "/a@b"},
    {"//ann:secret@shop.example/", "//shop.example/", "shop.example", "/"},
    {"https:shop.example/a", "https://shop.example/a", "shop.example", "/a"},
    {"https:////shop.example/a", "https://shop.example/a", "shop.example", "/a"},
    {"https:\\\\shop.example\\a\\..\\b", "https://shop.example/b", "shop.example", "/b"},
    {"https://ann@/a", "/a", "", "/a"},
    {"http://", "/", "", "/"},
    {"http://shop .example<>/", "http://shop%20.example%3c%3e/", "shop%20.example%3c%3e", "/"},
    // What browsers encode in a path, and what they leave.
    {"http://a/x y", "http://a/x%20y", "a", "/x%20y"},
    {"http://a/\"<>^`{|}", "http://a/%22%3C%3E%5E%60%7B%7C%7D", "a", "/%22%3C%3E%5E%60%7B%7C%7D"},
    {"http://a/!$&'()*+,-.:;=@[]_~", "http://a/!$&'()*+,-.:;=@[]_~", "a", "/!$&'()*+,-.:;=@[]_~"},
    {"http://a/größe/日本", "http://a/gr%C3%B6%C3%9Fe/%E6%97%A5%E6%9C%AC", "a", "/gr%C3%B6%C3%9Fe/%E6%97%A5%E6%9C%AC"},
    {"http://a/%zz%4%41%c3%b6%", "http://a/%zz%4%41%c3%b6%", "a", "/%zz%4%41%c3%b6%"},
    {"http://a/\x01\x7F", "http://a/%01%7F", "a", "/%01%7F"},
    {"http://a/\0x"s, "http://a/%00x", "a", "/%00x"},
    {"http://a/\xFF\xC3x", "http://a/%FF%C3x", "a", "/%FF%C3x"},
    // White space around and inside.
    {" \n http://a/b \t", "http://a/b", "a", "/b"},
    {"ht\ntp://a\t/b\r\nc", "http://a/bc", "a", "/bc"},
    // Segments of dots.
    {"http://a/b/../c", "http://a/c", "a", "/c"},
    {"http://a/b/./c/.", "http://a/b/c/", "a", "/b/c"},
    {"http://a/../../b/..", "http://a/", "a", "/"},
    {"http://a/%2e%2E/b/%2e", "http://a/b/", "a", "/b"},
    {"http://a/b/.%2e/c", "http://a/c", "a", "/c"},
    {"http://a/b/.../..c/c..", "http://a/b/.../..c/c..", "a", "/b/.../..c/c.."},
    {"http://a/x/..//y", "http://a//y", "a", "//y"},
    {"http://a/x;y/./z/..", "http://a/x;y/", "a", "/x;y"},
    {"../b", "/b", "", "/b"},
    // Other schemes.
    {"file:///C:/a", "file:///C:/a", "", "/C:/a"},
    {"android-app://com.example.app", "android-app://com.example.app", "com.example.app", "/"},
    {"app://Host/a\\b", "app://host/a\\b", "host", "/a\\b"},
    {"about:blank", "about:blank", "", "blank"},
    {"javascript:alert(\"x\")", "javascript:alert(%22x%22)", "", "alert(%22x%22)"},
    {"foo:/a/../b", "foo:/b", "", "/b"},
};

TEST_CASE("an address is read as a browser reads it") {
  for (const Address& address : kAddresses) {
    INFO(address.raw);
    const PageUrl url = parsed(address.raw);
    CHECK(url.url == address.url);
    CHECK(url.host == address.host);
    CHECK(url.path == address.path);
  }
}

TEST_CASE("an address that was read once comes out unchanged") {
  for (const Address& address : kAddresses) {
    INFO(address.raw);
    const PageUrl again = parsed(address.url);
    CHECK(again.url == address.url);
    CHECK(again.host == address.host);
    CHECK(again.path == address.path);
  }
}

TEST_CASE("of a query only utm_ and what the rules mention stay") {
  struct Row {
    const char *raw, *url;
  };
  const QueryNames allowed = {"a b", "ref", "step"};
  const auto row = GENERATE(values<Row>({
      {"/p?step=2&email=ann@x.example&utm_source=news", "/p?step=2&utm_source=news"},
      {"/p?token=secret", "/p"},
      {"/p?", "/p"},
      {"/p?&&step=1&&", "/p?step=1"},
      {"/p?step", "/p?step"},
      {"/p?step=", "/p?step="},
      {"/p?=1&utm=2&Step=3&stepx=4&UTM_x=5", "/p"},
      {"/p?utm_=1&utm_anything=2", "/p?utm_=1&utm_anything=2"},
      {"/p?ref=1&step=2&ref=3", "/p?ref=1&step=2&ref=3"},
      {"/p?%73tep=1&a+b=2&a%20b=3", "/p?%73tep=1&a+b=2&a%20b=3"},
      {"/p?step=1;2|3 4\"'<>é#x", "/p?step=1;2|3%204%22%27%3C%3E%C3%A9"},
      {"/p?step=a=b?c/d&x", "/p?step=a=b?c/d"},
      {"https://a?step=1", "https://a/?step=1"},
      {"about:blank?step=1&x=2", "about:blank?step=1"},
  }));
  INFO(row.raw);
  CHECK(parsed(row.raw, allowed).url == row.url);
  CHECK(filter_url(row.raw, allowed) == row.url);
  CHECK(parsed(row.url, allowed).url == row.url);
}

TEST_CASE("parameters are decoded, the first of several counts, and an empty value is a value") {
  const QueryNames allowed = {"a b", "e", "empty", "none", "plus", "q", "zz"};
  const PageUrl url = parsed("/p?q=1&q=2&plus=a+b%2Bc&%71=3&e=%C3%A9é&empty=&none&a%20b=x&zz=%zz%4&x=hidden", allowed);
  CHECK(*url.find("q") == "1");
  CHECK(*url.find("plus") == "a b+c");
  CHECK(*url.find("e") == "éé");
  CHECK(url.find("empty")->empty());
  CHECK(url.find("none")->empty());
  CHECK(*url.find("a b") == "x");
  CHECK(*url.find("zz") == "%zz%4");
  CHECK(url.find("x") == nullptr);
  CHECK(url.query.size() == 9);
}

TEST_CASE("what comes out is UTF-8, whatever goes in") {
  const QueryNames allowed = {"q"};
  const PageUrl url = parsed("http://h\xFF\xC3\xA9/p\xFF?q=\xFF%FF%C3&q=\xF0\x9F\x98", allowed);
  CHECK(url.url == "http://h%ff\xC3\xA9/p%FF?q=%FF%FF%C3&q=%F0%9F%98");
  CHECK(url.host == "h%ff\xC3\xA9");
  CHECK(*url.find("q") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  std::string every;
  for (int c = 0; c < 256; ++c) every += static_cast<char>(c);
  const PageUrl strange = parsed(every + "?q=" + every, allowed);
  CHECK_FALSE(json::find_bad_byte(strange.url + strange.path + strange.host));
}

TEST_CASE("a long address is cut, and means the same when it is read again") {
  const std::string x(kMaxSubjectBytes, 'x');
  std::string dots, accents;
  for (std::size_t i = 0; i < kMaxSubjectBytes; ++i) dots += "/.a", accents += "é";
  const std::vector<std::string> addresses = {
      x, "/" + x, "http://" + x + "/" + x, "http://" + accents + ".example/a", "/" + accents, dots, "/?q=" + accents,
      "http://a/?" + x + "&q=1", "foo:" + x, x + ":" + x, "//" + x, "http://" + x + ":80/",
      "/" + std::string(kMaxSubjectBytes - 3, 'x') + "/../..", "http://" + x + "@host/" + dots + "?q=1"};
  const QueryNames allowed = {"q"};
  for (const std::string& raw : addresses) {
    INFO(raw);
    const PageUrl url = parsed(raw, allowed);
    CHECK(url.url.size() <= kMaxSubjectBytes);
    CHECK_FALSE(json::find_bad_byte(url.url));
    const PageUrl again = parsed(url.url, allowed);
    CHECK(again.url == url.url);
    CHECK(again.path == url.path);
    CHECK(again.host == url.host);
  }
}

TEST_CASE("one PageUrl is used for many addresses") {
  PageUrl url;
  parse_page_url("https://shop.example/a?q=1&q=2", {"q"}, url);
  parse_page_url("/b?q=3", {"q"}, url);
  CHECK(url.url == "/b?q=3");
  CHECK(url.host.empty());
  CHECK(url.path == "/b");
  CHECK(url.query.size() == 1);
  CHECK(*url.find("q") == "3");
}

TEST_CASE("a referrer that is not there stays empty") {
  CHECK(filter_url("", {}).empty());
  CHECK(filter_url("https://www.search.example/find?q=shoes&utm_source=x#top", {}) ==
        "https://www.search.example/find?utm_source=x");
}

}  // namespace
}  // namespace beckon::rules
