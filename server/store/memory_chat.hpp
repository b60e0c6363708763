// The chat of one site in memory.
//
// Thread safety: none; MemoryStore locks.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "store/chat_rows.hpp"
#include "store/row_text.hpp"

namespace beckon::store {

class MemoryChat final : public ChatRows {
 public:
  // --- ChatRows ---
  std::uint64_t next_change() override { return ++change_; }
  std::optional<Conversation> find(const base::ConversationId& id) override;
  std::optional<Conversation> find(const base::VisitorId& visitor) override;
  bool insert(const Conversation& conversation) override;
  void update(const Conversation& conversation) override;
  void give(const Conversation& conversation, const base::VisitorId& to) override;
  void save_context(const base::ConversationId& id, std::string_view context) override;
  std::optional<Said> said(const Conversation& in, Author author, std::string_view key) override;
  void insert(const Conversation& in, const Message& message) override;
  std::uint32_t count(const Conversation& in, Author author, std::uint64_t after) override;
  std::optional<TaskRow> find(const base::TaskId& id) override;
  bool has_task(const base::VisitorId& visitor, std::string_view key) override;
  bool insert(const TaskRow& task) override;
  void update(const TaskRow& task) override;
  std::optional<FileRecord> find(const base::FileId& id) override;
  bool insert(const FileRecord& file) override;
  void attach(const base::FileId& file, const base::ConversationId& conversation) override;

  // --- Reading ---
  [[nodiscard]] std::optional<Conversation> load(const base::ConversationId& id) const;   // with context
  [[nodiscard]] std::vector<Message> messages(const base::ConversationId& id, const MessageRange& range) const;
  [[nodiscard]] ConversationPage conversations(const ConversationQuery& query) const;
  [[nodiscard]] TaskPage tasks(const TaskQuery& query) const;
  void keep_content(const base::FileId& file, std::string content) { contents_[file] = std::move(content); }
  [[nodiscard]] std::string content(const base::FileId& file) const;
  void write(ExportWriter& out, const base::VisitorId& visitor) const;

  // --- Going: the number of rows ---
  std::uint64_t erase(const base::VisitorId& visitor);
  std::uint64_t purge(Instant before, Instant unsaid_before);

 private:
  struct Kept {
    Conversation row;
    std::vector<Message> messages;
  };
  std::uint64_t remove(const base::ConversationId& id);
  template <class Goes>
  std::uint64_t remove_files(Goes goes);
  template <class Goes>
  std::uint64_t remove_tasks(Goes goes);
  template <class Id>
  struct Gone {
    std::uint64_t change = 0;
    Id id;
  };
  template <class Id>
  void tell_gone(std::deque<Gone<Id>>& gone, const Id& id);

  std::uint64_t change_ = 0;
  std::map<base::ConversationId, Kept> conversations_;
  std::map<base::VisitorId, base::ConversationId> of_visitor_;
  std::map<base::TaskId, TaskRow> tasks_;
  std::map<base::FileId, FileRecord> files_;
  std::map<base::FileId, std::string> contents_;
  std::deque<Gone<base::ConversationId>> gone_conversations_;
  std::deque<Gone<base::TaskId>> gone_tasks_;
};

}  // namespace beckon::store
