// What visitors do meanwhile, for the consoles of this shard: digests and typing from the bus.
#include "beckon/json/reader.hpp"
#include "beckon/json/writer.hpp"
#include "core/desk/consoles.hpp"
#include "core/desk/desk.hpp"
#include "core/desk/limits.hpp"
#include "core/shard_core.hpp"

namespace beckon::core {

namespace {

// The members of a hint; empty where it has none.
struct Said {
  std::string conversation, who, name, operator_id;
  bool on = false, online = false;
};

std::optional<Said> read_hint(std::string_view body) {
  const json::ParseResult parsed = json::parse(body);
  if (!parsed.document || !parsed.document->root().is(json::Type::kObject)) return std::nullopt;
  const json::Value& root = parsed.document->root();
  const auto text = [&](std::string_view name) {
    const json::Value* const value = root.find(name);
    return value != nullptr && value->is(json::Type::kString) ? std::string(value->string()) : std::string();
  };
  const auto flag = [&](std::string_view name) {
    const json::Value* const value = root.find(name);
    return value != nullptr && value->is(json::Type::kBool) && value->boolean();
  };
  return Said{text("c"), text("who"), text("name"), text("operator"), flag("on"), flag("online")};
}

}  // namespace

// While operators are here, and no longer: elsewhere nobody would look at it.
void Desk::listen_to_visitors() {
  const bool wanted = !told_of_nobody_;
  if (wanted == !visitor_subscriptions_.empty()) return;
  if (!wanted) {
    visitor_subscriptions_.clear();
    return shard_.timers.cancel(visitors_alarm_);
  }
  const auto on = [this](std::string_view topic, void (Desk::*member)(std::string_view)) {
    visitor_subscriptions_.push_back(
        shard_.bus.subscribe(site_.id(), topic, shard_.post,
                             [this, alive = std::weak_ptr<int>(alive_), member](const store::BusMessage& message) {
                               if (alive.expired()) return;
                               shard_.enter();
                               (this->*member)(message.body);
                             }));
  };
  on("visitor", &Desk::on_visitor);
  on("typing", &Desk::on_typing);
  for (const auto& [id, open] : open_) ask_for_visitor(*open);
  check_visitors();
}

void Desk::ask_for_visitor(OpenConversation& open) {
  if (visitor_subscriptions_.empty()) return;
  open.asked = shard_.now;
  std::string body;
  json::Writer(body).begin_object().key("v").string(open.row.visitor.text()).end_object();
  shard_.bus.publish(site_.id(), "who", body);
}

void Desk::on_visitor(std::string_view body) {
  const auto said = read_hint(body);
  if (!said) return;
  OpenConversation* const open = find(base::ConversationId(said->conversation));
  if (open == nullptr) return;
  open->heard = shard_.now;
  open->digest = body;
  const bool was = std::exchange(open->online, said->online);
  if (was != said->online) shard_.consoles->conversation_changed(*this, open->row);
  shard_.consoles->visitor_heard(*this, *open);
}

// One who was there and of whom nothing more is heard, though asked, is gone.
void Desk::check_visitors() {
  for (const auto& [id, open] : open_) {
    if (!open->online) continue;
    if (open->heard + kVisitorGoneAfter <= shard_.now) {
      open->online = false;
      shard_.consoles->conversation_changed(*this, open->row);
      shard_.consoles->visitor_heard(*this, *open);
    } else if (std::max(open->heard, open->asked) + kAskVisitorEvery <= shard_.now) {
      ask_for_visitor(*open);
    }
  }
  shard_.timers.set(visitors_alarm_, shard_.now + kHealEvery);
}

void Desk::on_typing(std::string_view body) {
  const auto said = read_hint(body);
  if (!said || (said->who != "visitor" && said->who != "operator")) return;
  shard_.consoles->typing_heard(*this, {base::ConversationId(said->conversation), said->who, said->name,
                                        base::OperatorId(said->operator_id), said->on});
}

}  // namespace beckon::core
