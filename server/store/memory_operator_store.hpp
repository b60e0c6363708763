// The operator and session calls of the store in memory.
#pragma once

#include "store/memory_chat_store.hpp"
#include "store/operator_rules.hpp"

namespace beckon::store {

class MemoryOperatorStore : public MemoryChatStore {
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

 private:
  class Rows final : public OperatorRows {
   public:
    std::optional<OperatorRecord> find(const base::OperatorId& id) override;
    std::optional<base::OperatorId> find_login(std::string_view login) override;
    std::uint64_t count() override { return records.size(); }
    std::uint64_t count_admins() override;
    void put(const OperatorRecord& record) override { records[record.id] = record; }
    std::map<base::OperatorId, OperatorRecord> records;
  };
  std::vector<SessionRecord>::iterator session_of(const base::TokenHash& hash);

  // Guarded by mutex_.
  Rows rows_;
  std::vector<SessionRecord> sessions_;   // in the order of their last add
};

}  // namespace beckon::store
