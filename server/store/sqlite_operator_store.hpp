// The operator and session calls of SQLite's store.
#pragma once

#include "store/sqlite_chat_store.hpp"

namespace beckon::store {

class SqliteOperatorStore : public SqliteChatStore {
 public:
  void save_operator(OperatorRecord record, std::uint64_t expected_version, LastAdmin last_admin,
                     const Poster& post, Callback<OperatorRecord> done) override;
  void operators(const Poster& post, Callback<std::vector<OperatorRecord>> done) override;
  void add_session(SessionRecord session, const Poster& post, Callback<void> done) override;
  void find_session(const base::TokenHash& hash, const Poster& post,
                    Callback<std::optional<SessionRecord>> done) override;
  void prolong_session(const base::TokenHash& hash, Instant expires) override;
  void end_session(const base::TokenHash& hash, const Poster& post, Callback<void> done) override;
  void end_sessions(const base::OperatorId& who, std::optional<base::TokenHash> but, const Poster& post,
                    Callback<void> done) override;

 protected:
  using SqliteChatStore::SqliteChatStore;
};

}  // namespace beckon::store
