// `beckon rules test`: unit tests of rules on a virtual clock. docs/rules.md describes the file.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "beckon/rules/limits.hpp"
#include "cli/rules.hpp"
#include "cli/rules_trace.hpp"

namespace beckon::cli {
namespace {

using json::Type;
using json::Value;

// Monday, 2026-01-05, 09:00 UTC, unless the file or the test says otherwise.
constexpr std::int64_t kDefaultStartMs = 1'767'603'600'000;

struct Expectation {
  enum class Kind { kVerdict, kNotFired, kOnScreen } kind = Kind::kVerdict;
  rules::Instant at{};
  std::string rule;         // kOnScreen: empty for "nothing"; kNotFired: empty for "none of the rules"
  std::string verdict = "fire";
  std::string visitor, tab;  // tab empty: any
  std::size_t offset = 0;   // in the file
};

struct TimedLine {
  rules::Instant at{};
  std::string text;
  std::size_t offset = 0;
};

struct RuleTest {
  std::string name;
  std::vector<TimedLine> timeline;
  std::vector<Expectation> expectations;
};

struct TestFile {
  std::string rules;  // path
  std::string site = "site";
  std::string time_zone;
  std::vector<RuleTest> tests;
};

void rewrite(json::Writer& w, const Value& value) {
  switch (value.type()) {
    case Type::kNull: w.null(); return;
    case Type::kBool: w.boolean(value.boolean()); return;
    case Type::kNumber: w.raw(value.digits()); return;
    case Type::kString: w.string(value.string()); return;
    case Type::kArray:
      w.begin_array();
      for (const Value* v = value.first(); v; v = v->next()) rewrite(w, *v);
      w.end_array();
      return;
    case Type::kObject:
      w.begin_object();
      for (const Value* v = value.first(); v; v = v->next()) {
        w.key(v->name());
        rewrite(w, *v);
      }
      w.end_object();
  }
}

// Reads a test file; collects every finding.
class TestFileReader {
 public:
  explicit TestFileReader(std::string_view text) : text_(text) {}

  std::optional<TestFile> read() {
    const json::ParseResult parsed = json::parse(text_, {.dialect = json::Dialect::kCommented});
    if (!parsed.document) {
      add({parsed.error->offset, parsed.error->offset + 1}, "syntax", parsed.error->message);
      return std::nullopt;
    }
    const Value& root = parsed.document->root();
    if (!expect(root, Type::kObject)) return std::nullopt;
    known(root, {"$schema", "rules", "site", "time_zone", "start", "tests"});
    TestFile file;
    if (const Value* rules = required(root, "rules", Type::kString)) file.rules = rules->string();
    if (const Value* site = optional(root, "site", Type::kString)) file.site = site->string();
    if (const Value* zone = optional(root, "time_zone", Type::kString)) file.time_zone = zone->string();
    start_ = rules::at_ms(kDefaultStartMs);
    if (const Value* start = root.find("start")) start_ = when(*start);
    if (const Value* tests = required(root, "tests", Type::kArray)) {
      for (const Value* v = tests->first(); v; v = v->next()) {
        if (expect(*v, Type::kObject)) file.tests.push_back(test(*v));
      }
      if (tests->size() == 0) add(range(*tests), "no-tests", "a test file needs at least one test");
    }
    return findings.empty() ? std::optional<TestFile>(std::move(file)) : std::nullopt;
  }

  std::vector<rules::Diagnostic> findings;

 private:
  static rules::SourceRange range(const Value& value) { return {value.begin_offset(), value.end_offset()}; }

