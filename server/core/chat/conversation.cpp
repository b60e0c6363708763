// The conversation: opened, changed, read again, lost, given to another visitor.
#include <algorithm>
#include <utility>

#include "base/secret.hpp"
#include "core/chat/answered.hpp"
#include "core/chat/limits.hpp"

namespace beckon::core {

namespace {

constexpr std::size_t kKeyBytes = 16;  // random ones of lines that the server writes

}  // namespace

// --- Something is said

void SiteChat::say(VisitorChat& chat, Saying saying) {
  if (chat.row) return append(chat, std::move(saying));
  chat.waiting.push_back(std::move(saying));
  open_conversation(chat);
}

void SiteChat::open_conversation(VisitorChat& chat) {
  if (std::exchange(chat.opening, true)) return;
  Visitor& visitor = *chat.visitor;
  store::Conversation fresh;
  fresh.id = base::new_conversation_id();
  fresh.visitor = visitor.id;
  fresh.skill = chat.route;
  if (chat.accepted) {
    fresh.rule = chat.accepted->rule;
    fresh.offer = chat.accepted->offer;
  }
  fresh.created = fresh.waiting_since = shard_.now;
  fresh.name = chat.name;
  fresh.email = chat.email;
  fresh.language = visitor.language;
  shard_.store.open_conversation(site_.id(), std::move(fresh), shard_.post,
                                 answered<store::Conversation>(chat, [](SiteChat& self, VisitorChat* c, auto result) {
                                   if (c != nullptr) self.opened(*c, std::move(result));
                                 }));
}

void SiteChat::opened(VisitorChat& chat, base::Result<store::Conversation> result) {
  chat.opening = false;
  std::vector<Saying> waiting = std::exchange(chat.waiting, {});
  const auto then = std::exchange(chat.when_opened, {});
  if (result) {
    if (chat.rehoming) result->visitor = chat.visitor->id;  // it will be
    update(chat, std::move(*result));
    if (chat.rehoming) rehome(chat);
    for (Saying& each : waiting) append(chat, std::move(each));
  } else {
    for (const Saying& each : waiting) finish(each.load, each.frame, result.error(), each.message);
  }
  for (const auto& each : then) each();
}

void SiteChat::append(VisitorChat& chat, Saying saying) {
  const std::optional<AcceptedOffer> accepted = std::exchange(chat.accepted, std::nullopt);
  if (accepted) append_invitation(chat, *accepted);
  keep_news(chat, accepted);
  shard_.store.append(site_.id(), chat.row->id, saying.message, shard_.post,
                      answered<store::Appended>(chat, [saying](SiteChat& self, VisitorChat* c, auto result) mutable {
                        self.appended(c, std::move(saying), std::move(result));
                      }));
}

// Its key is the offer's id: however often it is accepted, it stands there once.
void SiteChat::append_invitation(VisitorChat& chat, const AcceptedOffer& accepted) {
  if (accepted.text.empty()) return;
  store::NewMessage line;
  line.key = accepted.offer.text();
  line.author = store::Author::kInvitation;
  line.name = accepted.name;
  line.body = accepted.text;
  line.at = shard_.now;
  shard_.store.append(site_.id(), chat.row->id, std::move(line), shard_.post,
                      answered<store::Appended>(chat, [](SiteChat& self, VisitorChat*, auto result) {
                        if (result) return;
                        ++self.shard_.counters.store_errors;
                        self.shard_.unwritten_invitation.tell(result.error().message, self.shard_.now);
                      }));
}

void SiteChat::appended(VisitorChat* chat, Saying saying, base::Result<store::Appended> result) {
  if (result) {
    // Told to others whether the visitor is still here or not: it is said.
    if (!result->duplicate) publish_change(result->conversation);
    ++shard_.counters.messages;
    if (chat != nullptr && chat->row && chat->row->id == result->conversation.id) {
      update(*chat, result->conversation);
      read_own(*chat, result->seq);
    }
    return finish(saying.load, saying.frame, {}, saying.message);
  }
  // Erased or purged by somebody else: what is said now begins another one. A file went with it.
  const bool gone = result.error().code == base::ErrorCode::kNotFound &&
                    saying.message.kind == store::MessageKind::kText && !saying.again;
  if (!gone || chat == nullptr) return finish(saying.load, saying.frame, result.error(), saying.message);
  if (chat->row) lose(*chat);
  saying.again = true;
  say(*chat, std::move(saying));
}

// Who answers has read what came before.
void SiteChat::read_own(VisitorChat& chat, std::uint64_t seq) {
  if (chat.row->visitor_unread == 0) return;
  store::Marks marks;
  marks.visitor_read = marks.visitor_delivered = seq;
  shard_.store.mark(site_.id(), chat.row->id, marks);
  chat.publish_when_read = true;
  refresh(chat);
}

void SiteChat::finish(const std::weak_ptr<PageLoad>& load, std::int64_t frame, const base::Status& written,
                      const store::NewMessage& message) {
  const bool no_file = !written && written.error().code == base::ErrorCode::kNotFound &&
                       message.kind == store::MessageKind::kFile;
  if (!no_file) return shard_.finish_frame(load, frame, written);
  shard_.answer_frame(load, frame, {"bad_file", "no such file of this visitor's"});
}

// --- It changes

// What the form and an invitation say goes to a conversation that was there before.
void SiteChat::keep_news(VisitorChat& chat, const std::optional<AcceptedOffer>& accepted) {
  const store::Conversation& row = *chat.row;
  store::ConversationChange change = same_state(row, shard_.now);
  if (!chat.name.empty() && chat.name != row.name) change.name = chat.name;
  if (!chat.email.empty() && chat.email != row.email) change.email = chat.email;
  if (accepted && accepted->offer != row.offer) {
    change.rule = accepted->rule;
    change.offer = accepted->offer;
  }
  // Who has it keeps it; one that begins again goes to whom a rule wants.
  const bool begins_again =
      row.state == store::ConversationState::kClosed && !chat.route.empty() && chat.route != row.skill;
  if (begins_again) {
    change.skill = chat.route;
    change.group.clear();
  }
  if (!change.name && !change.email && !change.offer && !begins_again) return;
  shard_.store.change_conversation(
      site_.id(), row.id, row.version, std::move(change), std::nullopt, shard_.post,
      answered<store::Conversation>(chat, [](SiteChat& self, VisitorChat* c, auto result) {
        // On a conflict: with the next message.
        if (result) self.publish_change(*result);
        if (c != nullptr && result) self.update(*c, std::move(*result));
      }));
}

store::ConversationChange SiteChat::same_state(const store::Conversation& row, base::Instant now) {
  store::ConversationChange change;
  change.state = row.state;
  change.operator_id = row.operator_id;
  change.skill = row.skill;
  change.group = row.group;
  change.at = now;
  return change;
}

void SiteChat::close(VisitorChat& chat, std::weak_ptr<PageLoad> load, std::int64_t frame, int conflicts) {
  if (!chat.is_open()) return shard_.finish_frame(load, frame, {});
  store::ConversationChange change = same_state(*chat.row, shard_.now);
  change.state = store::ConversationState::kClosed;
  change.operator_id = {};
  store::NewMessage line;
  line.key = base::random_text(kKeyBytes);
  line.author = store::Author::kSystem;
  line.kind = store::MessageKind::kEvent;
  line.body = R"({"event":"closed","by":"visitor"})";
  line.at = shard_.now;
  shard_.store.change_conversation(
      site_.id(), chat.row->id, chat.row->version, std::move(change), std::move(line), shard_.post,
      answered<store::Conversation>(
          chat, [load = std::move(load), frame, conflicts](SiteChat& self, VisitorChat* c, auto result) {
            if (result) self.publish_change(*result);
            const bool overtaken = !result && result.error().code == base::ErrorCode::kConflict;
            if (c != nullptr && overtaken && conflicts < kMaxConflicts) {
              return self.close_again(*c, load, frame, conflicts + 1);
            }
            const bool gone = !result && result.error().code == base::ErrorCode::kNotFound;
            self.shard_.finish_frame(load, frame, result || gone ? base::Status() : base::Status(result.error()));
            if (c != nullptr && result) self.update(*c, std::move(*result));
            if (c != nullptr && gone) self.lose(*c);
          }));
}

// Somebody else changed it first: once more, from what it is now.
void SiteChat::close_again(VisitorChat& chat, std::weak_ptr<PageLoad> load, std::int64_t frame, int conflicts) {
  if (!chat.row) return shard_.finish_frame(load, frame, {});
  shard_.store.load_conversation(
      site_.id(), chat.row->id, shard_.post,
      answered<std::optional<store::Conversation>>(
          chat, [load = std::move(load), frame, conflicts](SiteChat& self, VisitorChat* c, auto result) {
            if (c == nullptr || !result) {
              return self.shard_.finish_frame(load, frame, result ? base::Status() : base::Status(result.error()));
            }
            if (*result) self.update(*c, std::move(**result));
            else self.lose(*c);
            self.close(*c, load, frame, conflicts);
          }));
}

// --- What the store says

void SiteChat::adopt(Visitor& visitor, store::Conversation found) {
  VisitorChat& chat = ensure(visitor);
  chat.has_token = true;
  chat.tail = found.last_seq;
  if (visitor.keep == Keep::kStored && !visitor.trail && !found.context.empty()) {
    visitor.trail = std::make_unique<PageTrail>();
    visitor.trail->restore(found.context);
  }
  update(chat, std::move(found));
}

void SiteChat::update(VisitorChat& chat, store::Conversation row) {
  // An answer that others have overtaken.
  if (chat.row && (row.change < chat.row->change || row.id != chat.row->id)) return;
  if (row.visitor != chat.visitor->id && !chat.rehoming) return lose(chat);
  row.context.clear();
  const bool was_open = chat.is_open();
  if (!chat.row) conversations_[row.id.text()] = &chat;
  chat.row = std::move(row);
  tell_rules(chat);
  catch_up(chat);
  push(chat);
  schedule_heal(chat);
  if (!was_open) touched(*chat.visitor);
}

void SiteChat::refresh(VisitorChat& chat) {
  if (!chat.row) return;
  if (chat.reading_row) {
    chat.read_row_again = true;
    return;
  }
  chat.reading_row = true;
  shard_.store.load_conversation(
      site_.id(), chat.row->id, shard_.post,
      answered<std::optional<store::Conversation>>(
          chat, [id = chat.row->id](SiteChat& self, VisitorChat* c, auto result) {
            if (c == nullptr) return;
            c->reading_row = false;
            if (!result) ++self.shard_.counters.store_errors;
            else if (!c->row || c->row->id != id) return;
            else if (!*result) return self.lose(*c);
            else self.update(*c, std::move(**result));
            if (std::exchange(c->read_row_again, false)) return self.refresh(*c);
            if (!c->row) return;
            if (std::exchange(c->publish_when_read, false)) self.publish_change(*c->row);
            if (c->hinted > c->row->change) self.heal_within(*c, kHealSoon);
            c->hinted = 0;
          }));
}

void SiteChat::heal(VisitorChat& chat) {
  if (chat.rehoming) rehome(chat);
  else refresh(chat);
  schedule_heal(chat);
}

void SiteChat::schedule_heal(VisitorChat& chat) {
  if (!chat.row || !chat.visitor->online()) return shard_.timers.cancel(chat.heal);
  heal_within(chat, chat.is_open() || chat.rehoming ? kHealOpen : kHealClosed);
}

void SiteChat::heal_within(VisitorChat& chat, std::chrono::milliseconds wait) {
  const base::Instant due = shard_.now + wait;
  if (!chat.heal.is_set() || chat.heal.due() > due) shard_.timers.set(chat.heal, due);
}

// Erased, purged, or another visitor's by now.
void SiteChat::lose(VisitorChat& chat) {
  if (!chat.row) return;
  conversations_.erase(chat.row->id.text());
  chat.row.reset();
  chat.tail = 0;
  chat.rehoming = chat.read_row_again = chat.publish_when_read = false;
  chat.digest.kept.clear();
  shard_.timers.cancel(chat.heal);
  for (const auto& load : chat.visitor->loads) {
    if (load->link != nullptr) load->link->chat.sent = 0;
  }
  tell_rules(chat);
  push(chat);
}

// What the rules hold for true follows the conversation, whoever changed it and however late that is heard.
void SiteChat::tell_rules(VisitorChat& chat) {
  Visitor& visitor = *chat.visitor;
  if (visitor.keep == Keep::kNothing || visitor.state.chat_active() == chat.is_open()) return;
  const std::string tab = visitor.loads.empty() ? "0" : visitor.loads.back()->tab;
  rules::Event event;
  event.type = rules::EventType::kChat;
  event.tab = tab;
  event.on = chat.is_open();
  shard_.apply(visitor, event);
}

// --- Whose it is

void SiteChat::move(Visitor& old, Visitor& fresh) {
  if (!old.chat) return;
  fresh.chat = std::move(old.chat);
  VisitorChat& chat = *fresh.chat;
  chat.visitor = &fresh;
  if (chat.opening) chat.rehoming = true;
  if (chat.row) rehome(chat);
}

void SiteChat::rehome(VisitorChat& chat) {
  chat.rehoming = true;
  shard_.store.rehome(site_.id(), chat.row->id, chat.visitor->id, shard_.post,
                      answered<store::Conversation>(chat, [](SiteChat& self, VisitorChat* c, auto result) {
                        if (result) self.publish_change(*result);
                        if (c == nullptr || !c->row) return;
                        if (result) {
                          c->rehoming = false;
                          return self.update(*c, std::move(*result));
                        }
                        ++self.shard_.counters.store_errors;
                        const base::ErrorCode why = result.error().code;
                        if (why == base::ErrorCode::kNotFound || why == base::ErrorCode::kConflict) self.lose(*c);
                      }));
}

void SiteChat::hand_over(Visitor& visitor, const base::VisitorId& to, std::function<void()> done) {
  VisitorChat* const chat = visitor.chat.get();
  if (chat == nullptr || (!chat->row && !chat->opening)) return done();
  if (!chat->row) {
    chat->when_opened.push_back([this, serial = chat->serial, to, done = std::move(done)] {
      VisitorChat* const still = find(serial);
      if (still == nullptr) return done();
      hand_over(*still->visitor, to, done);
    });
    return;
  }
  shard_.store.rehome(site_.id(), chat->row->id, to, shard_.post,
                      answered<store::Conversation>(
                          *chat, [done = std::move(done)](SiteChat& self, VisitorChat* c, auto result) {
                            if (result) self.publish_change(*result);
                            if (c != nullptr && result) self.lose(*c);
                            done();
                          }));
}

}  // namespace beckon::core
