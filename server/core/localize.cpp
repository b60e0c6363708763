#include "core/localize.hpp"

#include <algorithm>
#include <map>

#include "beckon/json/reader.hpp"
#include "beckon/json/writer.hpp"

namespace beckon::core {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_tag(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view primary(std::string_view tag) { return tag.substr(0, tag.find('-')); }

// The entry of a map by language for a reader of `language`; end() when the map is empty.
template <class Map>
typename Map::const_iterator choose(const Map& map, std::string_view language) {
  const auto first = [&map](auto matches) {
    return std::find_if(map.begin(), map.end(), [&](const auto& entry) { return matches(std::string_view(entry.first)); });
  };
  if (!language.empty()) {
    auto found = first([&](std::string_view tag) { return same_tag(tag, language); });
    if (found == map.end()) found = first([&](std::string_view tag) { return same_tag(tag, primary(language)); });
    if (found == map.end()) found = first([&](std::string_view tag) { return same_tag(primary(tag), primary(language)); });
    if (found != map.end()) return found;
  }
  auto found = first([](std::string_view tag) { return tag.empty(); });
  if (found == map.end()) found = first([](std::string_view tag) { return same_tag(primary(tag), "en"); });
  return found == map.end() ? map.begin() : found;
}

}  // namespace

std::string_view spoken_language(const SiteSettings& site, std::string_view language) {
  if (site.languages.empty()) return language;
  const auto same_language = [&](const std::string& tag) { return same_tag(primary(tag), primary(language)); };
  return std::any_of(site.languages.begin(), site.languages.end(), same_language) ? language : std::string_view(site.languages.front());
}

const std::string& text_for(const rules::LocalText& texts, std::string_view language) {
  static const std::string kNone;
  const auto found = choose(texts, language);
  return found == texts.end() ? kNone : found->second;
}

std::string offer_body(const rules::Actions& actions, std::string_view language) {
  const json::ParseResult parsed = json::parse(actions.offer_json);
  if (!parsed.document) return "{}";
  std::string body;
  json::Writer w(body);
  w.begin_object();
  const std::string_view source = actions.offer_json;
  for (const json::Value* member = parsed.document->root().first(); member != nullptr; member = member->next()) {
    w.key(member->name());
    if (member->name() == "text") w.string(text_for(actions.offer_text, language));
    else w.raw(source.substr(member->begin_offset(), member->end_offset() - member->begin_offset()));
  }
  w.end_object();
  return body;
}

std::string texts_json(const WidgetTexts& texts, std::string_view language) {
  const auto found = choose(texts, language);
  std::string out;
  json::Writer w(out);
  w.begin_object();
  if (found != texts.end()) {
    for (const auto& [key, text] : found->second) w.key(key).string(text);
  }
  w.end_object();
  return out;
}

}  // namespace beckon::core