  void add(rules::SourceRange where, const char* code, std::string message, std::string hint = "") {
    findings.push_back({rules::Severity::kError, code, where, std::move(message), std::move(hint), {}});
  }
  bool expect(const Value& value, Type type) {
    if (value.is(type)) return true;
    add(range(value), "wrong-type", "expected " + std::string(json::name_of(type)) + ", found " + std::string(json::name_of(value.type())));
    return false;
  }
  const Value* optional(const Value& object, const char* key, Type type) {
    const Value* value = object.find(key);
    return value && expect(*value, type) ? value : nullptr;
  }
  const Value* required(const Value& object, const char* key, Type type) {
    if (!object.find(key)) add({object.begin_offset(), object.begin_offset() + 1}, "missing-key", std::string("missing \"") + key + "\"");
    return optional(object, key, type);
  }
  void known(const Value& object, std::initializer_list<std::string_view> keys) {
    for (const Value* v = object.first(); v; v = v->next()) {
      if (std::find(keys.begin(), keys.end(), v->name()) != keys.end()) continue;
      std::string hint = "expected one of ";
      for (const std::string_view key : keys) hint += (hint.ends_with("of ") ? "" : ", ") + std::string(key);
      add({v->name_offset(), v->name_offset() + v->name().size() + 2}, "unknown-key", "unknown key \"" + std::string(v->name()) + "\"", hint);
    }
  }
  rules::Instant when(const Value& value) {
    const auto t = parse_when(value.is(Type::kNumber) ? value.digits() : value.is(Type::kString) ? value.string() : std::string_view());
    if (!t) add(range(value), "wrong-instant", "expected an instant such as \"2026-01-05T09:00:00Z\", or epoch milliseconds");
    return t.value_or(start_);
  }
  // An offset from the test's start.
  std::optional<rules::Instant> at(const Value& object) {
    const Value* value = object.find("at");
    if (!value) {
      add({object.begin_offset(), object.begin_offset() + 1}, "missing-key", "missing \"at\"", "an offset from the test's start: \"45s\", \"0s\"");
      return std::nullopt;
    }
    std::string_view text = value->is(Type::kString) ? value->string() : std::string_view();
    const auto offset = text == "0" ? rules::Duration{0} : rules::parse_duration(text);
    if (!offset) {
      add(range(*value), "wrong-duration", "expected an offset such as \"45s\" or \"1m30s\"");
      return std::nullopt;
    }
    return start_ + *offset;
  }

  RuleTest test(const Value& object) {
    known(object, {"name", "about", "visitor", "start", "timeline", "expect"});
    RuleTest out;
    const rules::Instant file_start = start_;
    if (const Value* start = object.find("start")) start_ = when(*start);
    if (const Value* name = required(object, "name", Type::kString)) out.name = name->string();
    visitor_ = "visitor";
    if (const Value* visitor = optional(object, "visitor", Type::kString)) visitor_ = visitor->string();
    if (const Value* lines = required(object, "timeline", Type::kArray)) {
      for (const Value* v = lines->first(); v; v = v->next()) {
        if (expect(*v, Type::kObject)) line(*v, out);
      }
    }
    if (const Value* expected = required(object, "expect", Type::kArray)) {
      for (const Value* v = expected->first(); v; v = v->next()) {
        if (expect(*v, Type::kObject)) expectation(*v, out);
      }
      if (expected->size() == 0) add(range(*expected), "no-expectations", "a test needs at least one expectation");
    }
    start_ = file_start;
    return out;
  }

  void line(const Value& object, RuleTest& out) {
    const auto t = at(object);
    if (!t) return;
    TimedLine made;
    made.at = *t;
    made.offset = object.begin_offset();
    json::Writer w(made.text);
    w.begin_object().key("t").number(rules::to_ms(*t));
    const Value* type = object.find("type");
    const std::string_view of = type && type->is(Type::kString) ? type->string() : std::string_view();
    const bool of_site = of == "operators" || of == "hours" || of == "rules" || of == "gap";
    if (!object.find("visitor") && !of_site) w.key("visitor").string(visitor_);
    for (const Value* v = object.first(); v; v = v->next()) {
      if (v->name() == "at" || v->name() == "t") continue;
      w.key(v->name());
      rewrite(w, *v);
    }
    w.end_object();
    rules::JournalReader reader;
    rules::JournalLine parsed;
    if (const auto error = reader.read(made.text, parsed)) {
      add(range(object), "wrong-line", error->message);
      return;
    }
    if (!out.timeline.empty() && made.at < out.timeline.back().at) {
      add(range(object), "wrong-order", "this line is earlier than the one before it");
      return;
    }
    out.timeline.push_back(std::move(made));
  }

