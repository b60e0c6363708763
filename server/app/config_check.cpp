#include "app/config_check.hpp"

#include <algorithm>
#include <numeric>

#include "beckon/rules/rule_file.hpp"

namespace beckon::app {
namespace {

using json::Type;
using json::Value;

rules::SourceRange range_of(const Value& value) { return {value.begin_offset(), value.end_offset()}; }
rules::SourceRange name_range(const Value& member) {
  return {member.name_offset(), member.name_offset() + member.name().size() + 2};
}

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string joined(std::span<const std::string_view> names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += quoted(names[i]);
  }
  return text;
}

// Insertions, deletions and replacements that make one of the other (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({replaced, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row.back();
}

}  // namespace

std::string near_miss(std::string_view name, std::span<const std::string_view> known) {
  const std::size_t most = name.size() < 4 ? 1 : name.size() < 8 ? 2 : 3;
  std::string_view best;
  std::size_t best_distance = most + 1;
  for (const std::string_view candidate : known) {
    const std::size_t d = distance(name, candidate);
    if (d < best_distance) {
      best = candidate;
      best_distance = d;
    }
  }
  return best.empty() ? "" : "did you mean " + quoted(best) + "?";
}

void ConfigChecker::add(rules::Severity severity, rules::SourceRange where, std::string code, std::string message,
                        std::string hint) {
  rules::Diagnostic diagnostic;
  diagnostic.severity = severity;
  diagnostic.code = std::move(code);
  diagnostic.where = where;
  diagnostic.message = std::move(message);
  diagnostic.hint = std::move(hint);
  found_.push_back(std::move(diagnostic));
}

void ConfigChecker::error(const Value& value, std::string code, std::string message, std::string hint) {
  add(rules::Severity::kError, range_of(value), std::move(code), std::move(message), std::move(hint));
}

void ConfigChecker::error_at_name(const Value& member, std::string code, std::string message, std::string hint) {
  add(rules::Severity::kError, name_range(member), std::move(code), std::move(message), std::move(hint));
}

void ConfigChecker::warn(const Value& value, std::string code, std::string message, std::string hint) {
  add(rules::Severity::kWarning, range_of(value), std::move(code), std::move(message), std::move(hint));
}

void ConfigChecker::object(const Value& value, std::string_view what, std::span<const Key> keys) {
  if (!is(value, Type::kObject)) return;
  std::vector<std::string_view> names;
  for (const Key& key : keys) names.push_back(key.name);
  for (const Value* member = value.first(); member; member = member->next()) {
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const Key& k) { return k.name == member->name(); });
    if (key != keys.end()) key->read(*member);
    else
      error_at_name(*member, "unknown-key", std::string(what) + " has no key " + quoted(member->name()),
                    near_miss(member->name(), names));
  }
  for (const Key& key : keys) {
    if (key.presence == Key::Presence::kRequired && !value.find(key.name)) {
      // At the opening brace: the whole object would be too much to underline.
      add(rules::Severity::kError, {value.begin_offset(), value.begin_offset() + 1}, "missing-key",
          std::string(what) + " needs the key " + quoted(key.name), "");
    }
  }
}

void ConfigChecker::array(const Value& value, std::size_t most, const std::function<void(const Value&)>& read) {
  if (!is(value, Type::kArray)) return;
  if (value.size() > most) {
    error(value, "too-many",
          "at most " + std::to_string(most) + " are allowed here, these are " + std::to_string(value.size()));
    return;
  }
  for (const Value* element = value.first(); element; element = element->next()) read(*element);
}

void ConfigChecker::members(const Value& value, std::size_t most, const std::function<void(const Value&)>& read) {
  if (!is(value, Type::kObject)) return;
  if (value.size() > most) {
    error(value, "too-many",
          "at most " + std::to_string(most) + " are allowed here, these are " + std::to_string(value.size()));
    return;
  }
  for (const Value* member = value.first(); member; member = member->next()) read(*member);
}

bool ConfigChecker::is(const Value& value, Type type) {
  if (value.is(type)) return true;
  error(value, "wrong-type",
        "expected " + std::string(name_of(type)) + ", found " + std::string(name_of(value.type())));
  return false;
}

std::optional<std::string> ConfigChecker::text(const Value& value, std::size_t most) {
  if (!is(value, Type::kString)) return std::nullopt;
  const std::string_view text = value.string();
  const bool control =
      std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; });
  if (text.empty() || text.size() > most || control) {
    error(value, "bad-text", "expected 1 to " + std::to_string(most) + " bytes without control characters");
    return std::nullopt;
  }
  return std::string(text);
}

void ConfigChecker::integer(const Value& value, std::int64_t least, std::int64_t most,
                            const std::function<void(std::int64_t)>& take) {
  if (!is(value, Type::kNumber)) return;
  const auto number = json::to_int64(value.digits());
  if (number && *number >= least && *number <= most) take(*number);
  else
    error(value, "out-of-range",
          "expected a whole number from " + std::to_string(least) + " to " + std::to_string(most));
}

void ConfigChecker::duration(const Value& value, base::Duration least, base::Duration most, base::Duration& out) {
  if (value.is(Type::kNumber)) {
    error(value, "bad-duration", "a duration needs its unit", "write \"30s\", \"15m\", \"12h\" or \"30d\"");
    return;
  }
  if (!is(value, Type::kString)) return;
  const auto duration = rules::parse_duration(value.string());
  if (!duration) {
    error(value, "bad-duration", "not a duration", "write \"30s\", \"15m\", \"12h\" or \"30d\"");
  } else if (*duration < least || *duration > most) {
    error(value, "out-of-range",
          "expected a duration from " + rules::format_duration(least) + " to " + rules::format_duration(most));
  } else {
    out = *duration;
  }
}

void ConfigChecker::boolean(const Value& value, bool& out) {
  if (is(value, Type::kBool)) out = value.boolean();
}

std::size_t ConfigChecker::choice_index(const Value& value, std::span<const std::string_view> names) {
  if (!is(value, Type::kString)) return names.size();
  const auto found = std::find(names.begin(), names.end(), value.string());
  if (found == names.end()) {
    error(value, "unknown-value", "expected " + joined(names), near_miss(value.string(), names));
  }
  return static_cast<std::size_t>(found - names.begin());
}

std::vector<rules::Diagnostic> ConfigChecker::take() {
  std::stable_sort(found_.begin(), found_.end(), [](const rules::Diagnostic& a, const rules::Diagnostic& b) {
    return a.where.begin < b.where.begin;
  });
  return std::move(found_);
}

}  // namespace beckon::app
