#include "store/memory_chat_store.hpp"

#include "store/chat_rules.hpp"
#include "store/limits.hpp"

namespace beckon::store {

void MemoryChatStore::open_conversation(const base::SiteId& site, Conversation fresh, const Poster& post,
                                        Callback<Conversation> done) {
  if (base::Status fits = check(fresh); !fits) return answer<Conversation>(post, std::move(done), fits.error());
  with_site<Conversation>(site, post, std::move(done),
                          [&](MemorySite& s) { return store::open_conversation(s.chat, std::move(fresh)); });
}

void MemoryChatStore::append(const base::SiteId& site, const base::ConversationId& conversation, NewMessage message,
                             const Poster& post, Callback<Appended> done) {
  if (base::Status fits = check(message); !fits) return answer<Appended>(post, std::move(done), fits.error());
  with_site<Appended>(site, post, std::move(done),
                      [&](MemorySite& s) { return store::append(s.chat, conversation, std::move(message)); });
}

void MemoryChatStore::change_conversation(const base::SiteId& site, const base::ConversationId& conversation,
                                          std::uint64_t expected_version, ConversationChange change,
                                          std::optional<NewMessage> line, const Poster& post,
                                          Callback<Conversation> done) {
  if (base::Status fits = check(change, line); !fits) return answer<Conversation>(post, std::move(done), fits.error());
  with_site<Conversation>(site, post, std::move(done), [&](MemorySite& s) {
    return store::change_conversation(s.chat, conversation, expected_version, change, std::move(line));
  });
}

void MemoryChatStore::rehome(const base::SiteId& site, const base::ConversationId& conversation,
                             const base::VisitorId& to, const Poster& post, Callback<Conversation> done) {
  with_site<Conversation>(site, post, std::move(done),
                          [&](MemorySite& s) { return store::rehome(s.chat, conversation, to); });
}

void MemoryChatStore::mark(const base::SiteId& site, const base::ConversationId& conversation, const Marks& marks) {
  const std::lock_guard lock(mutex_);
  store::mark(sites_[site].chat, conversation, marks);
}

void MemoryChatStore::save_context(const base::SiteId& site, const base::ConversationId& conversation,
                                   std::string context) {
  const std::lock_guard lock(mutex_);
  if (context.size() <= kMaxContextBytes) sites_[site].chat.save_context(conversation, context);
  else ++health_.dropped_marks;
}

void MemoryChatStore::load_conversation(const base::SiteId& site, const base::ConversationId& conversation,
                                        const Poster& post, Callback<std::optional<Conversation>> done) {
  with_site<std::optional<Conversation>>(site, post, std::move(done),
                                         [&](MemorySite& s) { return s.chat.load(conversation); });
}

void MemoryChatStore::find_conversation(const base::SiteId& site, const base::VisitorId& visitor, const Poster& post,
                                        Callback<std::optional<Conversation>> done) {
  with_site<std::optional<Conversation>>(site, post, std::move(done), [&](MemorySite& s) {
    auto found = s.chat.find(visitor);
    return found ? s.chat.load(found->id) : found;
  });
}

void MemoryChatStore::read_messages(const base::SiteId& site, const base::ConversationId& conversation,
                                    const MessageRange& range, const Poster& post,
                                    Callback<std::vector<Message>> done) {
  with_site<std::vector<Message>>(site, post, std::move(done),
                                  [&](MemorySite& s) { return s.chat.messages(conversation, range); });
}

void MemoryChatStore::conversations(const base::SiteId& site, const ConversationQuery& query, const Poster& post,
                                    Callback<ConversationPage> done) {
  with_site<ConversationPage>(site, post, std::move(done),
                              [&](MemorySite& s) { return s.chat.conversations(query); });
}

void MemoryChatStore::add_task(const base::SiteId& site, TaskRow task, const Poster& post, Callback<Added> done) {
  if (base::Status fits = check(task); !fits) return answer<Added>(post, std::move(done), fits.error());
  with_site<Added>(site, post, std::move(done),
                   [&](MemorySite& s) { return store::add_task(s.chat, std::move(task)); });
}

void MemoryChatStore::finish_task(const base::SiteId& site, const base::TaskId& task, const base::OperatorId& by,
                                  Instant t, TaskState state, const Poster& post, Callback<TaskRow> done) {
  with_site<TaskRow>(site, post, std::move(done),
                     [&](MemorySite& s) { return store::finish_task(s.chat, task, by, t, state); });
}

void MemoryChatStore::tasks(const base::SiteId& site, const TaskQuery& query, const Poster& post,
                            Callback<TaskPage> done) {
  with_site<TaskPage>(site, post, std::move(done), [&](MemorySite& s) { return s.chat.tasks(query); });
}

void MemoryChatStore::add_file(const base::SiteId& site, FileRecord file, std::string content, const Poster& post,
                               Callback<FileRecord> done) {
  if (base::Status fits = check(file, content.size()); !fits) {
    return answer<FileRecord>(post, std::move(done), fits.error());
  }
  file.site = site;
  file.bytes = content.size();
  with_site<FileRecord>(site, post, std::move(done), [&](MemorySite& s) -> base::Result<FileRecord> {
    if (stored(file.id)) return base::Error{base::ErrorCode::kConflict, "a file has that id already"};
    auto added = store::add_file(s.chat, std::move(file));
    if (added) s.chat.keep_content(added->id, std::move(content));
    return added;
  });
}

void MemoryChatStore::find_file(const base::FileId& file, const Poster& post,
                                Callback<std::optional<FileRecord>> done) {
  std::unique_lock lock(mutex_);
  auto found = stored(file);
  lock.unlock();
  answer<std::optional<FileRecord>>(post, std::move(done), found ? std::optional(found->record) : std::nullopt);
}

void MemoryChatStore::load_file(const base::FileId& file, const Poster& post,
                                Callback<std::optional<StoredFile>> done) {
  std::unique_lock lock(mutex_);
  auto found = stored(file);
  lock.unlock();
  answer<std::optional<StoredFile>>(post, std::move(done), std::move(found));
}

std::optional<StoredFile> MemoryChatStore::stored(const base::FileId& file) {
  for (auto& [id, site] : sites_) {
    if (auto found = site.chat.find(file)) return StoredFile{std::move(*found), site.chat.content(file)};
  }
  return std::nullopt;
}

}  // namespace beckon::store
