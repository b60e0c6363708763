#include "core/desk/follower.hpp"

#include <algorithm>
#include <utility>

#include "core/desk/limits.hpp"
#include "core/shard_core.hpp"
#include "store/limits.hpp"

namespace beckon::core {

Follower::Follower(ShardCore& shard, base::SiteId site, FollowerListener& listener)
    : shard_(shard), site_(std::move(site)), listener_(listener) {}

void Follower::start(base::Instant at) { wake(at); }

void Follower::want_tasks() {
  if (std::exchange(wants_tasks_, true)) return;
  hint(std::nullopt);
}

void Follower::hint(std::optional<std::uint64_t> change) {
  const std::uint64_t known = wants_tasks_ ? std::min(conversations_.after, tasks_.after) : conversations_.after;
  if (change && conversations_.opened && *change <= known) return;
  if (reading_) again_ = true;
  else wake(std::max(shard_.now, began_ + kFollowEvery));
}

void Follower::heal() {
  if (!reading_) wake(shard_.now + kHealEvery);
}

void Follower::wake(base::Instant at) {
  if (!is_set() || due() > at) shard_.timers.set(*this, at);
}

void Follower::ring(base::Instant due) {
  shard_.now = std::max(shard_.now, due);
  begin();
}

void Follower::begin() {
  if (shard_.stopping) return;
  reading_ = true;
  again_ = false;
  began_ = shard_.now;
  read_conversations();
}

template <class Page, class Then>
auto Follower::answered(Then then) {
  return [this, alive = std::weak_ptr<int>(alive_), then](base::Result<Page> page) {
    if (alive.expired()) return;
    shard_.enter();
    if (page) return then(*page);
    ++shard_.counters.store_errors;
    failed();
  };
}

bool Follower::advance(Cursor& cursor, std::uint64_t page_change, std::size_t rows, std::size_t limit,
                       std::uint64_t last) {
  if (!cursor.opened && !cursor.began) cursor.began = page_change;
  if (rows >= limit) {
    cursor.after = last;
    return true;
  }
  // What was open while the pages were read may have ended meanwhile: changes are read from where the pages began.
  const bool first = !std::exchange(cursor.opened, true);
  cursor.after = first ? *cursor.began : page_change;
  return first && cursor.after < page_change;
}

void Follower::read_conversations() {
  store::ConversationQuery query;
  query.which =
      conversations_.opened ? store::ConversationQuery::Which::kChanged : store::ConversationQuery::Which::kOpen;
  query.after = conversations_.after;
  query.limit = store::kMaxConversationsPage;
  shard_.store.conversations(
      site_, query, shard_.post, answered<store::ConversationPage>([this](const auto& page) {
        for (const store::Conversation& row : page.rows) listener_.conversation_read(row);
        for (const base::ConversationId& id : page.gone) listener_.conversation_gone(id);
        const std::uint64_t last = page.rows.empty() ? 0 : page.rows.back().change;
        if (advance(conversations_, page.change, page.rows.size(), store::kMaxConversationsPage, last)) {
          return read_conversations();
        }
        if (wants_tasks_) read_tasks();
        else finish();
      }));
}

void Follower::read_tasks() {
  store::TaskQuery query;
  query.which = tasks_.opened ? store::TaskQuery::Which::kChanged : store::TaskQuery::Which::kOpen;
  query.after = tasks_.after;
  query.limit = store::kMaxTasksPage;
  shard_.store.tasks(site_, query, shard_.post, answered<store::TaskPage>([this](const auto& page) {
                       for (const store::TaskRow& row : page.rows) listener_.task_read(row);
                       for (const base::TaskId& id : page.gone) listener_.task_gone(id);
                       const std::uint64_t last = page.rows.empty() ? 0 : page.rows.back().change;
                       if (advance(tasks_, page.change, page.rows.size(), store::kMaxTasksPage, last)) {
                         return read_tasks();
                       }
                       finish();
                     }));
}

void Follower::failed() {
  reading_ = false;
  wake(shard_.now + kReadAgainAfter);
}

void Follower::finish() {
  reading_ = false;
  const bool heals = listener_.caught_up() == FollowerListener::Heal::kYes;
  if (again_) return wake(std::max(shard_.now, began_ + kFollowEvery));
  if (heals) heal();
}

}  // namespace beckon::core
