#include "rules/oracle/journal.hpp"

#include <stdexcept>

namespace beckon::oracle {

Line::Line(std::string_view text) {
  json::ParseResult parsed = json::parse(text);
  if (!parsed.document) throw std::runtime_error("journal line: " + parsed.error->message);
  document_ = std::make_shared<json::Document>(std::move(*parsed.document));
  if (!number("t") || !find("type")) throw std::runtime_error("journal line: without t or type");
  t = static_cast<std::int64_t>(*number("t"));
  type = this->text("type");
  visitor = this->text("visitor");
  if (find("tab")) tab = this->text("tab");
}

std::string Line::text(std::string_view key) const {
  const json::Value* value = find(key);
  return value && value->is(json::Type::kString) ? std::string(value->string()) : "";
}

std::optional<double> Line::number(std::string_view key) const {
  const json::Value* value = find(key);
  return value && value->is(json::Type::kNumber) ? value->number() : std::nullopt;
}

bool Line::flag(std::string_view key, bool fallback) const {
  const json::Value* value = find(key);
  return value && value->is(json::Type::kBool) ? value->boolean() : fallback;
}

}  // namespace beckon::oracle
