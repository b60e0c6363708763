// Conversations that nobody answers go on, quiet ones end, and where a site assigns by itself waiting ones find
// somebody.
#include <utility>

#include "beckon/rules/journal.hpp"
#include "core/desk/consoles.hpp"
#include "core/desk/desk.hpp"
#include "core/desk/limits.hpp"
#include "core/shard_core.hpp"

namespace beckon::core {

using store::ConversationState;

void OpenConversation::ring(base::Instant due) {
  ShardCore& shard = desk.site().shard;
  shard.now = std::max(shard.now, due);
  desk.conversation_due(*this);
}

// One shard a site, so that slots are counted in one place.
bool Desk::keeps_times() const {
  return rules::shard_of(site_.id().text(), shard_.options.count) == shard_.options.index;
}

// Whose turn it is. An operator who has just been given a conversation has to say something in it, whoever spoke last.
void Desk::follow_turn(OpenConversation& open, const store::Conversation* before) {
  const store::Conversation& row = open.row;
  const bool answered = row.preview_author == store::Author::kOperator && row.last_seq > 0;
  if (row.state != ConversationState::kAssigned) {
    open.turn_since = base::kNever;
  } else if (before == nullptr && !loaded_) {
    // What was before the start counts from the start: their consoles are only coming back.
    open.turn_since = answered ? base::kNever : shard_.now;
  } else if (before == nullptr || before->operator_id != row.operator_id) {
    // Given to somebody and answered by them may be read as one.
    const bool at_once = answered && (before == nullptr || row.last_operator_at > before->last_operator_at);
    open.turn_since = at_once ? base::kNever : row.last_at;  // of the line that says so
  } else if (answered && row.last_operator_at > before->last_operator_at) {
    open.turn_since = base::kNever;
  } else if (!answered && open.turn_since == base::kNever) {
    open.turn_since = std::max(row.last_visitor_at, row.last_operator_at);
  }
  schedule(open);
}

void Desk::schedule(OpenConversation& open) {
  if (!keeps_times() || open.row.state != ConversationState::kAssigned) return shard_.timers.cancel(open);
  const ChatSettings& chat = *site_.settings->chat;
  const base::Instant due =
      open.turn_since != base::kNever ? open.turn_since + chat.answer_within : open.row.last_at + chat.quiet_after;
  shard_.timers.set(open, due);
}

void Desk::conversation_due(OpenConversation& open) {
  if (shard_.stopping || open.changing || open.row.state != ConversationState::kAssigned) return;
  if (open.turn_since != base::kNever) give_away(open);
  else close_quiet(open);
}

void Desk::give_away(OpenConversation& open) {
  const store::Conversation& row = open.row;
  const PresentOperator* const next = least_loaded({row.skill, row.group}, row.operator_id);
  store::ConversationChange change;
  change.skill = row.skill;
  change.group = row.group;
  change.state = next != nullptr ? ConversationState::kAssigned : ConversationState::kWaiting;
  if (next != nullptr) change.operator_id = next->id;
  change.at = open.turn_since;  // the visitor waits since then
  const auto silent = card(row.operator_id);
  this->change(open, std::move(change), line("unanswered", silent ? silent->name : "", "", row.operator_id));
}

void Desk::close_quiet(OpenConversation& open) {
  store::ConversationChange change;
  change.state = ConversationState::kClosed;
  change.skill = open.row.skill;
  change.group = open.row.group;
  change.at = shard_.now;
  this->change(open, std::move(change), line("closed", "", "quiet", {}));
}

void Desk::assign_waiting() {
  if (site_.settings->chat->assign != Assign::kAuto || !loaded_ || !keeps_times()) return;
  const auto waiting = waiting_;
  for (const auto& [since, id] : waiting) {
    OpenConversation& open = *open_.at(id);
    if (open.changing) continue;
    const PresentOperator* const who = least_loaded({open.row.skill, open.row.group}, {});
    if (who == nullptr) continue;
    store::ConversationChange change;
    change.state = ConversationState::kAssigned;
    change.operator_id = who->id;
    change.skill = open.row.skill;
    change.group = open.row.group;
    change.at = shard_.now;
    this->change(open, std::move(change), line("joined", who->name, "", who->id));
  }
}

// Compare-and-set: whoever was quicker is right, and what they did will be read.
void Desk::change(OpenConversation& open, store::ConversationChange change, store::NewMessage line) {
  open.changing = true;
  const std::string promised = change.state == ConversationState::kAssigned ? change.operator_id.text() : "";
  if (!promised.empty()) ++promised_[promised];
  shard_.store.change_conversation(
      site_.id(), open.row.id, open.row.version, std::move(change), std::move(line), shard_.post,
      [this, alive = std::weak_ptr<int>(alive_), id = open.row.id, promised](base::Result<store::Conversation> row) {
        if (alive.expired()) return;
        shard_.enter();
        changed(id, promised, row);
      });
}

void Desk::changed(const base::ConversationId& id, const std::string& promised,
                   const base::Result<store::Conversation>& row) {
  if (!promised.empty() && --promised_[promised] == 0) promised_.erase(promised);
  OpenConversation* const open = find(id);
  if (open != nullptr) open->changing = false;
  if (row) {
    take_in(*row);
    return publish(*row);
  }
  follower_.hint(std::nullopt);
  if (row.error().code == base::ErrorCode::kConflict) return;
  ++shard_.counters.store_errors;
  if (open != nullptr) shard_.timers.set(*open, shard_.now + kReadAgainAfter);
  if (!settle_alarm_.is_set()) shard_.timers.set(settle_alarm_, shard_.now + kReadAgainAfter);
}

}  // namespace beckon::core
