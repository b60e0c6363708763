// "Did you mean": the name that somebody probably wanted to write.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "beckon/rules/diagnostic.hpp"

namespace beckon::rules {

// The fewest insertions, deletions, replacements and swaps of neighbours that make `b` of `a` (optimal string
// alignment).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

// The one of `known` that is nearest to `name` and near enough to be meant; empty when none is. Case does not count.
[[nodiscard]] std::string_view nearest(std::string_view name, std::span<const std::string_view> known);

// What a rule file calls what people call `name` elsewhere: "not" is "none", ">=" is "gte". Empty when unknown.
[[nodiscard]] std::string_view synonym_of(std::string_view name);

// The fact that `name` probably means: by synonym, else the nearest. Empty when none is near.
[[nodiscard]] std::string suggest_fact(std::string_view name);

// `did you mean "x"?`, or an empty string for an empty suggestion.
[[nodiscard]] std::string did_you_mean(std::string_view suggestion);

}  // namespace beckon::rules
