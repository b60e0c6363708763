// The plain values of a rule file: each function reads one or says what is wrong with it. `what` names the key for
// messages.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "beckon/json/reader.hpp"
#include "beckon/rules/time.hpp"
#include "check_report.hpp"

namespace beckon::rules {

// True when the value has the type; else an error "expected an object, found a string".
bool expect(Report& report, const json::Value& value, json::Type type);
// "expected …, found a string".
void expected(Report& report, const json::Value& value, std::string_view expectation, std::string hint = {});
// The object has no member of that name.
void missing(Report& report, const json::Value& object, std::string_view what, std::string_view key,
             std::string hint = {});
// A key that `what` does not have, with what was probably meant.
void unknown_key(Report& report, const json::Value& member, std::string_view what,
                 std::span<const std::string_view> known);

std::optional<bool> read_bool(Report& report, const json::Value& value);
// A finite number.
std::optional<double> read_number(Report& report, const json::Value& value);
// A number of [low, high].
std::optional<double> read_number_in(Report& report, const json::Value& value, std::string_view what, double low,
                                     double high);
// An integer of [low, high].
std::optional<std::int64_t> read_integer(Report& report, const json::Value& value, std::string_view what,
                                         std::int64_t low, std::int64_t high);
// A duration of at least 1 ms, with the hint how to write one.
std::optional<Duration> read_duration(Report& report, const json::Value& value, std::string_view what);
// Any duration; 0 is one.
std::optional<Duration> read_any_duration(Report& report, const json::Value& value);
// A string with something in it.
std::optional<std::string_view> read_text(Report& report, const json::Value& value, std::string_view what);
// A name that somebody chose: of an event, a tag, a skill. 1 to kMaxNameBytes bytes, no control characters.
std::optional<std::string_view> read_name(Report& report, const json::Value& value, std::string_view what);
bool check_name(Report& report, SourceRange where, std::string_view name, std::string_view what);
// Index into `choices`.
std::optional<std::size_t> read_choice(Report& report, const json::Value& value, std::string_view what,
                                       std::span<const std::string_view> choices);

// `"page", "visit" or "visitor"`.
[[nodiscard]] std::string list_of(std::span<const std::string_view> names);

// One key of an object and who reads it into a target.
template <class Target>
struct Key {
  std::string_view name;
  void (*read)(Report& report, const json::Value& value, Target& target);
};

// Passes each member to the reader of its key; other members are errors.
template <class Target, std::size_t N>
bool read_object(Report& report, const json::Value& object, std::string_view what, const Key<Target> (&keys)[N],
                 Target& target) {
  if (!expect(report, object, json::Type::kObject)) return false;
  for (const json::Value* member = object.first(); member; member = member->next()) {
    const Key<Target>* found = nullptr;
    for (const Key<Target>& key : keys) {
      if (key.name == member->name()) found = &key;
    }
    if (found) {
      found->read(report, *member, target);
      continue;
    }
    std::vector<std::string_view> known;
    for (const Key<Target>& key : keys) known.push_back(key.name);
    unknown_key(report, *member, what, known);
  }
  return true;
}

}  // namespace beckon::rules
