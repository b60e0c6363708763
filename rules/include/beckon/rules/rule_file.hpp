// A checked rule file: every default filled in, every name resolved, every value within its bounds.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beckon/rules/condition.hpp"

namespace beckon::rules {

// Counts and quiet times. What is not there does not limit.
struct Limit {
  std::optional<std::uint32_t> per_page, per_visit, per_visitor;  // each at least 1
  std::optional<Duration> every, after_dismiss, after_accept;
  [[nodiscard]] bool none() const {
    return !per_page && !per_visit && !per_visitor && !every && !after_dismiss && !after_accept;
  }
};

struct Pressure {
  Duration half_life = std::chrono::hours(24 * 7);
  double shown = 1, ignored = 1, dismissed = 3, accepted = -2;
  double under = 0.5, over = 5.5;
};

struct Needs {
  bool operator_free = false;  // "operator": somebody has a free slot
  std::string skill;           // empty: any
  bool consent = false;
};

enum class Mode : std::uint8_t { kLive, kShadow, kOff };

// How long an offer stays. `duration` counts for kDuration alone.
struct Until {
  enum class Kind : std::uint8_t { kPage, kVisit, kDuration } kind = Kind::kPage;
  Duration duration{0};
};

// A text, per language: BCP 47 tag → text. A text without language is under "".
using LocalText = std::map<std::string, std::string>;

// What to do: the `then` of a rule or of a variant.
struct Actions {
  // Offers show something; a rule with none neither takes the screen nor waits for it.
  enum class Offer : std::uint8_t { kNone, kInvite, kCall, kSurvey };
  Offer offer = Offer::kNone;
  // The offer's object as compact JSON, checked, ready for the wire: {"text":{"en":"Need a hand?"},"style":"bubble"}.
  std::string offer_json;
  LocalText offer_text;
  std::vector<std::string> tags;   // set, in order
  std::vector<std::string> emits;  // events for the site's own script
  std::string route;               // skill or group for the chat that follows; empty: none
};
// "invite", "call", "survey", or "" for kNone.
[[nodiscard]] std::string_view name_of(Actions::Offer offer);

struct Variant {
  double weight = 1;  // more than 0
  Actions then;
};

struct Rule {
  std::string id;
  std::string about;
  Condition when;
  std::vector<Variant> variants;  // at least one; exactly one when the file says `then`
  bool has_variants = false;      // the file says `variants`, so that decisions name the one taken
  Limit limit;
  Needs needs;
  Until until;
  double holdout = 0;
  int priority = 0;
  bool ignore_pressure = false;
  Mode mode = Mode::kLive;
  SourceRange where;              // of the rule's object
};

struct Segment {
  std::string name;
  Condition condition;
  SourceRange where;
};

struct RuleFile {
  std::vector<Segment> segments;
  std::vector<Rule> rules;        // in file order
  Limit limit;                    // over all rules together; none by default
  double holdout = 0;
  std::optional<std::string> salt;  // by default the site's id
  Pressure pressure;
};

struct CheckResult {
  std::optional<RuleFile> file;          // there when no diagnostic is an error
  std::vector<Diagnostic> diagnostics;   // by place; errors and warnings
};

// Checks the text of a rule file: the first error of syntax, or all errors of meaning and all warnings.
// Never throws for what the text holds. Thread safety: may be called from any thread.
[[nodiscard]] CheckResult check(std::string_view text);

// The JSON Schema (draft 2020-12) of a rule file, for editors: made from the registry of facts.
[[nodiscard]] std::string rule_file_schema();

// The longest duration that a rule file may name: far beyond any visitor, and instants plus it do not overflow.
inline constexpr Duration kMaxDuration = std::chrono::hours(24 * 36'500);

// A duration as rule files write it: "500ms", "45s", "1h30m", "7d", units from long to short; nullopt for anything else,
// "45" and what is longer than kMaxDuration included.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);
// The shortest way to write it: 90 s is "1m30s".
[[nodiscard]] std::string format_duration(Duration duration);

}  // namespace beckon::rules