  void expectation(const Value& object, RuleTest& out) {
    known(object, {"at", "fires", "rule", "verdict", "not_fired", "on_screen", "visitor", "tab"});
    Expectation made;
    made.offset = object.begin_offset();
    const auto t = at(object);
    if (!t) return;
    made.at = *t;
    made.visitor = visitor_;
    if (const Value* visitor = optional(object, "visitor", Type::kString)) made.visitor = visitor->string();
    if (const Value* tab = optional(object, "tab", Type::kString)) made.tab = tab->string();
    int kinds = 0;
    if (const Value* fires = optional(object, "fires", Type::kString)) {
      made.rule = fires->string();
      ++kinds;
    }
    if (object.find("rule") || object.find("verdict")) {
      if (const Value* rule = required(object, "rule", Type::kString)) made.rule = rule->string();
      if (const Value* verdict = required(object, "verdict", Type::kString)) made.verdict = verdict->string();
      ++kinds;
    }
    if (const Value* absent = optional(object, "not_fired", Type::kString)) {
      made.kind = Expectation::Kind::kNotFired;
      made.rule = absent->string() == "*" ? "" : absent->string();
      ++kinds;
    }
    if (const Value* screen = object.find("on_screen")) {
      made.kind = Expectation::Kind::kOnScreen;
      if (!screen->is(Type::kNull) && expect(*screen, Type::kString)) made.rule = screen->string();
      ++kinds;
    }
    if (kinds != 1) {
      add(range(object), "wrong-expectation", "expected exactly one of \"fires\", \"rule\" with \"verdict\", \"not_fired\", \"on_screen\"");
      return;
    }
    bool known_verdict = false;
    std::string verdicts;
    for (int v = 0; v <= static_cast<int>(rules::Verdict::kFire); ++v) {
      const std::string_view name = name_of(static_cast<rules::Verdict>(v));
      known_verdict |= name == made.verdict;
      verdicts += (verdicts.empty() ? "" : ", ") + std::string(name);
    }
    if (!known_verdict) {
      add(range(object), "unknown-verdict", "unknown verdict \"" + made.verdict + "\"", "it is one of " + verdicts);
    }
    out.expectations.push_back(std::move(made));
  }

  std::string_view text_;
  rules::Instant start_{};
  std::string visitor_;
};

struct Decided {
  rules::Instant t{};
  std::string visitor, tab, rule, verdict;
};

class Recorder final : public rules::ReplayListener {
 public:
  void decided(std::string_view visitor, const rules::Decision& decision, const rules::RuleSet& set) override {
    decisions.push_back({decision.t, std::string(visitor), decision.tab, set.rules()[decision.rule].id, std::string(name_of(decision.verdict))});
  }
  void looked(const rules::Engine& engine, const rules::Visitor& visitor) override {
    if (follow) follower.look(engine, visitor);
  }
  std::vector<Decided> decisions;
  rules::Follower follower;
  bool follow = false;
};

// Runs a test's timeline up to and including t.
void run_until(rules::Replay& replay, const RuleTest& test, rules::Instant t) {
  for (const TimedLine& line : test.timeline) {
    if (line.at > t) break;
    static_cast<void>(replay.line(line.text));  // was read before, without an error
  }
  replay.pass(t);
  replay.flush();
}

class Runner {
 public:
  Runner(std::shared_ptr<const rules::RuleSet> set, rules::ReplayOptions options) : set_(std::move(set)), options_(std::move(options)) {}

