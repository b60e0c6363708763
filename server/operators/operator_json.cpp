#include "operators/operator_json.hpp"

#include <optional>

#include "base/limits.hpp"
#include "operators/fields.hpp"
#include "operators/limits.hpp"
#include "store/limits.hpp"

namespace beckon::operators {
namespace {

constexpr std::size_t kMaxTagBytes = 64;

void write_texts(json::Writer& out, std::string_view name, const std::vector<std::string>& texts) {
  out.key(name).begin_array();
  for (const std::string& text : texts) out.string(text);
  out.end_array();
}

FieldReader role_into(std::optional<store::Role>& out) {
  return [&out](const json::Value& value) -> std::string {
    const std::string_view role = value.is(json::Type::kString) ? value.string() : "";
    if (role == name_of(store::Role::kAdmin)) out = store::Role::kAdmin;
    else if (role == name_of(store::Role::kOperator)) out = store::Role::kOperator;
    else return "must be \"operator\" or \"admin\"";
    return {};
  };
}

// A field that may be missing: `out` has a value only when it was there.
template <class T, class Make>
FieldReader maybe(std::optional<T>& out, const Make& make) {
  return [&out, make](const json::Value& value) {
    T read{};
    std::string wrong = make(read)(value);
    if (wrong.empty()) out = std::move(read);
    return wrong;
  };
}

FieldReader maybe_text(std::optional<std::string>& out, std::size_t most) {
  return maybe(out, [most](std::string& into) { return text_into(into, most); });
}

FieldReader maybe_tags(std::optional<std::vector<std::string>>& out) {
  return maybe(out, [](auto& into) { return texts_into(into, store::kMaxOperatorTags, kMaxTagBytes); });
}

FieldReader maybe_sites(std::optional<std::vector<base::SiteId>>& out) {
  return [&out](const json::Value& value) {
    std::vector<std::string> names;
    std::string wrong = texts_into(names, store::kMaxOperatorTags, kMaxTagBytes)(value);
    if (!wrong.empty()) return wrong;
    out.emplace();
    for (const std::string& name : names) out->emplace_back(name);
    return wrong;
  };
}

FieldReader maybe_capacity(std::optional<int>& out) {
  return maybe(out, [](int& into) { return number_into(into, 1, store::kMaxCapacity); });
}

constexpr auto kMaybe = Presence::kOptional;

}  // namespace

void write_operator(json::Writer& out, const store::OperatorRecord& record) {
  out.begin_object().key("id").string(record.id.text()).key("login").string(record.login);
  out.key("name").string(record.name);
  if (!record.picture.empty()) out.key("picture").string(record.picture);
  out.key("role").string(name_of(record.role)).key("capacity").number(std::int64_t{record.capacity});
  write_texts(out, "skills", record.skills);
  write_texts(out, "groups", record.groups);
  out.key("sites").begin_array();
  for (const base::SiteId& site : record.sites) out.string(site.text());
  out.end_array().key("disabled").boolean(record.disabled);
  out.key("version").number(static_cast<std::int64_t>(record.version)).end_object();
}

std::string read_new_operator(std::string_view text, NewOperator& out) {
  OperatorChange given;
  std::string wrong = read_object(text, {{"login", text_into(out.record.login, store::kMaxLoginBytes)},
                                         {"name", text_into(out.record.name, base::kMaxPersonNameBytes)},
                                         {"password", text_into(out.secret, kMaxPasswordBytes)},
                                         {"role", role_into(given.role), kMaybe},
                                         {"picture", maybe_text(given.picture, store::kMaxChatTextBytes), kMaybe},
                                         {"capacity", maybe_capacity(given.capacity), kMaybe},
                                         {"skills", maybe_tags(given.skills), kMaybe},
                                         {"groups", maybe_tags(given.groups), kMaybe},
                                         {"sites", maybe_sites(given.sites), kMaybe}});
  if (!wrong.empty()) return wrong;
  out.record.role = given.role.value_or(store::Role::kOperator);
  out.record.picture = given.picture.value_or("");
  out.record.capacity = given.capacity.value_or(out.record.capacity);
  out.record.skills = given.skills.value_or(std::vector<std::string>());
  out.record.groups = given.groups.value_or(std::vector<std::string>());
  out.record.sites = given.sites.value_or(std::vector<base::SiteId>());
  return {};
}

std::string read_change(std::string_view text, ChangedOperator& out) {
  OperatorChange& change = out.change;
  return read_object(text, {{"name", maybe_text(change.name, base::kMaxPersonNameBytes), kMaybe},
                            {"password", text_into(out.secret, kMaxPasswordBytes), kMaybe},
                            {"role", role_into(change.role), kMaybe},
                            {"picture", maybe_text(change.picture, store::kMaxChatTextBytes), kMaybe},
                            {"capacity", maybe_capacity(change.capacity), kMaybe},
                            {"skills", maybe_tags(change.skills), kMaybe},
                            {"groups", maybe_tags(change.groups), kMaybe},
                            {"sites", maybe_sites(change.sites), kMaybe},
                            {"disabled", maybe(change.disabled, [](bool& into) { return switch_into(into); }), kMaybe}});
}

}  // namespace beckon::operators
