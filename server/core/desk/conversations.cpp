// What operators do with conversations. Who may is decided by the row as the store has it; that nothing came between is
// seen to by the version that a change names.
#include <algorithm>
#include <utility>

#include "beckon/json/writer.hpp"
#include "core/desk/answered.hpp"
#include "core/desk/limits.hpp"
#include "core/shard_core.hpp"

namespace beckon::core {

namespace console = protocol::console;
using store::ConversationState;

void Consoles::with_row(OperatorLink& link, Desk& desk, const Frame& frame,
                        std::function<void(OperatorLink&, Desk&, const Row&)> then) {
  shard_.store.load_conversation(
      desk.site().id(), base::ConversationId(frame.conversation), shard_.post,
      answered<std::optional<Row>>(link, desk,
                                   [this, id = frame.id, then = std::move(then)](OperatorLink& l, Desk& d, auto row) {
                                     if (!row) return refuse_by(l, id, row.error());
                                     if (!*row || (*row)->last_seq == 0) {
                                       return refuse(l, id, "no_conversation", "no such conversation");
                                     }
                                     then(l, d, **row);
                                   }));
}

bool Consoles::anybody_serves(const base::SiteId& site, const Wish& wish) const {
  return std::any_of(operators_.begin(), operators_.end(), [&](const auto& each) {
    const store::OperatorRecord& record = each.second;
    const bool serves =
        record.sites.empty() || std::find(record.sites.begin(), record.sites.end(), site) != record.sites.end();
    return serves && !record.disabled && fits(record.skills, record.groups, wish);
  });
}

bool Consoles::is_mine(const OperatorLink& link, const Row& row) {
  return row.state == ConversationState::kAssigned && row.operator_id == link.seat->record.id;
}

bool Consoles::is_others(const OperatorLink& link, const Row& row) {
  return row.state == ConversationState::kAssigned && row.operator_id != link.seat->record.id;
}

void Consoles::conflict(OperatorLink& link, Desk& desk, std::int64_t id, const Row& row) {
  ++shard_.counters.refused_requests;
  const console::ConversationView now = view(desk, row);
  const std::string who = is_others(link, row) ? name_of(row.operator_id) : "";
  auto text = std::make_shared<std::string>();
  console::encode_error(*text, {id, "conflict", "somebody else was quicker", who, &now});
  send(link, std::move(text));
}

void Consoles::refuse_conflict(OperatorLink& link, Desk& desk, const Frame& frame) {
  with_row(link, desk, frame, [this, id = frame.id](OperatorLink& l, Desk& d, const Row& row) {
    d.take_in(row);
    conflict(l, d, id, row);
  });
}

void Consoles::change(OperatorLink& link, Desk& desk, const Frame& frame, store::ConversationChange change,
                      store::NewMessage line) {
  shard_.store.change_conversation(
      desk.site().id(), base::ConversationId(frame.conversation), static_cast<std::uint64_t>(frame.version),
      std::move(change), std::move(line), shard_.post,
      told<Row>(desk, answered<Row>(link, desk, [this, frame](OperatorLink& l, Desk& d, auto row) {
                  if (!row && row.error().code == base::ErrorCode::kConflict) return refuse_conflict(l, d, frame);
                  if (!row) return refuse_by(l, frame.id, row.error());
                  ok(l, frame.id, conversation_member(d, *row));
                })));
}

store::ConversationChange Consoles::changed_to(const Row& row, ConversationState state, base::OperatorId who) const {
  store::ConversationChange change;
  change.state = state;
  change.operator_id = std::move(who);
  change.skill = row.skill;
  change.group = row.group;
  change.at = shard_.now;
  return change;
}

// --- take

void Consoles::on_take(OperatorLink& link, Desk& desk, const Frame& frame) {
  with_row(link, desk, frame, [this, frame](OperatorLink& l, Desk& d, const Row& row) {
    if (is_mine(l, row)) return ok(l, frame.id, conversation_member(d, row));
    if (is_others(l, row) || row.version != static_cast<std::uint64_t>(frame.version)) {
      return conflict(l, d, frame.id, row);
    }
    const store::OperatorRecord& me = l.seat->record;
    change(l, d, frame, changed_to(row, ConversationState::kAssigned, me.id), d.line("joined", me.name, "", me.id));
  });
}

// --- say

void Consoles::on_say(OperatorLink& link, Desk& desk, const Frame& frame) {
  if (frame.text.size() > console::kMaxMessageBytes) {
    return refuse(link, frame.id, "too_long", "a message is at most 8,192 bytes");
  }
  if (!link.seat->says.take(1, kOperatorMessagesPerSecond, kOperatorMessagesBurst, shard_.now)) {
    ++shard_.counters.throttled;
    return refuse(link, frame.id, "too_many", "more messages than allowed: send it again in some seconds");
  }
  say(link, desk, frame, MayTake::kYes);
}

void Consoles::say(OperatorLink& link, Desk& desk, const Frame& frame, MayTake may_take) {
  store::NewMessage message;
  message.key = frame.key;
  message.author = store::Author::kOperator;
  message.operator_id = link.seat->record.id;
  message.name = link.seat->record.name;
  message.at = shard_.now;
  if (frame.file.empty()) {
    message.body = frame.text;
  } else {
    message.kind = store::MessageKind::kFile;
    message.file = base::FileId(frame.file);
  }
  shard_.store.append(
      desk.site().id(), base::ConversationId(frame.conversation), std::move(message), shard_.post,
      told<store::Appended>(
          desk, answered<store::Appended>(link, desk, [this, frame, may_take](OperatorLink& l, Desk& d, auto appended) {
            if (appended) return said(l, d, frame, *appended);
            const base::ErrorCode code = appended.error().code;
            if (code == base::ErrorCode::kConflict) return say_refused(l, d, frame, may_take);
            if (code == base::ErrorCode::kNotFound && !frame.file.empty()) return no_file_or_conversation(l, d, frame);
            refuse_by(l, frame.id, appended.error());
          })));
}

void Consoles::said(OperatorLink& link, Desk& desk, const Frame& frame, const store::Appended& appended) {
  ok(link, frame.id,
     "\"seq\":" + std::to_string(appended.seq) + ",\"at\":" + std::to_string(rules::to_ms(appended.at)));
  // Who answers has read what came before.
  if (appended.conversation.operator_unread > 0) mark_read(desk, appended.conversation.id, appended.seq);
}

// It is not this operator's: a waiting one is taken first.
void Consoles::say_refused(OperatorLink& link, Desk& desk, const Frame& frame, MayTake may_take) {
  with_row(link, desk, frame, [this, frame, may_take](OperatorLink& l, Desk& d, const Row& row) {
    d.take_in(row);
    if (row.state == ConversationState::kClosed) {
      return refuse(l, frame.id, "closed", "the conversation is closed: take it first");
    }
    if (is_others(l, row) || may_take == MayTake::kNo) {
      return refuse(l, frame.id, "not_yours", "another operator has this conversation");
    }
    if (is_mine(l, row)) return say(l, d, frame, MayTake::kNo);
    const store::OperatorRecord& me = l.seat->record;
    shard_.store.change_conversation(
        d.site().id(), row.id, row.version, changed_to(row, ConversationState::kAssigned, me.id),
        d.line("joined", me.name, "", me.id), shard_.post,
        told<Row>(d, answered<Row>(l, d, [this, frame](OperatorLink& taker, Desk& at, auto taken) {
                    const bool overtaken = !taken && taken.error().code == base::ErrorCode::kConflict;
                    if (!taken && !overtaken) return refuse_by(taker, frame.id, taken.error());
                    say(taker, at, frame, MayTake::kNo);
                  })));
  });
}

void Consoles::no_file_or_conversation(OperatorLink& link, Desk& desk, const Frame& frame) {
  with_row(link, desk, frame, [this, id = frame.id](OperatorLink& l, Desk&, const Row&) {
    refuse(l, id, "bad_file", "no such file of this operator's");
  });
}

// --- close and transfer

void Consoles::on_close(OperatorLink& link, Desk& desk, const Frame& frame) {
  with_row(link, desk, frame, [this, frame](OperatorLink& l, Desk& d, const Row& row) {
    if (row.version != static_cast<std::uint64_t>(frame.version)) return conflict(l, d, frame.id, row);
    if (row.state == ConversationState::kClosed) return ok(l, frame.id, conversation_member(d, row));
    if (is_others(l, row)) return refuse(l, frame.id, "not_yours", "another operator has this conversation");
    const store::OperatorRecord& me = l.seat->record;
    change(l, d, frame, changed_to(row, ConversationState::kClosed, {}), d.line("closed", "", me.name, me.id));
  });
}

void Consoles::on_transfer(OperatorLink& link, Desk& desk, const Frame& frame) {
  with_row(link, desk, frame, [this, frame](OperatorLink& l, Desk& d, const Row& row) {
    if (row.version != static_cast<std::uint64_t>(frame.version)) return conflict(l, d, frame.id, row);
    if (row.state == ConversationState::kClosed) return refuse(l, frame.id, "closed", "the conversation is closed");
    if (is_others(l, row)) return refuse(l, frame.id, "not_yours", "another operator has this conversation");
    transfer(l, d, frame, row);
  });
}

void Consoles::transfer(OperatorLink& link, Desk& desk, const Frame& frame, const Row& row) {
  const store::OperatorRecord& me = link.seat->record;
  const std::string& name = frame.to.name;
  if (frame.to.kind == console::Target::Kind::kOperator) {
    const PresentOperator* const to = desk.board().find(base::OperatorId(name));
    if (to == nullptr || to->id == row.operator_id || desk.free_slots(*to) == 0) {
      return refuse(link, frame.id, "bad_target", "no such operator here who is online and free");
    }
    return change(link, desk, frame, changed_to(row, ConversationState::kAssigned, to->id),
                  desk.line("transferred", to->name, me.name, me.id));
  }
  store::ConversationChange change = changed_to(row, ConversationState::kWaiting, {});
  const bool group = frame.to.kind == console::Target::Kind::kGroup;
  change.group = group ? name : "";
  change.skill = group ? "" : name;
  if (!anybody_serves(desk.site().id(), {change.skill, change.group})) {
    return refuse(link, frame.id, "bad_target",
                  group ? "no operator of this site is in that group" : "no operator of this site has that skill");
  }
  this->change(link, desk, frame, std::move(change), desk.line("transferred", name, me.name, me.id));
}

}  // namespace beckon::core
