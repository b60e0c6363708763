#include "app/config.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "support/temp_dir.hpp"

namespace beckon::app {
namespace {

ConfigCheck check(std::string_view text) {
  return check_config(text, {"/etc/beckon", [](const std::string& name) -> std::optional<std::string> {
                               if (name == "SHOP_KEY") return "0123456789abcdef0123456789abcdef";
                               if (name == "SHORT_KEY") return "short";
                               return std::nullopt;
                             }});
}

Config good(std::string_view text) {
  ConfigCheck checked = check(text);
  for (const auto& d : checked.diagnostics) UNSCOPED_INFO(render(d, "beckon.json", text));
  REQUIRE(checked.config);
  return std::move(*checked.config);
}

std::string rendered(std::string_view text) {
  std::string out;
  for (const auto& d : check(text).diagnostics) out += render(d, "beckon.json", text);
  return out;
}

// A file with one site that has this member.
std::string site_with(std::string_view member) {
  return R"({"sites": [{"id": "shop", "origins": ["https://shop.example"], )" + std::string(member) + "}]}";
}

// The code of the one thing that is wrong.
std::string code_of(std::string_view text) {
  const ConfigCheck checked = check(text);
  CHECK_FALSE(checked.config);
  REQUIRE(checked.diagnostics.size() == 1);
  return checked.diagnostics[0].code;
}

TEST_CASE("config: everything has a default") {
  const Config config = good("{}");
  CHECK(config.listen == ListenAddress{"127.0.0.1", 8080});
  CHECK(config.data == "/etc/beckon/beckon-data");
  CHECK(config.shards == 0);
  CHECK(config.log_level == base::LogLevel::kInfo);
  CHECK(config.log_format == base::LogFormat::kText);
  CHECK(config.country_database.empty());
  CHECK_FALSE(config.demo);
  CHECK(config.sites.empty());
}

TEST_CASE("config: a site's defaults ask for consent and keep events for 30 days") {
  const SiteConfig site = good(R"({"sites": [{"id": "shop", "origins": ["https://shop.example"]}]})").sites.at(0);
  CHECK(site.consent == core::ConsentMode::kRequired);
  CHECK(site.visit_timeout == std::chrono::minutes(30));
  CHECK(site.time_zone == "UTC");
  CHECK(site.hours.always);
  CHECK(site.retention.events == std::chrono::hours(24 * 30));
  CHECK(site.retention.results == std::chrono::hours(24 * 180));
  CHECK(site.identity_key.empty());
  CHECK(site.rules.empty());
  CHECK(to_json(site.theme) == R"({"accent":"#0b5fff","side":"right"})");
}

TEST_CASE("config: every key is read") {
  const Config config = good(R"({
    "$schema": "./beckon.schema.json",
    "listen": "[::1]:9000", "data": "/var/lib/beckon", "shards": 3,
    "log": {"level": "warn", "format": "json"},
    "country_database": "country.mmdb", "trusted_proxies": ["10.0.0.1", "::1"],
    "limits": {"visitors": 5, "connections_per_visitor": 6, "connections_per_address": 7,
               "frames_per_second": 8, "frames_burst": 9, "bytes_per_second": 10, "bytes_burst": 11},
    "demo": true,
    "sites": [{
      "id": "shop", "origins": ["https://shop.example", "http://localhost:3000", "http://[::1]:3000"],
      "rules": "shop/rules.json", "consent": "granted", "visit_timeout": "15m",
      "time_zone": "Europe/Paris", "hours": {"mon-fri": ["09:00-12:30", "14:00-24:00"], "sat": ["10:00-12:00"], "holidays": ["2026-12-25"]},
      "identity_key": {"env": "SHOP_KEY"}, "languages": ["fr", "en"],
      "texts": {"fr": {"close": "Fermer"}}, "theme": {"accent": "#A0b1C2", "side": "left"},
      "retention": {"events": "7d", "results": "90d", "visitors": "60d"},
    }],
  })");
  CHECK(config.listen == ListenAddress{"::1", 9000});
  CHECK(config.data == "/var/lib/beckon");
  CHECK(config.shards == 3);
  CHECK(config.log_level == base::LogLevel::kWarn);
  CHECK(config.log_format == base::LogFormat::kJson);
  CHECK(config.country_database == "/etc/beckon/country.mmdb");
  CHECK(config.trusted_proxies == std::vector<std::string>{"10.0.0.1", "::1"});
  CHECK(config.limits.visitors == 5);
  CHECK(config.limits.connections_per_visitor == 6);
  CHECK(config.limits.connections_per_address == 7);
  CHECK(config.limits.frames_per_second == 8);
  CHECK(config.limits.frames_burst == 9);
  CHECK(config.limits.bytes_per_second == 10);
  CHECK(config.limits.bytes_burst == 11);
  CHECK(config.demo);
  const SiteConfig& site = config.sites.at(0);
  CHECK(site.origins.size() == 3);
  CHECK(site.rules == "/etc/beckon/shop/rules.json");
  CHECK(site.consent == core::ConsentMode::kGranted);
  CHECK(site.visit_timeout == std::chrono::minutes(15));
  CHECK(site.time_zone == "Europe/Paris");
  CHECK_FALSE(site.hours.always);
  CHECK(site.hours.days[4] == std::vector<base::OpenSpan>{{540, 750}, {840, 1440}});
  CHECK(site.hours.days[5] == std::vector<base::OpenSpan>{{600, 720}});
  CHECK(site.hours.days[6].empty());
  CHECK(site.hours.holidays.contains({2026, 12, 25}));
  CHECK(site.identity_key == "0123456789abcdef0123456789abcdef");
  CHECK(site.languages == std::vector<std::string>{"fr", "en"});
  CHECK(site.texts.at("fr").at("close") == "Fermer");
  CHECK(to_json(site.theme) == R"({"accent":"#A0b1C2","side":"left"})");
  CHECK(site.retention.visitors == std::chrono::hours(24 * 60));
}

TEST_CASE("config: all errors are reported at once, each with its line and a caret") {
  const std::string text = R"({
  "lisen": "127.0.0.1:8080",
  "shards": -1,
  "sites": [
    {"id": "shop", "origins": ["https://shop.example/"], "time_zone": "Europe/Pari"},
    {"id": "shop", "origins": []}
  ]
})";
  CHECK(rendered(text) == R"(beckon.json:2:3: error: the configuration has no key "lisen" [unknown-key]
    2 |   "lisen": "127.0.0.1:8080",
      |   ^~~~~~~ did you mean "listen"?
beckon.json:3:13: error: expected a whole number from 0 to 256 [out-of-range]
    3 |   "shards": -1,
      |             ^~
beckon.json:5:32: error: an origin has no path and no slash at its end [bad-origin]
    5 |     {"id": "shop", "origins": ["https://shop.example/"], "time_zone": "Europe/Pari"},
      |                                ^~~~~~~~~~~~~~~~~~~~~~~
beckon.json:5:71: error: this machine knows no time zone of that name [unknown-time-zone]
    5 |     {"id": "shop", "origins": ["https://shop.example/"], "time_zone": "Europe/Pari"},
      |                                                                       ^~~~~~~~~~~~~ names are like "Europe/Paris"
beckon.json:6:12: error: another site has the id "shop" [site-twice]
    6 |     {"id": "shop", "origins": []}
      |            ^~~~~~
beckon.json:6:31: error: without an origin no page may use this site [no-origin]
    6 |     {"id": "shop", "origins": []}
      |                               ^~ list it as in ["https://shop.example"]
)");
}

TEST_CASE("config: what is not JSON is one error with its place") {
  const ConfigCheck checked = check("{\n  \"listen\": \n}");
  REQUIRE(checked.diagnostics.size() == 1);
  CHECK(checked.diagnostics[0].code == "syntax");
  CHECK_FALSE(checked.config);
}

TEST_CASE("config: what is refused, and as what") {
  const auto row = GENERATE(table<std::string, std::string>({
      {"[]", "wrong-type"},
      {R"({"listen": "8080"})", "bad-address"},
      {R"({"listen": "localhost:8080"})", "bad-address"},
      {R"({"listen": "127.0.0.1:65536"})", "bad-address"},
      {R"({"listen": "::1:8080"})", "bad-address"},
      {R"({"shards": 1.5})", "out-of-range"},
      {R"({"shards": 257})", "out-of-range"},
      {R"({"shards": "2"})", "wrong-type"},
      {R"({"log": {"level": "verbose"}})", "unknown-value"},
      {R"({"trusted_proxies": ["10.0.0.0/8"]})", "bad-address"},
      {R"({"limits": {"visitors": 1e300}})", "out-of-range"},
      {R"({"sites": [{"origins": ["https://a.example"]}]})", "missing-key"},
      {R"({"sites": [{"id": "a b", "origins": ["https://a.example"]}]})", "bad-id"},
      {R"({"sites": [{"id": "a", "origins": ["https://*.example"]}]})", "bad-origin"},
      {R"({"sites": [{"id": "a", "origins": ["https://A.example"]}]})", "bad-origin"},
      {R"({"sites": [{"id": "a", "origins": ["a.example"]}]})", "bad-origin"},
      {R"({"sites": [{"id": "a", "origins": ["https://a.example:443"]}]})", "bad-origin"},
      {R"({"sites": [{"id": "a", "origins": ["https://a.example:x"]}]})", "bad-origin"},
      {R"({"sites": [{"id": "a", "origins": ["null"]}]})", "bad-origin"},
      {site_with(R"("consent": "no")"), "unknown-value"},
      {site_with(R"("visit_timeout": 30)"), "bad-duration"},
      {site_with(R"("visit_timeout": "30")"), "bad-duration"},
      {site_with(R"("visit_timeout": "25h")"), "out-of-range"},
      {site_with(R"("retention": {"events": "0ms"})"), "out-of-range"},
      {site_with(R"("hours": {"monday": []})"), "unknown-key"},
      {site_with(R"("hours": {"fri-mon": []})"), "unknown-key"},
      {site_with(R"("hours": {"mon": ["9:00-12:00"]})"), "bad-hours"},
      {site_with(R"("hours": {"mon": ["22:00-02:00"]})"), "bad-hours"},
      {site_with(R"("hours": {"mon": ["09:00-12:00", "11:00-13:00"]})"), "bad-hours"},
      {site_with(R"("hours": {"mon-fri": [], "tue": []})"), "day-twice"},
      {site_with(R"("hours": {"holidays": ["2026-02-29"]})"), "bad-date"},
      {site_with(R"("identity_key": "hunter2hunter2hunter2")"), "secret-in-file"},
      {site_with(R"("identity_key": {"env": "NOT_THERE"})"), "no-secret"},
      {site_with(R"("identity_key": {"env": "SHORT_KEY"})"), "bad-secret"},
      {site_with(R"("identity_key": {"file": "/nowhere/key"})"), "no-secret"},
      {site_with(R"("identity_key": {})"), "bad-secret"},
      {site_with(R"("languages": ["english!"])"), "bad-language"},
      {site_with(R"("texts": {"en": {"close": ""}})"), "bad-text"},
      {site_with(R"("theme": {"accent": "blue"})"), "bad-color"},
      {site_with(R"("theme": {"side": "top"})"), "unknown-value"},
  }));
  INFO(std::get<0>(row));
  CHECK(code_of(std::get<0>(row)) == std::get<1>(row));
}

TEST_CASE("config: a secret is never part of what is reported") {
  const std::string text = site_with(R"("identity_key": {"env": "SHORT_KEY"})");
  CHECK(rendered(text).find("\"short\"") == std::string::npos);
}

TEST_CASE("config: a key file's line break is not part of the key") {
  const TempDir temp;
  const auto& dir = temp.path();
  std::ofstream(dir / "identity.key") << "0123456789abcdef\n";
  std::ofstream(dir / "beckon.json") << site_with(R"("identity_key": {"file": "identity.key"})");
  const LoadedConfig loaded = load_config(dir / "beckon.json");
  CHECK(loaded.report.empty());
  REQUIRE(loaded.config);
  CHECK(loaded.config->sites.at(0).identity_key == "0123456789abcdef");
  CHECK(loaded.config->data == dir / "beckon-data");
}

TEST_CASE("config: a file that cannot be read is one clear line") {
  CHECK(load_config("/nowhere/beckon.json").report == "cannot read /nowhere/beckon.json: No such file or directory\n");
  CHECK(load_config("/").report == "cannot read /: it is not a file\n");
}

TEST_CASE("config: addresses read and write the same") {
  for (const char* text : {"127.0.0.1:8080", "0.0.0.0:0", "[::1]:9000", "[::]:65535"}) {
    REQUIRE(parse_listen(text));
    CHECK(to_text(*parse_listen(text)) == text);
  }
}

TEST_CASE("config: the demo's site takes pages of the address that serves them") {
  CHECK(demo_site({"127.0.0.1", 8080}).origins ==
        std::vector<std::string>{"http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"});
  CHECK(demo_site({"192.0.2.7", 80}).origins == std::vector<std::string>{"http://192.0.2.7"});
  CHECK(demo_site({"2001:db8::1", 9000}).origins == std::vector<std::string>{"http://[2001:db8::1]:9000"});
  CHECK(demo_site({"0.0.0.0", 80}).origins ==
        std::vector<std::string>{"http://127.0.0.1", "http://localhost", "http://[::1]"});
  CHECK(demo_site({"127.0.0.1", 8080}).consent == core::ConsentMode::kGranted);
}

}  // namespace
}  // namespace beckon::app
