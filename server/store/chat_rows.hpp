// The chat rows of one site as the rules of chat (chat_rules.hpp) see them, within one transaction: what a kind of
// store has to provide, and no more.
//
// Thread safety: none; within one transaction of one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "store/chat_records.hpp"
#include "store/records.hpp"

namespace beckon::store {

class ChatRows {
 public:
  virtual ~ChatRows() = default;

  // Adds one to the site's counter of chat changes, and gives it.
  [[nodiscard]] virtual std::uint64_t next_change() = 0;

  // Without their context.
  [[nodiscard]] virtual std::optional<Conversation> find(const base::ConversationId& id) = 0;
  [[nodiscard]] virtual std::optional<Conversation> find(const base::VisitorId& visitor) = 0;
  // With its context. The visitor has none yet. False: a conversation (of whatever site) has that id.
  [[nodiscard]] virtual bool insert(const Conversation& conversation) = 0;
  // All but id, visitor, created, context.
  virtual void update(const Conversation& conversation) = 0;
  // The conversation, its files and tasks become this visitor's, who has no conversation yet.
  virtual void give(const Conversation& conversation, const base::VisitorId& to) = 0;
  virtual void save_context(const base::ConversationId& id, std::string_view context) = 0;

  // The line that this kind of author said with that key.
  struct Said {
    std::uint64_t seq = 0;
    Instant at{};
  };
  [[nodiscard]] virtual std::optional<Said> said(const Conversation& in, Author author, std::string_view key) = 0;
  virtual void insert(const Conversation& in, const Message& message) = 0;
  // Texts and files of that kind of author behind `after`.
  [[nodiscard]] virtual std::uint32_t count(const Conversation& in, Author author, std::uint64_t after) = 0;

  [[nodiscard]] virtual std::optional<TaskRow> find(const base::TaskId& id) = 0;
  [[nodiscard]] virtual bool has_task(const base::VisitorId& visitor, std::string_view key) = 0;
  // False: a task has that id.
  [[nodiscard]] virtual bool insert(const TaskRow& task) = 0;
  virtual void update(const TaskRow& task) = 0;   // state, done_by, done_at, change

  [[nodiscard]] virtual std::optional<FileRecord> find(const base::FileId& id) = 0;   // of this site
  // False: a file has that id.
  [[nodiscard]] virtual bool insert(const FileRecord& file) = 0;
  virtual void attach(const base::FileId& file, const base::ConversationId& conversation) = 0;
};

}  // namespace beckon::store
