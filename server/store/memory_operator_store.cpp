#include "store/memory_operator_store.hpp"

#include <algorithm>

#include "store/limits.hpp"

namespace beckon::store {

void MemoryOperatorStore::save_operator(OperatorRecord record, std::uint64_t expected_version, LastAdmin last_admin,
                                        const Poster& post, Callback<OperatorRecord> done) {
  if (base::Status fits = check(record); !fits) return answer<OperatorRecord>(post, std::move(done), fits.error());
  std::unique_lock lock(mutex_);
  auto saved = store::save_operator(rows_, std::move(record), expected_version, last_admin);
  lock.unlock();
  answer<OperatorRecord>(post, std::move(done), std::move(saved));
}

void MemoryOperatorStore::operators(const Poster& post, Callback<std::vector<OperatorRecord>> done) {
  std::vector<OperatorRecord> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, record] : rows_.records) all.push_back(record);
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.login < b.login; });
  answer<std::vector<OperatorRecord>>(post, std::move(done), std::move(all));
}

void MemoryOperatorStore::add_session(SessionRecord session, const Poster& post, Callback<void> done) {
  base::Status added;
  {
    const std::lock_guard lock(mutex_);
    if (!rows_.find(session.operator_id)) {
      added = base::Error{base::ErrorCode::kNotFound, "no such operator"};
    } else {
      std::erase_if(sessions_, [&](const SessionRecord& other) {
        return other.hash == session.hash || other.expires <= session.created;
      });
      const auto own = [&](const SessionRecord& other) { return other.operator_id == session.operator_id; };
      if (std::count_if(sessions_.begin(), sessions_.end(), own) >=
          static_cast<std::ptrdiff_t>(kMaxSessionsPerOperator)) {
        sessions_.erase(std::find_if(sessions_.begin(), sessions_.end(), own));
      }
      sessions_.push_back(std::move(session));
    }
  }
  answer<void>(post, std::move(done), std::move(added));
}

void MemoryOperatorStore::find_session(const base::TokenHash& hash, const Poster& post,
                                       Callback<std::optional<SessionRecord>> done) {
  std::optional<SessionRecord> found;
  {
    const std::lock_guard lock(mutex_);
    if (const auto at = session_of(hash); at != sessions_.end()) found = *at;
  }
  answer<std::optional<SessionRecord>>(post, std::move(done), std::move(found));
}

void MemoryOperatorStore::prolong_session(const base::TokenHash& hash, Instant expires) {
  const std::lock_guard lock(mutex_);
  if (const auto at = session_of(hash); at != sessions_.end()) at->expires = std::max(at->expires, expires);
}

void MemoryOperatorStore::end_session(const base::TokenHash& hash, const Poster& post, Callback<void> done) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto at = session_of(hash); at != sessions_.end()) sessions_.erase(at);
  }
  answer<void>(post, std::move(done), base::Status());
}

void MemoryOperatorStore::end_sessions(const base::OperatorId& who, std::optional<base::TokenHash> but,
                                       const Poster& post, Callback<void> done) {
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(sessions_, [&](const SessionRecord& each) {
      return each.operator_id == who && !(but && each.hash == *but);
    });
  }
  answer<void>(post, std::move(done), base::Status());
}

std::vector<SessionRecord>::iterator MemoryOperatorStore::session_of(const base::TokenHash& hash) {
  return std::find_if(sessions_.begin(), sessions_.end(), [&](const auto& each) { return each.hash == hash; });
}

std::optional<OperatorRecord> MemoryOperatorStore::Rows::find(const base::OperatorId& id) {
  const auto at = records.find(id);
  return at == records.end() ? std::nullopt : std::optional(at->second);
}

std::uint64_t MemoryOperatorStore::Rows::count_admins() {
  return static_cast<std::uint64_t>(std::count_if(
      records.begin(), records.end(), [](const auto& each) { return is_active_admin(each.second); }));
}

std::optional<base::OperatorId> MemoryOperatorStore::Rows::find_login(std::string_view login) {
  for (const auto& [id, record] : records) {
    if (record.login == login) return id;
  }
  return std::nullopt;
}

}  // namespace beckon::store
