// What a rule says beside its condition and its actions, and how a rule's keys lie over the file's `defaults`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "beckon/rules/rule_file.hpp"
#include "check_report.hpp"

namespace beckon::rules {

// A key that may be there, be absent, or be null: `null` in a rule removes a default.
template <class T>
struct Setting {
  enum class State : std::uint8_t { kAbsent, kRemoved, kSet } state = State::kAbsent;
  T value{};

  void set(T v) {
    value = std::move(v);
    state = State::kSet;
  }
  [[nodiscard]] bool is_set() const { return state == State::kSet; }
  [[nodiscard]] const Setting& over(const Setting& base) const { return state == State::kAbsent ? base : *this; }
};

struct LimitOptions {
  bool none = false;  // "none"
  Setting<std::uint32_t> per_page, per_visit, per_visitor;
  Setting<Duration> every, after_dismiss, after_accept;
};

struct NeedsOptions {
  Setting<bool> operator_free, consent;
  Setting<std::string> skill;
};

struct RuleOptions {
  // Whether null removes a default (in a rule) or is an error (in `defaults`).
  enum class Nulls : std::uint8_t { kRemove, kRefuse } nulls = Nulls::kRefuse;
  Setting<std::string> about;
  Setting<LimitOptions> limit;
  Setting<NeedsOptions> needs;
  Setting<Until> until;
  Setting<double> holdout;
  Setting<int> priority;
  Setting<bool> ignore_pressure;
  Setting<Mode> mode;
  Setting<const json::Value*> variants;
};

// Reads the member if it is one of a rule's options; false when its key is not.
bool read_option(Report& report, const json::Value& member, RuleOptions& options);

// The names of the options, for suggestions.
[[nodiscard]] std::span<const std::string_view> option_names();

// Fills `rule` with `own` over `defaults`, key by key inside `limit` and `needs` too.
void apply_options(const RuleOptions& own, const RuleOptions& defaults, Rule& rule);

// The file's own `limit`.
void read_file_limit(Report& report, const json::Value& value, Limit& limit);
// The file's `pressure`.
void read_pressure(Report& report, const json::Value& value, Pressure& pressure);

}  // namespace beckon::rules
