// A visitor's attributes and tags in one block each: names are short and few, and looked at seldom.
#pragma once

#include <optional>
#include <string_view>

#include "beckon/rules/event.hpp"
#include "compact.hpp"

namespace beckon::rules::detail {

// Attributes: [length of name][name][type][value]…
[[nodiscard]] std::optional<EventScalar> find_attribute(const Compact<char>& block, std::string_view name);
// monostate takes it away. Beyond kMaxAttributes a new one is not kept; a name longer than 255 bytes neither.
void set_attribute(Compact<char>& block, std::string_view name, const EventScalar& value);
// The attribute at `at`, which moves to the next; false at the end.
bool next_attribute(const Compact<char>& block, std::uint32_t& at, std::string_view& name, EventScalar& value);

// Tags: [length of name][name]…
[[nodiscard]] bool has_tag(const Compact<char>& block, std::string_view name);
enum class TagChange : std::uint8_t { kSet, kRemove };
// Beyond kMaxTags a new one is not kept.
void change_tag(Compact<char>& block, std::string_view name, TagChange change);
bool next_tag(const Compact<char>& block, std::uint32_t& at, std::string_view& name);

}  // namespace beckon::rules::detail
