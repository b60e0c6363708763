// A visitor's attributes and tags in one block each: names are short and few, and looked at seldom.
#pragma once

#include <optional>
#include <string_view>

#include "beckon/rules/event.hpp"
#include "compact.hpp"
#include "string_table.hpp"

namespace beckon::rules::detail {

// An attribute's name, and its number where the rules' program gave it one.
struct AttributeName {
  std::string_view text;
  std::uint32_t number = StringTable::kNone;
};
[[nodiscard]] inline AttributeName attribute_name(const NameTable& names, std::string_view text) {
  return {text, names.find(text)};
}

// Attributes: [1 + number of name, or 0, length, name][value]…; only small numbers fit.
[[nodiscard]] std::optional<EventScalar> find_attribute(const Compact<char>& block, const AttributeName& name);
// monostate takes it away. False: it is not kept, being a new one beyond kMaxAttributes, or its name longer than 255 bytes.
bool set_attribute(Compact<char>& block, const AttributeName& name, const EventScalar& value);
// The attribute at `at`, which moves to the next; false at the end. Its name has a number or a text.
bool next_attribute(const Compact<char>& block, std::uint32_t& at, AttributeName& name, EventScalar& value);

// Tags: [length of name][name]…
[[nodiscard]] bool has_tag(const Compact<char>& block, std::string_view name);
enum class TagChange : std::uint8_t { kSet, kRemove };
// Beyond kMaxTags a new one is not kept.
void change_tag(Compact<char>& block, std::string_view name, TagChange change);
bool next_tag(const Compact<char>& block, std::uint32_t& at, std::string_view& name);

}  // namespace beckon::rules::detail
