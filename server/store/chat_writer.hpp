// The chat rows in SQLite, on the one connection that writes.
//
// Thread safety: none; it belongs to the store's writing thread.
#pragma once

#include <string>
#include <vector>

#include "store/chat_rows.hpp"
#include "store/sqlite.hpp"

namespace beckon::store {

class ChatWriter final : public ChatRows {
 public:
  explicit ChatWriter(Database& db);

  // The site whose rows the next calls are about.
  ChatWriter& of(std::int64_t site);
  // Rows written since the last call.
  [[nodiscard]] std::uint64_t take_rows() { return std::exchange(rows_, 0); }

  std::uint64_t next_change() override;
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

 private:
  std::optional<Conversation> found(Statement& query);
  // Of a conversation that was found, or inserted, before.
  [[nodiscard]] std::int64_t number_of(const base::ConversationId& id);

  Database& db_;
  std::int64_t site_ = 0;
  base::ConversationId last_;        // found or inserted last
  std::int64_t last_number_ = 0;
  std::uint64_t rows_ = 0;
  Statement change_, by_id_, by_visitor_, number_, add_, update_, give_, give_files_, give_tasks_, context_;
  Statement said_, say_, count_;
  Statement task_, has_task_, add_task_, update_task_, file_, add_file_, attach_;
};

}  // namespace beckon::store
