#include "core/desk/presence.hpp"

#include <algorithm>
#include <optional>

#include "base/limits.hpp"
#include "beckon/json/reader.hpp"
#include "beckon/json/writer.hpp"
#include "core/desk/limits.hpp"

namespace beckon::core {

namespace {

void write_names(json::Writer& w, std::string_view key, const std::vector<std::string>& names) {
  w.key(key).begin_array();
  for (const std::string& name : names) w.string(name);
  w.end_array();
}

std::string operator_json(const PresentOperator& each) {
  std::string out;
  json::Writer w(out);
  w.begin_object().key("id").string(each.id.text()).key("state").string(name_of(each.state));
  w.key("name").string(each.name).key("picture").string(each.picture);
  write_names(w, "skills", each.skills);
  write_names(w, "groups", each.groups);
  write_names(w, "sites", each.sites);
  w.key("capacity")
      .number(std::int64_t{each.capacity})
      .key("elsewhere")
      .number(std::int64_t{each.elsewhere})
      .end_object();
  return out;
}

std::optional<std::uint32_t> number_of(const json::Value& object, std::string_view name) {
  const json::Value* const value = object.find(name);
  if (value == nullptr || !value->is(json::Type::kNumber)) return std::nullopt;
  const auto number = json::to_int64(value->digits());
  if (!number || *number < 0 || *number > 1'000'000) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

std::string text_of(const json::Value& object, std::string_view name) {
  const json::Value* const value = object.find(name);
  return value != nullptr && value->is(json::Type::kString) ? std::string(value->string()) : std::string();
}

std::vector<std::string> names_of(const json::Value& object, std::string_view name) {
  std::vector<std::string> names;
  const json::Value* const value = object.find(name);
  if (value == nullptr || !value->is(json::Type::kArray)) return names;
  for (const json::Value* each = value->first(); each != nullptr; each = each->next()) {
    if (each->is(json::Type::kString)) names.emplace_back(each->string());
  }
  return names;
}

PresentOperator operator_of(const json::Value& object) {
  PresentOperator out;
  out.id = base::OperatorId(text_of(object, "id"));
  out.state = text_of(object, "state") == "away" ? PresenceState::kAway : PresenceState::kOnline;
  out.name = text_of(object, "name");
  out.picture = text_of(object, "picture");
  out.skills = names_of(object, "skills");
  out.groups = names_of(object, "groups");
  out.sites = names_of(object, "sites");
  out.capacity = number_of(object, "capacity").value_or(0);
  out.elsewhere = number_of(object, "elsewhere").value_or(0);
  return out;
}

}  // namespace

std::string_view name_of(PresenceState state) { return state == PresenceState::kOnline ? "online" : "away"; }

std::vector<std::string> presence_bodies(std::uint32_t shard, base::Instant at,
                                         const std::vector<PresentOperator>& operators) {
  std::vector<std::string> lists(1);
  for (const PresentOperator& each : operators) {
    std::string text = operator_json(each);
    if (!lists.back().empty() && lists.back().size() + text.size() > kMaxPresencePartBytes) lists.emplace_back();
    if (!lists.back().empty()) lists.back() += ',';
    lists.back() += text;
  }
  std::vector<std::string> bodies;
  for (std::size_t part = 0; part < lists.size(); ++part) {
    std::string body;
    json::Writer w(body);
    w.begin_object().key("shard").number(std::int64_t{shard}).key("at").number(rules::to_ms(at));
    w.key("part").number(static_cast<std::int64_t>(part));
    w.key("parts")
        .number(static_cast<std::int64_t>(lists.size()))
        .key("operators")
        .raw("[" + lists[part] + "]")
        .end_object();
    bodies.push_back(std::move(body));
  }
  return bodies;
}

std::string presence_question(std::uint32_t shard) {
  std::string body;
  json::Writer(body).begin_object().key("shard").number(std::int64_t{shard}).key("ask").boolean(true).end_object();
  return body;
}

PresenceBoard::Heard PresenceBoard::hear(std::string_view body, base::Instant now) {
  const json::ParseResult parsed = json::parse(body);
  if (!parsed.document || !parsed.document->root().is(json::Type::kObject)) return Heard::kNothing;
  const json::Value& root = parsed.document->root();
  const auto shard = number_of(root, "shard");
  if (!shard || *shard == own_ || *shard >= base::kMaxShards) return Heard::kNothing;
  if (root.find("ask") != nullptr) return Heard::kQuestion;
  const json::Value* const operators = root.find("operators");
  if (operators == nullptr || !operators->is(json::Type::kArray)) return Heard::kNothing;

  const json::Value* const at = root.find("at");
  const auto said = at != nullptr && at->is(json::Type::kNumber) ? json::to_int64(at->digits()) : std::nullopt;
  if (!said || *said < said_[*shard]) return Heard::kNothing;
  said_[*shard] = *said;
  const std::uint32_t part = number_of(root, "part").value_or(0), parts = number_of(root, "parts").value_or(1);
  if (part >= parts) return Heard::kNothing;
  std::erase_if(parts_, [&](const auto& each) { return each.first.first == *shard && each.first.second >= parts; });
  Part& heard = parts_[{*shard, part}];
  heard.heard = now;
  heard.operators.clear();
  for (const json::Value* each = operators->first(); each != nullptr; each = each->next()) {
    if (each->is(json::Type::kObject)) heard.operators.push_back(operator_of(*each));
  }
  return gather() ? Heard::kChange : Heard::kNothing;
}

bool PresenceBoard::set_own(std::vector<PresentOperator> operators) {
  parts_[{own_, 0}].operators = std::move(operators);
  return gather();
}

bool PresenceBoard::forget(base::Instant now) {
  std::erase_if(parts_, [&](const auto& each) {
    return each.second.heard != base::kNever && each.second.heard + kPresenceForgottenAfter <= now;
  });
  return gather();
}

base::Instant PresenceBoard::next_forget() const {
  base::Instant next = base::kNever;
  for (const auto& [key, part] : parts_) {
    if (part.heard != base::kNever) next = std::min(next, part.heard + kPresenceForgottenAfter);
  }
  return next;
}

const PresentOperator* PresenceBoard::find(const base::OperatorId& id) const {
  const auto found = all_.find(id.text());
  return found == all_.end() ? nullptr : &found->second;
}

bool PresenceBoard::gather() {
  std::map<std::string, PresentOperator> all;
  for (const auto& [key, part] : parts_) {
    for (const PresentOperator& each : part.operators) {
      if (!each.id.empty()) all[each.id.text()] = each;
    }
  }
  if (all == all_) return false;
  all_ = std::move(all);
  return true;
}

}  // namespace beckon::core