  // Empty when it holds; else what was seen instead.
  [[nodiscard]] std::string check(const RuleTest& test, const Expectation& expected) const {
    Recorder recorder;
    rules::Replay replay(set_, recorder, options_);
    run_until(replay, test, expected.at);
    const auto mine = [&](const Decided& one) {
      return one.visitor == expected.visitor && (expected.tab.empty() || one.tab == expected.tab) &&
             (expected.rule.empty() || one.rule == expected.rule);
    };
    switch (expected.kind) {
      case Expectation::Kind::kVerdict: {
        std::string others;
        for (const Decided& one : recorder.decisions) {
          if (!mine(one)) continue;
          if (one.t == expected.at && one.verdict == expected.verdict) return {};
          others += (others.empty() ? "" : ", ") + one.verdict + " at " + offset(test, one.t);
        }
        return "rule \"" + expected.rule + "\" gets no verdict \"" + expected.verdict + "\" at that instant; up to then: " +
               (others.empty() ? "nothing" : others);
      }
      case Expectation::Kind::kNotFired:
        for (const Decided& one : recorder.decisions) {
          if (mine(one) && one.verdict == "fire") return "rule \"" + one.rule + "\" has fired, at " + offset(test, one.t);
        }
        return {};
      case Expectation::Kind::kOnScreen: {
        const rules::Visitor* visitor = replay.visitor(expected.visitor);
        const auto screen = visitor ? visitor->on_screen() : std::nullopt;
        const std::string seen = screen ? replay.engine(expected.visitor).rules().rules()[screen->rule].id : "";
        const bool in_tab = expected.tab.empty() || (screen && screen->tab == expected.tab);
        if (seen == expected.rule && in_tab) return {};
        return seen.empty() ? "nothing is on screen" : "the offer of \"" + seen + "\" is on screen";
      }
    }
    return {};
  }

  // The condition tree of the rule in question at the instant in question, on each of the visitor's pages.
  [[nodiscard]] std::string explain(const RuleTest& test, const Expectation& expected, rules::Color color) const {
    Recorder recorder;
    recorder.follow = true;
    rules::Replay replay(set_, recorder, options_);
    run_until(replay, test, expected.at);
    const rules::Visitor* visitor = replay.visitor(expected.visitor);
    if (!visitor || visitor->open_tabs().empty()) return "  visitor \"" + rules::printable(expected.visitor) + "\" has no page open then\n";
    std::string out;
    const rules::Engine& engine = replay.engine(expected.visitor);
    const auto rule = engine.rules().find(expected.rule);
    if (!rule) return out;
    for (const std::string_view tab : visitor->open_tabs()) {
      auto trace = rules::explain(engine, *visitor, *rule, tab);
      if (!trace) continue;
      recorder.follower.date(engine, *trace);
      out += trace_in_words(*trace, engine.rules(), expected.at, color);
    }
    return out;
  }

