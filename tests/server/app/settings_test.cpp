// What files come to: at a start, and at a reload where some are broken.
#include "app/settings.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "app/rule_source.hpp"
#include "temporary_dir.hpp"

using namespace beckon;
using app::load_settings;
using test::TemporaryDir;

namespace {

constexpr const char* kOneRule =
    R"({"rules": [{"id": "a", "when": {"page.dwell": {"gte": "1s"}}, "then": {"tag": "t"}}]})";
constexpr const char* kTwoRules =
    R"({"rules": [{"id": "a", "when": {"page.dwell": {"gte": "1s"}}, "then": {"tag": "t"}},
                  {"id": "b", "when": {"page.dwell": {"gte": "2s"}}, "then": {"tag": "u"}}]})";
constexpr const char* kConfig =
    R"({"sites": [{"id": "shop", "origins": ["https://shop.example"],
                  "rules": "rules.json"}]})";

struct Fixture {
  TemporaryDir dir;
  app::ServeOptions options{.config = dir.write("beckon.json", kConfig)};
  Fixture() { dir.write("rules.json", kOneRule); }
  static std::size_t rules_of(const app::Settings& settings, std::size_t site = 0) {
    return settings.sites.at(site).settings->rules->compiled->rules().size();
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a site has its origins and its rules, and all files are named") {
  const app::Settings settings = load_settings(options);
  REQUIRE(settings.config);
  CHECK(settings.problems.empty());
  REQUIRE(settings.sites.size() == 1);
  CHECK(*settings.sites[0].origins == net::Origins{"https://shop.example"});
  CHECK(rules_of(settings) == 1);
  CHECK(settings.sites[0].settings->rules->text == kOneRule);
  CHECK(settings.sites[0].settings->demo == core::DemoPanel::kOff);
  CHECK(settings.files == std::vector<std::filesystem::path>{dir / "beckon.json", dir / "rules.json"});
}

TEST_CASE_METHOD(Fixture, "rules that are broken at the start leave their site out, with the place") {
  dir.write("rules.json", R"({"rules": [{"id": 5}]})");
  const app::Settings settings = load_settings(options);
  CHECK(settings.sites.empty());
  REQUIRE(settings.problems.size() == 1);
  CHECK(settings.problems[0].what == "rules");
  CHECK(settings.problems[0].site == "shop");
  CHECK(settings.problems[0].message.starts_with((dir / "rules.json").string() + ":1:"));
  CHECK(settings.findings.find('^') != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "rules that break under way stay as they were") {
  const app::Settings before = load_settings(options);
  dir.write("rules.json", "{");
  const app::Settings broken = load_settings(options, &before);
  CHECK(broken.problems.size() == 1);
  CHECK(broken.sites.at(0).settings->rules == before.sites.at(0).settings->rules);
  dir.write("rules.json", kTwoRules);
  const app::Settings mended = load_settings(options, &broken);
  CHECK(mended.problems.empty());
  CHECK(rules_of(mended) == 2);
}

TEST_CASE_METHOD(Fixture, "what is the same after a reload is the same object, so that no visitor is looked at anew") {
  const app::Settings before = load_settings(options);
  dir.write("beckon.json", std::string(kConfig).replace(0, 1, R"({"shards": 2,)"));
  const app::Settings next = load_settings(options, &before);
  CHECK(next.sites.at(0).settings->rules == before.sites.at(0).settings->rules);
  CHECK(next.sites.at(0).settings->calendar == before.sites.at(0).settings->calendar);
}

TEST_CASE_METHOD(Fixture, "a configuration that breaks under way stays as it was, and rules go on being read") {
  const app::Settings before = load_settings(options);
  dir.write("beckon.json", R"({"sites": [{"id": "shop"}]})");
  dir.write("rules.json", kTwoRules);
  const app::Settings next = load_settings(options, &before);
  REQUIRE(next.problems.size() == 1);
  CHECK(next.problems[0].what == "config");
  REQUIRE(next.sites.size() == 1);
  CHECK(rules_of(next) == 2);
}

TEST_CASE_METHOD(Fixture, "the command line goes before the file") {
  options.listen = app::ListenAddress{"127.0.0.1", 9000};
  options.shards = 3;
  options.data = "elsewhere";
  const app::Settings settings = load_settings(options);
  CHECK(settings.config->listen.port == 9000);
  CHECK(settings.config->shards == 3);
  CHECK(settings.config->data == "elsewhere");
}

TEST_CASE("the demo needs no file, and allows its own pages") {
  const app::Settings settings =
      load_settings({.demo = app::Demo::kYes, .listen = app::ListenAddress{"127.0.0.1", 9000}});
  REQUIRE(settings.sites.size() == 1);
  CHECK(settings.problems.empty());
  const auto& site = settings.sites[0];
  CHECK(site.settings->id.text() == "shop");
  CHECK(site.settings->demo == core::DemoPanel::kOn);
  CHECK(site.settings->consent == core::ConsentMode::kGranted);
  CHECK(std::find(site.origins->begin(), site.origins->end(), "http://localhost:9000") != site.origins->end());
  CHECK(site.settings->rules->compiled->find("product-question"));
}

TEST_CASE("what is no text file is refused in one line") {
  const TemporaryDir dir;
  const auto message = [](const auto& result) { return result ? std::string() : result.error().message; };
  CHECK(message(app::read_text_file(dir / "missing", 10)) ==
        (dir / "missing").string() + ": No such file or directory");
  CHECK(message(app::read_text_file(dir / ".", 10)).ends_with(": this is no regular file"));
  CHECK(message(app::read_text_file(dir.write("long", "12345678901"), 10)).ends_with(": the file is over 10 bytes"));
  CHECK(*app::read_text_file(dir.write("fits", "1234567890"), 10) == "1234567890");
}
