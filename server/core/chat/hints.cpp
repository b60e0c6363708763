// The bus: what others tell. Whatever is wrong with a hint, it is dropped: the store has the truth.
#include <optional>
#include <utility>

#include "beckon/json/reader.hpp"
#include "beckon/json/writer.hpp"
#include "core/chat/answered.hpp"
#include "core/chat/limits.hpp"

namespace beckon::core {

namespace {

std::string_view text_of(const json::Value& object, std::string_view name) {
  const json::Value* const value = object.find(name);
  return value != nullptr && value->is(json::Type::kString) ? value->string() : std::string_view();
}

std::optional<std::uint64_t> count_of(const json::Value& object, std::string_view name) {
  const json::Value* const value = object.find(name);
  const bool is_number = value != nullptr && value->is(json::Type::kNumber);
  const auto number = is_number ? json::to_int64(value->digits()) : std::nullopt;
  if (!number || *number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

bool is_true(const json::Value& object, std::string_view name) {
  const json::Value* const value = object.find(name);
  return value != nullptr && value->is(json::Type::kBool) && value->boolean();
}

}  // namespace

void SiteChat::subscribe() {
  const auto listen = [this](std::string_view topic, auto handler) {
    subscriptions_.push_back(
        shard_.bus.subscribe(site_.id(), topic, shard_.post, [this, handler](const store::BusMessage& message) {
          shard_.enter();
          const json::ParseResult parsed = json::parse(message.body);
          if (parsed.document && parsed.document->root().is(json::Type::kObject)) {
            (this->*handler)(parsed.document->root());
          }
        }));
  };
  listen("chat", &SiteChat::on_chat_hint);
  listen("typing", &SiteChat::on_typing_hint);
  listen("who", &SiteChat::on_who);
}

void SiteChat::on_chat_hint(const json::Value& hint) {
  const base::ConversationId id(text_of(hint, "c"));
  VisitorChat* const chat = find(id);
  if (chat == nullptr) return meet(base::VisitorId(text_of(hint, "v")));
  const std::optional<std::uint64_t> change = count_of(hint, "change");
  if (change && *change <= chat->row->change && !is_true(hint, "gone")) return;
  // Marks come without a number and may not be written yet.
  chat->hinted = std::max(chat->hinted, change.value_or(chat->row->change + 1));
  refresh(*chat);
}

// Of a visitor who is here and has none: it was given to somebody who has signed in.
void SiteChat::meet(const base::VisitorId& who) {
  const auto found = site_.visitors.find(who.text());
  if (found != site_.visitors.end()) look_up(*found->second);
}

void SiteChat::look_up(Visitor& visitor) {
  if (visitor.chat && (visitor.chat->row || visitor.chat->opening)) return;
  shard_.store.find_conversation(site_.id(), visitor.id, shard_.post,
                                 answered<std::optional<store::Conversation>>(
                                     ensure(visitor), [](SiteChat& self, VisitorChat* c, auto result) {
                                       if (c == nullptr || c->row || c->opening || !result || !*result) return;
                                       self.adopt(*c->visitor, std::move(**result));
                                       self.show_anew(*c->visitor);
                                     }));
}

void SiteChat::on_typing_hint(const json::Value& hint) {
  if (text_of(hint, "who") != "operator") return;
  VisitorChat* const chat = find(base::ConversationId(text_of(hint, "c")));
  if (chat == nullptr) return;
  const auto state = is_true(hint, "on") ? protocol::TypingState::kOn : protocol::TypingState::kOff;
  send_typing(*chat, state, text_of(hint, "name"));
}

void SiteChat::on_who(const json::Value& hint) {
  const auto found = site_.visitors.find(std::string(text_of(hint, "v")));
  if (found != site_.visitors.end()) touched(*found->second);
}

void SiteChat::publish_change(const store::Conversation& row) {
  std::string body;
  json::Writer w(body);
  w.begin_object().key("c").string(row.id.text()).key("v").string(row.visitor.text());
  w.key("seq").number(static_cast<std::int64_t>(row.last_seq));
  w.key("change").number(static_cast<std::int64_t>(row.change)).end_object();
  shard_.bus.publish(site_.id(), "chat", body);
}

void SiteChat::publish_task(const base::TaskId& id) {
  std::string body;
  json::Writer w(body);
  w.begin_object().key("t").string(id.text()).end_object();
  shard_.bus.publish(site_.id(), "chat", body);
}

void SiteChat::erased(const base::ConversationId& conversation, const base::VisitorId& visitor) {
  std::string body;
  json::Writer w(body);
  w.begin_object().key("c").string(conversation.text()).key("v").string(visitor.text());
  w.key("gone").boolean(true).end_object();
  shard_.bus.publish(site_.id(), "chat", body);
}

}  // namespace beckon::core
