#include "core/chat/page_trail.hpp"

#include <algorithm>

#include "beckon/json/reader.hpp"
#include "beckon/json/writer.hpp"
#include "beckon/rules/journal.hpp"

namespace beckon::core {

namespace {

std::string_view cut(std::string_view text, std::size_t max) {
  if (text.size() <= max) return text;
  while (max > 0 && (static_cast<unsigned char>(text[max]) & 0xC0) == 0x80) --max;
  return text.substr(0, max);
}

std::string_view text_of(const json::Value& object, std::string_view name) {
  const json::Value* const value = object.find(name);
  return value != nullptr && value->is(json::Type::kString) ? value->string() : std::string_view();
}

}  // namespace

void PageTrail::add(base::Instant at, std::string_view url, std::string_view title) {
  if (pages_ > 0) lines_ += '\n';
  json::Writer w(lines_);
  w.begin_object().key("url").string(cut(url, kMaxTrailUrlBytes)).key("title").string(cut(title, kMaxTrailTitleBytes));
  w.key("at").number(rules::to_ms(at)).end_object();
  ++pages_;
  drop_oldest();
}

// No line break stands inside a line: the writer escapes them.
void PageTrail::drop_oldest() {
  while (pages_ > kMaxTrailPages || lines_.size() > kMaxTrailBytes) {
    const std::size_t first = lines_.find('\n');
    if (first == std::string::npos) return;
    lines_.erase(0, first + 1);
    --pages_;
  }
}

void PageTrail::restore(std::string_view context) {
  const json::ParseResult parsed = json::parse(context);
  if (!parsed.document || !parsed.document->root().is(json::Type::kObject)) return;
  const json::Value* const pages = parsed.document->root().find("pages");
  if (pages == nullptr || !pages->is(json::Type::kArray)) return;
  for (const json::Value* each = pages->first(); each != nullptr; each = each->next()) {
    if (!each->is(json::Type::kObject)) continue;
    const json::Value* const at = each->find("at");
    const auto ms = at != nullptr && at->is(json::Type::kNumber) ? json::to_int64(at->digits()) : std::nullopt;
    if (ms) add(rules::at_ms(*ms), text_of(*each, "url"), text_of(*each, "title"));
  }
}

std::string PageTrail::json() const {
  std::string out = "[" + lines_ + "]";
  std::replace(out.begin(), out.end(), '\n', ',');
  return out;
}

}  // namespace beckon::core
