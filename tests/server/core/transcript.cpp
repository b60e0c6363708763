#include "transcript.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>

#include "beckon/json/reader.hpp"
#include "beckon/rules/rule_file.hpp"
#include "chat_world.hpp"

namespace beckon::test {

namespace {

using Names = std::map<std::string, std::string, std::less<>>;

// Compares a frame to what is expected, and binds names on the way. "" when they match, else where they differ.
class Matcher {
 public:
  explicit Matcher(Names& names) : names_(names) {}

  std::string differ(const json::Value& expected, const json::Value& got, const std::string& where) {
    if (expected.is(json::Type::kString)) {
      const std::string_view text = expected.string();
      if (text == "*") return "";
      if (text.size() > 1 && text.front() == '$') return bind(text, got, where);
    }
    if (expected.type() != got.type()) return where + ": another type";
    switch (expected.type()) {
      case json::Type::kNull: return "";
      case json::Type::kBool: return expected.boolean() == got.boolean() ? "" : where + ": another value";
      case json::Type::kNumber: return expected.number() == got.number() ? "" : where + ": another number";
      case json::Type::kString: return expected.string() == got.string() ? "" : where + ": another text";
      case json::Type::kArray: return differ_in_order(expected, got, where);
      case json::Type::kObject: return differ_in_members(expected, got, where);
    }
    return "";
  }

 private:
  std::string bind(std::string_view name, const json::Value& got, const std::string& where) {
    if (!got.is(json::Type::kString)) return where + ": no text";
    const auto [known, fresh] = names_.try_emplace(std::string(name), got.string());
    return fresh || known->second == got.string() ? "" : where + ": not the " + std::string(name) + " of before";
  }

  std::string differ_in_order(const json::Value& expected, const json::Value& got, const std::string& where) {
    if (expected.size() != got.size()) return where + ": another length";
    const json::Value* other = got.first();
    for (const json::Value* each = expected.first(); each != nullptr; each = each->next(), other = other->next()) {
      if (const std::string found = differ(*each, *other, where + "[]"); !found.empty()) return found;
    }
    return "";
  }

  std::string differ_in_members(const json::Value& expected, const json::Value& got, const std::string& where) {
    for (const json::Value* each = expected.first(); each != nullptr; each = each->next()) {
      const std::string place = where + "." + std::string(each->name());
      const json::Value* const other = got.find(each->name());
      if (other == nullptr) return place + ": missing";
      if (const std::string found = differ(*each, *other, place); !found.empty()) return found;
    }
    for (const json::Value* each = got.first(); each != nullptr; each = each->next()) {
      if (expected.find(each->name()) == nullptr) return where + "." + std::string(each->name()) + ": not expected";
    }
    return "";
  }

  Names& names_;
};

class Runner {
 public:
  explicit Runner(const std::filesystem::path& file) : file_(file), site_(site_settings(R"({"rules": []})")) {}

  void run() {
    std::ifstream in(file_);
    REQUIRE(in.good());
    std::string text;
    while (std::getline(in, text)) {
      ++line_;
      INFO(file_.filename().string() << ":" << line_ << ": " << text);
      if (!text.empty() && text[0] != '#') one(text);
    }
    INFO(file_.filename().string() << ": at the end");
    nothing_unread();
  }

 private:
  void one(const std::string& text) {
    const std::size_t at = text.find_first_of("=+-@~<>!");
    REQUIRE(at != std::string::npos);
    const std::string name = text.substr(0, at);
    const std::string rest = at + 2 <= text.size() ? text.substr(at + 2) : "";
    if (text[at] != '<' && text[at] != '!') nothing_unread();
    switch (text[at]) {
      case '=': return setting(rest);
      case '+': return open(rest);
      case '-': return tab(rest).disconnect();
      case '@': return world().pass(*rules::parse_duration(rest.substr(1)));
      case '~': return change(rest);
      case '>': return tab(name).raw(filled(rest));
      case '<': return expect(tab(name), rest);
      default: return expect_close(tab(name), rest);
    }
  }

