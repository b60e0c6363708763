// What consoles are shown without asking again.
#include <algorithm>
#include <utility>

#include "beckon/json/reader.hpp"
#include "beckon/json/writer.hpp"
#include "core/desk/answered.hpp"
#include "core/desk/limits.hpp"
#include "core/desk/message_page.hpp"
#include "core/shard_core.hpp"

namespace beckon::core {

namespace console = protocol::console;

namespace {

std::int64_t number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

std::int64_t ms_of(base::Instant t) { return std::max<std::int64_t>(0, rules::to_ms(t)); }

// The digest of a visitor, or what is kept of one, as consoles get it: the bus's own members are left out.
std::string visitor_json(std::string_view digest, const base::VisitorId& visitor, bool online) {
  static constexpr std::string_view kShown[] = {"pages", "cart", "facts", "tags", "attrs"};
  std::string out;
  json::Writer w(out);
  w.begin_object().key("id").string(visitor.text()).key("online").boolean(online);
  const json::ParseResult parsed = json::parse(digest);
  if (parsed.document && parsed.document->root().is(json::Type::kObject)) {
    for (const std::string_view name : kShown) {
      const json::Value* const value = parsed.document->root().find(name);
      if (value == nullptr) continue;
      w.key(name).raw(digest.substr(value->begin_offset(), value->end_offset() - value->begin_offset()));
    }
  }
  w.end_object();
  return out;
}

}  // namespace

// --- Rows as consoles see them

std::string Consoles::name_of(const base::OperatorId& id) {
  const store::OperatorRecord* const known = record(id);
  return known == nullptr ? std::string() : known->name;
}

console::ConversationView Consoles::view(const Desk& desk, const Row& row) {
  console::ConversationView view;
  view.site = desk.site().id().text();
  view.id = row.id.text();
  view.visitor = row.visitor.text();
  view.state = store::name_of(row.state);
  if (!row.operator_id.empty()) {
    const store::OperatorRecord* const who = record(row.operator_id);
    view.who = {row.operator_id.text(), who == nullptr ? std::string_view() : std::string_view(who->name)};
  }
  view.skill = row.skill;
  view.group = row.group;
  view.rule = row.rule.text();
  view.last = number(row.last_seq);
  view.version = number(row.version);
  view.created = ms_of(row.created);
  view.waiting_since = ms_of(row.waiting_since);
  view.at = ms_of(row.last_at);
  view.preview = row.preview;
  view.preview_from = store::name_of(row.preview_author);
  view.unread = number(row.operator_unread);
  view.read = number(row.visitor_read);
  view.delivered = number(row.visitor_delivered);
  view.name = row.name;
  view.email = row.email;
  view.language = row.language;
  const OpenConversation* const open = desk.find(row.id);
  view.online = open != nullptr && open->online;
  return view;
}

console::TaskView Consoles::view(const Desk& desk, const store::TaskRow& row) {
  console::TaskView view;
  view.site = desk.site().id().text();
  view.id = row.id.text();
  view.kind = store::name_of(row.kind);
  view.visitor = row.visitor.text();
  view.conversation = row.conversation.text();
  view.rule = row.rule.text();
  view.name = row.name;
  view.phone = row.phone;
  view.email = row.email;
  view.text = row.text;
  view.page = row.page_path;
  view.at = ms_of(row.t);
  view.done = row.state == store::TaskState::kDone;
  const store::OperatorRecord* const by = row.done_by.empty() ? nullptr : record(row.done_by);
  if (by != nullptr) view.by = by->name;
  return view;
}

std::string Consoles::conversation_member(const Desk& desk, const Row& row) {
  std::string member = "\"conversation\":";
  json::Writer w(member);
  console::write_conversation(w, view(desk, row));
  return member;
}

// --- What everybody of the site is shown

void Consoles::tell(const Desk& desk, const SharedFrame& frame) {
  for (const auto& [link, owned] : links_) {
    // Who waits for a welcome sees it there.
    if (link->phase == OperatorLink::Phase::kOpen && link->seat->serves(desk.site().id())) send(*link, frame);
  }
}

void Consoles::conversation_changed(Desk& desk, const Row& row) {
  if (links_.empty()) return;
  auto frame = std::make_shared<std::string>();
  console::encode_conversation(*frame, view(desk, row));
  tell(desk, frame);
  each_watching(desk, row.id.text(), [&](OperatorLink& link, const OperatorLink::Address& address) {
    if (link.watched.at(address).sent < row.last_seq) poke(link, desk, address);
  });
}

void Consoles::conversation_gone(Desk& desk, const base::ConversationId& id) {
  if (links_.empty()) return;
  auto frame = std::make_shared<std::string>();
  console::encode_conversation_gone(*frame, desk.site().id().text(), id.text());
  tell(desk, frame);
  for (const auto& [link, owned] : links_) link->watched.erase({desk.site().id().text(), id.text()});
}

void Consoles::task_changed(Desk& desk, const store::TaskRow& row) {
  if (links_.empty()) return;
  auto frame = std::make_shared<std::string>();
  console::encode_task(*frame, view(desk, row));
  tell(desk, frame);
}

void Consoles::task_gone(Desk& desk, const base::TaskId& id) {
  if (links_.empty()) return;
  auto frame = std::make_shared<std::string>();
  console::encode_task_gone(*frame, desk.site().id().text(), id.text());
  tell(desk, frame);
}

// --- What tabs that look at a conversation are shown

void Consoles::on_watch(OperatorLink& link, Desk& desk, const Frame& frame) {
  const OperatorLink::Address address{frame.site, frame.conversation};
  if (!link.watched.contains(address) && link.watched.size() >= kMaxWatched) {
    return refuse(link, frame.id, "too_many", "at most 32 conversations are watched at a time");
  }
  with_row(link, desk, frame,
           [this, id = frame.id](OperatorLink& l, Desk& d, const Row& row) { first_page(l, d, id, row); });
}

void Consoles::first_page(OperatorLink& link, Desk& desk, std::int64_t id, const Row& row) {
  store::MessageRange range;
  range.limit = protocol::kMaxMessagesPerFrame;
  shard_.store.read_messages(
      desk.site().id(), row.id, range, shard_.post,
      answered<std::vector<store::Message>>(link, desk, [this, id, row](OperatorLink& l, Desk& d, auto messages) {
        if (!messages) return refuse_by(l, id, messages.error());
        const MessagePage page = message_page(*messages, store::MessageRange::From::kNewest);
        const OperatorLink::Address address{d.site().id().text(), row.id.text()};
        if (!l.watched.contains(address) && l.watched.size() >= kMaxWatched) {
          return refuse(l, id, "too_many", "at most 32 conversations are watched at a time");
        }
        ok(l, id, conversation_member(d, row) + ",\"messages\":" + page.json);
        Watch& watch = l.watched[address];
        watch.sent = std::max(watch.sent, page.last);
        poke(l, d, address);
        show_visitor(l, d, row);
      }));
}

void Consoles::show_visitor(OperatorLink& link, Desk& desk, const Row& row) {
  OpenConversation* const open = desk.find(row.id);
  const bool heard = open != nullptr && !open->digest.empty();
  auto frame = std::make_shared<std::string>();
  console::encode_visitor(
      *frame, desk.site().id().text(), row.id.text(),
      visitor_json(heard ? open->digest : row.context, row.visitor, open != nullptr && open->online));
  send(link, std::move(frame));
  if (open != nullptr) desk.ask_for_visitor(*open);
}

void Consoles::visitor_heard(Desk& desk, const OpenConversation& open) {
  SharedFrame frame;
  each_watching(desk, open.row.id.text(), [&](OperatorLink& link, const OperatorLink::Address& address) {
    if (!frame) {
      auto text = std::make_shared<std::string>();
      console::encode_visitor(*text, address.first, address.second,
                              visitor_json(open.digest, open.row.visitor, open.online));
      frame = std::move(text);
    }
    send(link, frame);
  });
}

void Consoles::typing_heard(Desk& desk, const TypingHeard& typing) {
  SharedFrame frame;
  each_watching(desk, typing.conversation.text(), [&](OperatorLink& link, const OperatorLink::Address& address) {
    if (!typing.operator_id.empty() && typing.operator_id == link.seat->record.id) return;
    if (!frame) {
      auto text = std::make_shared<std::string>();
      console::encode_typing(*text, address.first, address.second, typing.who, typing.name, typing.on);
      frame = std::move(text);
    }
    send(link, frame);
  });
}

void Consoles::conversation_hinted(Desk& desk, std::string_view conversation) {
  if (links_.empty()) return;
  each_watching(desk, std::string(conversation),
                [&](OperatorLink& link, const OperatorLink::Address& address) { poke(link, desk, address); });
}

// Something may have been said behind what this tab has.
void Consoles::poke(OperatorLink& link, Desk& desk, const OperatorLink::Address& address) {
  Watch& watch = link.watched.at(address);
  if (std::exchange(watch.reading, true)) {
    watch.again = true;
    return;
  }
  store::MessageRange range;
  range.after = watch.sent;
  range.limit = protocol::kMaxMessagesPerFrame;
  range.order = store::MessageRange::From::kOldest;
  shard_.store.read_messages(
      desk.site().id(), base::ConversationId(address.second), range, shard_.post,
      answered<std::vector<store::Message>>(
          link, desk,
          [this, address](OperatorLink& l, Desk& d, auto messages) { messages_read(l, d, address, messages); },
          Counts::kNothing));
}

void Consoles::messages_read(OperatorLink& link, Desk& desk, const OperatorLink::Address& address,
                             const base::Result<std::vector<store::Message>>& messages) {
  const auto found = link.watched.find(address);
  if (found == link.watched.end()) return;
  Watch& watch = found->second;
  watch.reading = false;
  const bool again = std::exchange(watch.again, false);
  if (!messages) {
    // With the next hint, or when the desk has read that there is more.
    ++shard_.counters.store_errors;
    return;
  }
  std::vector<store::Message> news;
  for (const store::Message& each : *messages) {
    if (each.seq > watch.sent) news.push_back(each);
  }
  const MessagePage page = message_page(news, store::MessageRange::From::kOldest);
  if (page.count > 0) {
    watch.sent = page.last;
    auto frame = std::make_shared<std::string>();
    console::encode_messages(*frame, address.first, address.second, page.json);
    send(link, std::move(frame));
  }
  if (again || page.count < news.size() || messages->size() >= protocol::kMaxMessagesPerFrame) {
    poke(link, desk, address);
  }
}

}  // namespace beckon::core
