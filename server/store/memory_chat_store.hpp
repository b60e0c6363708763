// The chat calls of the store in memory.
#pragma once

#include "store/memory_base.hpp"

namespace beckon::store {

class MemoryChatStore : public MemoryBase {
 public:
  void open_conversation(const base::SiteId& site, Conversation fresh, const Poster& post,
                         Callback<Conversation> done) override;
  void append(const base::SiteId& site, const base::ConversationId& conversation, NewMessage message,
              const Poster& post, Callback<Appended> done) override;
  void change_conversation(const base::SiteId& site, const base::ConversationId& conversation,
                           std::uint64_t expected_version, ConversationChange change, std::optional<NewMessage> line,
                           const Poster& post, Callback<Conversation> done) override;
  void rehome(const base::SiteId& site, const base::ConversationId& conversation, const base::VisitorId& to,
              const Poster& post, Callback<Conversation> done) override;
  void mark(const base::SiteId& site, const base::ConversationId& conversation, const Marks& marks) override;
  void save_context(const base::SiteId& site, const base::ConversationId& conversation, std::string context) override;
  void load_conversation(const base::SiteId& site, const base::ConversationId& conversation, const Poster& post,
                         Callback<std::optional<Conversation>> done) override;
  void find_conversation(const base::SiteId& site, const base::VisitorId& visitor, const Poster& post,
                         Callback<std::optional<Conversation>> done) override;
  void read_messages(const base::SiteId& site, const base::ConversationId& conversation, const MessageRange& range,
                     const Poster& post, Callback<std::vector<Message>> done) override;
  void conversations(const base::SiteId& site, const ConversationQuery& query, const Poster& post,
                     Callback<ConversationPage> done) override;
  void add_task(const base::SiteId& site, TaskRow task, const Poster& post, Callback<Added> done) override;
  void finish_task(const base::SiteId& site, const base::TaskId& task, const base::OperatorId& by, Instant t,
                   TaskState state, const Poster& post, Callback<TaskRow> done) override;
  void tasks(const base::SiteId& site, const TaskQuery& query, const Poster& post, Callback<TaskPage> done) override;
  void add_file(const base::SiteId& site, FileRecord file, std::string content, const Poster& post,
                Callback<FileRecord> done) override;
  void find_file(const base::FileId& file, const Poster& post, Callback<std::optional<FileRecord>> done) override;
  void load_file(const base::FileId& file, const Poster& post, Callback<std::optional<StoredFile>> done) override;

 private:
  [[nodiscard]] std::optional<StoredFile> stored(const base::FileId& file);   // with mutex_ held
};

}  // namespace beckon::store