  void setting(const std::string& text) {
    const std::string key = text.substr(0, text.find(' ')), value = text.substr(std::min(text.size(), key.size() + 1));
    if (key == "rules") site_->rules = compile_rules(value);
    else if (key == "consent") site_->consent = value == "required" ? core::ConsentMode::kRequired : core::ConsentMode::kGranted;
    else if (key == "demo") site_->demo = core::DemoPanel::kOn;
    else if (key == "chat") site_->chat = std::make_shared<core::ChatSettings>();
    else if (key == "identity") site_->identity_key = value;
    else FAIL("unknown setting " + key);
  }

  ChatWorld& world() {
    if (!world_) world_ = std::make_unique<ChatWorld>(site_);
    return *world_;
  }

  // "A country=FR gpc", or only what follows the name.
  void open(const std::string& text) {
    std::istringstream words(text);
    std::string name, word;
    std::vector<std::string> options;
    while (words >> word) {
      const bool option = word == "gpc" || word.find('=') != std::string::npos;
      if (option) options.push_back(word);
      else name = word;
    }
    Tab& fresh = tab(name);
    fresh.upgrade = {};
    fresh.upgrade.site = base::SiteId("shop");
    for (const std::string& option : options) {
      const std::string value = option.substr(std::min(option.size(), option.find('=') + 1));
      if (option == "gpc") fresh.upgrade.privacy = core::PrivacySignal::kRefuses;
      else if (option.starts_with("country=")) fresh.upgrade.country = value;
      else if (option.starts_with("language=")) fresh.upgrade.accept_language = value;
      else if (option.starts_with("site=")) fresh.upgrade.site = base::SiteId(value);
      else FAIL("unknown option " + option);
    }
    fresh.connect();
  }

  Tab& tab(const std::string& name) {
    auto& found = tabs_[name];
    if (!found) found = std::make_unique<Tab>(world(), name, "session");
    return *found;
  }

  void change(const std::string& text) {
    if (text == "restart") return world().restart();
    if (text.starts_with("rules ")) return world().put_rules(text.substr(6));
    // "operator takes|closes|reads N|says TEXT": of the conversation of whom "$visitor" names.
    const std::string& visitor = names_["$visitor"];
    if (text == "operator takes") return world().take(visitor);
    if (text == "operator closes") return world().close(visitor);
    if (text.starts_with("operator reads ")) return world().read(visitor, std::stoull(text.substr(15)));
    if (text.starts_with("operator says ")) return world().answer(visitor, text.substr(14));
    FAIL("unknown change " + text);
  }

  std::string filled(std::string text) {
    for (const auto& [name, value] : names_) {
      const std::string quoted = "\"" + name + "\"";
      for (std::size_t at = text.find(quoted); at != std::string::npos; at = text.find(quoted, at + 1)) {
        text.replace(at + 1, name.size(), value);
      }
    }
    return text;
  }

  void expect(Tab& from, const std::string& text) {
    const std::string got = from.connection->take();
    INFO("got " << got);
    const json::ParseResult expected = json::parse(text), frame = json::parse(got);
    REQUIRE(expected.document);
    REQUIRE(frame.document);
    CHECK(Matcher(names_).differ(expected.document->root(), frame.document->root(), "frame") == "");
  }

  void expect_close(Tab& from, const std::string& text) {
    CHECK(std::to_string(from.connection->code()) == text.substr(0, 4));
    if (text.size() > 5) CHECK(from.connection->close_reason == text.substr(5));
    closed_.push_back(&from);
  }

  void nothing_unread() {
    for (const auto& [name, each] : tabs_) {
      if (!each->connection) continue;
      INFO("connection " << name);
      CHECK((each->connection->frames.empty() ? "" : each->connection->frames.front()) == "");
      const bool known = std::find(closed_.begin(), closed_.end(), each.get()) != closed_.end();
      if (!known) CHECK(each->connection->code() == 0);
    }
    std::erase_if(closed_, [](const Tab* each) { return each->connection->code() == 0; });
  }

  const std::filesystem::path file_;
  std::shared_ptr<core::SiteSettings> site_;
  std::unique_ptr<ChatWorld> world_;
  std::map<std::string, std::unique_ptr<Tab>> tabs_;
  std::vector<Tab*> closed_;  // whose end was expected
  Names names_;
  int line_ = 0;
};

}  // namespace

void run_transcript(const std::filesystem::path& file) { Runner(file).run(); }

}  // namespace beckon::test
