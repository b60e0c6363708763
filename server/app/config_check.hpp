// Reads a document that a person wrote, value by value, and collects everything that is wrong with it.
//
//   check.object(value, "the log", {
//     {"level", [&](const json::Value& v) { check.choice(v, kLevels, config.log_level); }},
//   });
//
// Every read leaves its target as it was when the value is refused.
//
// Thread safety: none.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "beckon/json/reader.hpp"
#include "beckon/rules/diagnostic.hpp"

namespace beckon::app {

template <class T>
using Choices = std::initializer_list<std::pair<std::string_view, T>>;

class ConfigChecker {
 public:
  struct Key {
    std::string_view name;
    std::function<void(const json::Value&)> read;
    enum class Presence { kOptional, kRequired } presence = Presence::kOptional;
  };

  // At a value, at a member's name, at bytes.
  void error(const json::Value& value, std::string code, std::string message, std::string hint = {});
  void error_at_name(const json::Value& member, std::string code, std::string message, std::string hint = {});
  void warn(const json::Value& value, std::string code, std::string message, std::string hint = {});

  // An object with these keys and no others. `what` names it: "a site".
  void object(const json::Value& value, std::string_view what, std::span<const Key> keys);
  void object(const json::Value& value, std::string_view what, std::initializer_list<Key> keys) {
    object(value, what, std::span(keys.begin(), keys.size()));
  }
  // Every element of an array, every member of an object of free names.
  void array(const json::Value& value, std::size_t most, const std::function<void(const json::Value&)>& read);
  void members(const json::Value& value, std::size_t most, const std::function<void(const json::Value&)>& read);

  [[nodiscard]] bool is(const json::Value& value, json::Type type);
  // 1 to `most` bytes without control characters.
  [[nodiscard]] std::optional<std::string> text(const json::Value& value, std::size_t most);
  void integer(const json::Value& value, std::int64_t least, std::int64_t most,
               const std::function<void(std::int64_t)>& take);
  void duration(const json::Value& value, base::Duration least, base::Duration most, base::Duration& out);
  void boolean(const json::Value& value, bool& out);

  template <class T>
  void choice(const json::Value& value, Choices<T> choices, T& out) {
    std::vector<std::string_view> names;
    for (const auto& choice : choices) names.push_back(choice.first);
    const std::size_t index = choice_index(value, names);
    if (index < names.size()) out = choices.begin()[index].second;
  }

  // By place.
  [[nodiscard]] std::vector<rules::Diagnostic> take();

 private:
  void add(rules::Severity severity, rules::SourceRange where, std::string code, std::string message, std::string hint);
  std::size_t choice_index(const json::Value& value, std::span<const std::string_view> names);
  std::vector<rules::Diagnostic> found_;
};

// The one of `known` that somebody who wrote `name` probably meant, as a hint: `did you mean "listen"?`; empty when
// none is near.
[[nodiscard]] std::string near_miss(std::string_view name, std::span<const std::string_view> known);

}  // namespace beckon::app
