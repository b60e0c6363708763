// The keys of chats, of the console, and of how long conversations are kept.
#include <catch2/catch.hpp>

#include "app/config.hpp"

namespace beckon::app {
namespace {

ConfigCheck check(std::string_view text) {
  return check_config(text, {"/etc/beckon", [](const std::string&) { return std::nullopt; }});
}

std::string site_with(std::string_view member) {
  return R"({"sites": [{"id": "shop", "origins": ["https://shop.example"], )" + std::string(member) + "}]}";
}

SiteConfig good_site(std::string_view member) {
  const std::string text = site_with(member);
  ConfigCheck checked = check(text);
  for (const auto& d : checked.diagnostics) UNSCOPED_INFO(render(d, "beckon.json", text));
  REQUIRE(checked.config);
  return checked.config->sites.at(0);
}

std::string code_of(std::string_view text) {
  const ConfigCheck checked = check(text);
  CHECK_FALSE(checked.config);
  REQUIRE(checked.diagnostics.size() == 1);
  return checked.diagnostics[0].code;
}

std::string rendered(const std::string& text) {
  std::string out;
  for (const auto& d : check(text).diagnostics) out += render(d, "beckon.json", text);
  return out;
}

TEST_CASE("config: a site has a chat unless it says that it has none") {
  const SiteConfig site = good_site(R"("consent": "granted")");
  REQUIRE(site.chat);
  CHECK(site.chat->launcher == core::Launcher::kAlways);
  CHECK(site.chat->form.empty());
  CHECK(site.chat->answer_within == std::chrono::minutes(2));
  CHECK(site.chat->quiet_after == std::chrono::minutes(30));
  CHECK(site.chat->assign == core::Assign::kTake);
  CHECK(site.chat->uploads);
  CHECK(site.chat->canned.empty());
  CHECK(site.retention.conversations == std::chrono::hours(24 * 180));
  CHECK(good_site(R"("chat": true)").chat);
  CHECK_FALSE(good_site(R"("chat": false)").chat);
}

TEST_CASE("config: every key of a chat is read") {
  const SiteConfig site = good_site(R"("chat": {
    "launcher": "open", "form": ["email", "name"], "answer_within": "1s", "quiet_after": "7d", "assign": "auto",
    "uploads": false, "canned": [{"title": "Hi", "text": "Hello\n\tthere"}]}, "retention": {"conversations": "30d"})");
  CHECK(site.chat->launcher == core::Launcher::kOpen);
  CHECK(site.chat->form == std::vector{core::FormField::kEmail, core::FormField::kName});
  CHECK(site.chat->answer_within == std::chrono::seconds(1));
  CHECK(site.chat->quiet_after == std::chrono::hours(24 * 7));
  CHECK(site.chat->assign == core::Assign::kAuto);
  CHECK_FALSE(site.chat->uploads);
  REQUIRE(site.chat->canned.size() == 1);
  CHECK(site.chat->canned[0].title == "Hi");
  CHECK(site.chat->canned[0].text == "Hello\n\tthere");
  CHECK(site.retention.conversations == std::chrono::hours(24 * 30));
}

TEST_CASE("config: what a chat cannot be is said") {
  const std::pair<const char*, const char*> cases[] = {
      {R"("chat": 1)", "wrong-type"},
      {R"("chat": {"launcher": "sometimes"})", "unknown-value"},
      {R"("chat": {"form": ["phone"]})", "unknown-value"},
      {R"("chat": {"form": "name"})", "wrong-type"},
      {R"("chat": {"answer_within": "0ms"})", "out-of-range"},
      {R"("chat": {"answer_within": "25h"})", "out-of-range"},
      {R"("chat": {"quiet_after": "soon"})", "bad-duration"},
      {R"("chat": {"assign": "random"})", "unknown-value"},
      {R"("chat": {"uploads": "yes"})", "wrong-type"},
      {R"("chat": {"canned": [{"title": "Hi"}]})", "missing-key"},
      {R"("chat": {"canned": [{"title": "Hi", "text": ""}]})", "bad-text"},
      {R"("chat": {"greeting": "Hi"})", "unknown-key"},
      {R"("retention": {"conversations": "1s"})", "out-of-range"},
  };
  for (const auto& [member, code] : cases) {
    CAPTURE(member);
    CHECK(code_of(site_with(member)) == code);
  }
  std::string many;
  for (int i = 0; i < 201; ++i) many += R"({"title":"t","text":"x"},)";
  CHECK(code_of(site_with(R"("chat": {"canned": [)" + many + "]}")) == "too-many");
  CHECK(good_site(R"("chat": {"canned": [{"title":"t","text":")" + std::string(8192, 'x') + "\"}]}").chat);
  CHECK(code_of(site_with(R"("chat": {"canned": [{"title":"t","text":")" + std::string(8193, 'x') + "\"}]}")) == "bad-text");
}

TEST_CASE("config: a slip in a chat's key is shown with what was meant") {
  const std::string report = rendered("{\"sites\": [{\n  \"id\": \"shop\", \"origins\": [\"https://shop.example\"],\n"
                                      "  \"chat\": {\"anwser_within\": \"2m\"}\n}]}");
  CHECK(report.find("beckon.json:3:12: error: the chat has no key \"anwser_within\"") != report.npos);
  CHECK(report.find("did you mean \"answer_within\"?") != report.npos);
  CHECK(report.find("^~~") != report.npos);
}

TEST_CASE("config: the console's origins are origins") {
  ConfigCheck checked = check(R"({"console": {"origins": ["https://chat.example"], "secure": true}})");
  REQUIRE(checked.config);
  CHECK(checked.config->console == ConsoleConfig{{"https://chat.example"}, true});
  CHECK(check("{}").config->console == ConsoleConfig{});
  CHECK(code_of(R"({"console": {"origins": ["https://chat.example/"]}})") == "bad-origin");
  CHECK(code_of(R"({"console": {"origins": ["https://*.example"]}})") == "bad-origin");
  CHECK(code_of(R"({"console": {"secure": 1}})") == "wrong-type");
  CHECK(code_of(R"({"consol": {}})") == "unknown-key");
}

}  // namespace
}  // namespace beckon::app