 private:
  static std::string offset(const RuleTest& test, rules::Instant t) {
    return test.timeline.empty() ? format_when(t) : rules::format_duration(t - test.timeline.front().at) + " after its first line";
  }
  std::shared_ptr<const rules::RuleSet> set_;
  rules::ReplayOptions options_;
};

struct Outcome {
  std::size_t passed = 0, failed = 0, broken_files = 0;
};

std::string describe(const Expectation& expected) {
  switch (expected.kind) {
    case Expectation::Kind::kVerdict: return "\"" + expected.rule + "\" gets \"" + expected.verdict + "\"";
    case Expectation::Kind::kNotFired: return expected.rule.empty() ? "no rule has fired" : "\"" + expected.rule + "\" has not fired";
    case Expectation::Kind::kOnScreen: return expected.rule.empty() ? "nothing is on screen" : "\"" + expected.rule + "\" is on screen";
  }
  return {};
}

}  // namespace

int run_rules_test(const RulesTestOptions& options, std::ostream& out, std::ostream& err) {
  const rules::Color color = options.format == Format::kText ? color_of(STDOUT_FILENO) : rules::Color::kNone;
  Outcome outcome;
  std::string text_out;
  json::Writer w(text_out);
  if (options.format == Format::kJson) w.begin_object().key("tests").begin_array();
  for (const std::string& file : options.files) {
    const auto text = read_text(file, rules::kMaxRuleFileBytes);
    if (!text) {
      err << file << ": error: " << text.error().message << '\n';
      ++outcome.broken_files;
      continue;
    }
    TestFileReader reader(*text);
    const auto read = reader.read();
    for (const rules::Diagnostic& finding : reader.findings) err << rules::render(finding, file, *text, color_of(STDERR_FILENO));
    if (!read) {
      ++outcome.broken_files;
      continue;
    }
    ReplaySite site;
    if (base::Status loaded = site.load(); !loaded) {
      err << file << ": error: " << loaded.error().message << '\n';
      ++outcome.broken_files;
      continue;
    }
    site.options.site = read->site;
    site.options.shelf = nullptr;  // each expectation has a replay of its own
    if (!read->time_zone.empty()) {
      site.options.engine.calendar = site.options.calendar_for(read->time_zone);
      if (!site.options.engine.calendar) {
        err << file << ": error: unknown time zone \"" << read->time_zone << "\"\n";
        ++outcome.broken_files;
        continue;
      }
    }
    const std::string rules_file = (std::filesystem::path(file).parent_path() / read->rules).string();
    const auto set = load_rules(rules_file, read->site, err);
    if (!set) {
      ++outcome.broken_files;
      continue;
    }
    const Runner runner(set, site.options);
    for (const RuleTest& test : read->tests) {
      if (!options.only.empty() && test.name.find(options.only) == std::string::npos) continue;
      std::string failures;
      std::vector<std::pair<const Expectation*, std::string>> failed;
      for (const Expectation& expected : test.expectations) {
        const bool known = expected.rule.empty() || set->find(expected.rule);
        std::string seen = known ? runner.check(test, expected) : "there is no rule \"" + expected.rule + "\"";
        if (!seen.empty()) failed.emplace_back(&expected, std::move(seen));
      }
      ++(failed.empty() ? outcome.passed : outcome.failed);
      if (options.format == Format::kJson) {
        w.begin_object().key("file").string(file).key("name").string(test.name).key("passed").boolean(failed.empty());
        w.key("failures").begin_array();
        for (const auto& [expected, seen] : failed) {
          const json::LineColumn place = json::locate(*text, expected->offset);
          w.begin_object().key("line").number(std::int64_t{place.line}).key("column").number(std::int64_t{place.column});
          w.key("expected").string(describe(*expected)).key("seen").string(seen);
          w.key("trace").string(runner.explain(test, *expected, rules::Color::kNone)).end_object();
        }
        w.end_array().end_object();
        continue;
      }
      if (failed.empty()) continue;
      for (const auto& [expected, seen] : failed) {
        const json::LineColumn place = json::locate(*text, expected->offset);
        out << file << ':' << place.line << ':' << place.column << ": FAILED: " << rules::printable(test.name) << '\n'
            << "  expected: " << rules::printable(describe(*expected)) << " (" << format_when(expected->at) << ")\n"
            << "  seen:     " << rules::printable(seen) << '\n'
            << runner.explain(test, *expected, color) << '\n';
      }
    }
  }
  if (options.format == Format::kJson) {
    w.end_array().key("passed").number(static_cast<std::int64_t>(outcome.passed));
    w.key("failed").number(static_cast<std::int64_t>(outcome.failed)).end_object();
    out << text_out << '\n';
  } else {
    out << outcome.passed << " passed, " << outcome.failed << " failed\n";
  }
  const bool none_run = outcome.passed + outcome.failed + outcome.broken_files == 0;  // a name that is misspelt proves nothing
  if (none_run) err << "beckon rules test: no test's name holds \"" << options.only << "\"\n";
  return none_run || outcome.failed + outcome.broken_files > 0 ? 1 : 0;
}

}  // namespace beckon::cli
