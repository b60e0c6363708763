// `then` and `variants`: what a rule does.
#pragma once

#include <vector>

#include "beckon/rules/rule_file.hpp"
#include "check_report.hpp"

namespace beckon::rules {

// Reads a `then`.
void read_actions(Report& report, const json::Value& value, Actions& out);
// Reads a list of variants. `out` has no more than are in order.
void read_variant_list(Report& report, const json::Value& list, std::vector<Variant>& out);

// A BCP 47 tag as far as its shape goes: "en", "pt-BR", "zh-Hant".
[[nodiscard]] bool is_language_tag(std::string_view tag);
// An http or https address, or a path of the site. Never a scheme that runs code, nor an address of another host in
// disguise.
[[nodiscard]] bool is_safe_link(std::string_view link);

}  // namespace beckon::rules
