#include "core/visitor_record.hpp"

#include "beckon/json/reader.hpp"
#include "beckon/json/writer.hpp"
#include "beckon/rules/journal.hpp"

namespace beckon::core {

namespace {

std::string text_of(const json::Value& object, std::string_view name) {
  const json::Value* const value = object.find(name);
  return value != nullptr && value->is(json::Type::kString) ? std::string(value->string()) : std::string();
}

std::optional<std::int64_t> integer_of(const json::Value& object, std::string_view name) {
  const json::Value* const value = object.find(name);
  return value != nullptr && value->is(json::Type::kNumber) ? json::to_int64(value->digits()) : std::nullopt;
}

std::vector<KeptLoad> read_loads(const json::Value* array) {
  std::vector<KeptLoad> loads;
  if (array == nullptr || !array->is(json::Type::kArray)) return loads;
  for (const json::Value* each = array->first(); each != nullptr; each = each->next()) {
    if (!each->is(json::Type::kObject)) continue;
    KeptLoad load{text_of(*each, "tab"), text_of(*each, "session"), integer_of(*each, "last").value_or(0), {}};
    if (const auto gone = integer_of(*each, "gone")) load.gone = rules::at_ms(*gone);
    loads.push_back(std::move(load));
  }
  return loads;
}

std::optional<KeptOffer> read_offer(const json::Value* object) {
  if (object == nullptr || !object->is(json::Type::kObject)) return std::nullopt;
  KeptOffer offer{text_of(*object, "id"), text_of(*object, "rule"), text_of(*object, "tab"), text_of(*object, "path"), 0};
  offer.variant = static_cast<std::uint8_t>(integer_of(*object, "variant").value_or(0));
  return offer;
}

void write_offer(json::Writer& w, const KeptOffer& offer) {
  w.begin_object().key("id").string(offer.id).key("rule").string(offer.rule);
  w.key("variant").number(std::int64_t{offer.variant}).key("tab").string(offer.tab);
  w.key("path").string(offer.path).end_object();
}

}  // namespace

std::string write_kept(const KeptVisitor& kept) {
  constexpr std::size_t kUsualBytes = 1024;
  std::string out;
  out.reserve(kUsualBytes);
  json::Writer w(out);
  w.begin_object().key("rules");
  rules::write_snapshot(w, kept.snapshot);
  w.key("loads").begin_array();
  for (const KeptLoad& load : kept.loads) {
    w.begin_object().key("tab").string(load.tab).key("session").string(load.session).key("last").number(load.last);
    if (load.gone) w.key("gone").number(rules::to_ms(*load.gone));
    w.end_object();
  }
  w.end_array();
  if (kept.offer) write_offer(w.key("offer"), *kept.offer);
  w.key("past").begin_array();
  for (const KeptOffer& offer : kept.past) write_offer(w, offer);
  w.end_array();
  if (!kept.language.empty()) w.key("language").string(kept.language);
  if (!kept.route.empty()) w.key("route").string(kept.route);
  w.end_object();
  return out;
}

std::optional<KeptVisitor> read_kept(std::string_view text) {
  const json::ParseResult parsed = json::parse(text);
  if (!parsed.document || !parsed.document->root().is(json::Type::kObject)) return std::nullopt;
  const json::Value& root = parsed.document->root();
  const json::Value* const snapshot = root.find("rules");
  if (snapshot == nullptr) return std::nullopt;
  KeptVisitor kept;
  const std::string_view body = text.substr(snapshot->begin_offset(), snapshot->end_offset() - snapshot->begin_offset());
  if (rules::read_snapshot(body, kept.snapshot)) return std::nullopt;
  kept.loads = read_loads(root.find("loads"));
  kept.offer = read_offer(root.find("offer"));
  const json::Value* const past = root.find("past");
  for (const json::Value* each = past == nullptr ? nullptr : past->first(); each != nullptr; each = each->next()) {
    if (const auto offer = read_offer(each)) kept.past.push_back(*offer);
  }
  kept.language = text_of(root, "language");
  kept.route = text_of(root, "route");
  return kept;
}

}  // namespace beckon::core
