#include "store/sqlite_chat_store.hpp"

#include "store/chat_rules.hpp"
#include "store/limits.hpp"

namespace beckon::store {

void SqliteChatStore::open_conversation(const base::SiteId& site, Conversation fresh, const Poster& post,
                                        Callback<Conversation> done) {
  if (base::Status fits = check(fresh); !fits) return answer<Conversation>(post, std::move(done), fits.error());
  write<Conversation>(post, std::move(done), [site, fresh = std::move(fresh)](Writer& w) {
    return store::open_conversation(w.chat(site), fresh);
  });
}

void SqliteChatStore::append(const base::SiteId& site, const base::ConversationId& conversation, NewMessage message,
                             const Poster& post, Callback<Appended> done) {
  if (base::Status fits = check(message); !fits) return answer<Appended>(post, std::move(done), fits.error());
  write<Appended>(post, std::move(done), [site, conversation, message = std::move(message)](Writer& w) {
    return store::append(w.chat(site), conversation, message);
  });
}

void SqliteChatStore::change_conversation(const base::SiteId& site, const base::ConversationId& conversation,
                                          std::uint64_t expected_version, ConversationChange change,
                                          std::optional<NewMessage> line, const Poster& post,
                                          Callback<Conversation> done) {
  if (base::Status fits = check(change, line); !fits) return answer<Conversation>(post, std::move(done), fits.error());
  write<Conversation>(post, std::move(done), [=](Writer& w) {
    return store::change_conversation(w.chat(site), conversation, expected_version, change, line);
  });
}

void SqliteChatStore::rehome(const base::SiteId& site, const base::ConversationId& conversation,
                             const base::VisitorId& to, const Poster& post, Callback<Conversation> done) {
  write<Conversation>(post, std::move(done),
                      [=](Writer& w) { return store::rehome(w.chat(site), conversation, to); });
}

void SqliteChatStore::mark(const base::SiteId& site, const base::ConversationId& conversation, const Marks& marks) {
  write_behind(0, [=](Writer& w) { store::mark(w.chat(site), conversation, marks); });
}

void SqliteChatStore::save_context(const base::SiteId& site, const base::ConversationId& conversation,
                                   std::string context) {
  const std::size_t bytes = context.size();
  if (bytes > kMaxContextBytes) return queue_.count_dropped_mark();
  write_behind(bytes, [site, conversation, context = std::move(context)](Writer& w) {
    w.chat(site).save_context(conversation, context);
  });
}

void SqliteChatStore::load_conversation(const base::SiteId& site, const base::ConversationId& conversation,
                                        const Poster& post, Callback<std::optional<Conversation>> done) {
  read<std::optional<Conversation>>(post, std::move(done),
                                    [=](Reader& r) { return r.load_conversation(site, conversation); });
}

void SqliteChatStore::find_conversation(const base::SiteId& site, const base::VisitorId& visitor, const Poster& post,
                                        Callback<std::optional<Conversation>> done) {
  read<std::optional<Conversation>>(post, std::move(done),
                                    [=](Reader& r) { return r.find_conversation(site, visitor); });
}

void SqliteChatStore::read_messages(const base::SiteId& site, const base::ConversationId& conversation,
                                    const MessageRange& range, const Poster& post,
                                    Callback<std::vector<Message>> done) {
  read<std::vector<Message>>(post, std::move(done),
                             [=](Reader& r) { return r.read_messages(site, conversation, range); });
}

void SqliteChatStore::conversations(const base::SiteId& site, const ConversationQuery& query, const Poster& post,
                                    Callback<ConversationPage> done) {
  read<ConversationPage>(post, std::move(done), [=](Reader& r) { return r.conversations(site, query); });
}

void SqliteChatStore::add_task(const base::SiteId& site, TaskRow task, const Poster& post, Callback<Added> done) {
  if (base::Status fits = check(task); !fits) return answer<Added>(post, std::move(done), fits.error());
  write<Added>(post, std::move(done),
               [site, task = std::move(task)](Writer& w) { return store::add_task(w.chat(site), task); });
}

void SqliteChatStore::finish_task(const base::SiteId& site, const base::TaskId& task, const base::OperatorId& by,
                                  Instant t, TaskState state, const Poster& post, Callback<TaskRow> done) {
  write<TaskRow>(post, std::move(done),
                 [=](Writer& w) { return store::finish_task(w.chat(site), task, by, t, state); });
}

void SqliteChatStore::tasks(const base::SiteId& site, const TaskQuery& query, const Poster& post,
                            Callback<TaskPage> done) {
  read<TaskPage>(post, std::move(done), [=](Reader& r) { return r.tasks(site, query); });
}

void SqliteChatStore::add_file(const base::SiteId& site, FileRecord file, std::string content, const Poster& post,
                               Callback<FileRecord> done) {
  if (base::Status fits = check(file, content.size()); !fits) {
    return answer<FileRecord>(post, std::move(done), fits.error());
  }
  file.site = site;
  file.bytes = content.size();
  const auto ticket = pending_files_.begin({site, file.visitor}, content.size());
  const bool accepted =
      ticket && filing_.push([this, ticket = *ticket, file = std::move(file), content = std::move(content), post,
                              done](Reader&) { put_file(ticket, file, content, post, done); });
  if (accepted) return;
  if (ticket) pending_files_.give_up(*ticket);
  ++refused_reads_;
  answer<FileRecord>(post, std::move(done), overloaded());
}

// The content first: a row is never without it.
void SqliteChatStore::put_file(PendingFiles::Ticket ticket, FileRecord file, std::string_view content,
                               const Poster& post, Callback<FileRecord> done) {
  if (base::Status kept = shelf_.put(file.id, content); !kept) {
    pending_files_.give_up(ticket);
    return answer<FileRecord>(post, std::move(done), kept.error());
  }
  const base::FileId id = file.id;
  const Poster here = [](Task task) { task(); };
  const Callback<FileRecord> settled = [this, id, post, done](base::Result<FileRecord> added) {
    if (!added) shelf_.remove(id);
    answer<FileRecord>(post, done, std::move(added));
  };
  const bool keeps = pending_files_.end(ticket, [&] {
    write<FileRecord>(here, settled,
                      [file = std::move(file)](Writer& w) { return store::add_file(w.chat(file.site), file); });
  });
  if (!keeps) settled(base::Error{base::ErrorCode::kNotFound, "the visitor was erased"});
}

void SqliteChatStore::find_file(const base::FileId& file, const Poster& post,
                                Callback<std::optional<FileRecord>> done) {
  read<std::optional<FileRecord>>(post, std::move(done), [=](Reader& r) { return r.find_file(file); });
}

void SqliteChatStore::load_file(const base::FileId& file, const Poster& post,
                                Callback<std::optional<StoredFile>> done) {
  read<std::optional<StoredFile>>(filing_, queue_.last_number(), post, std::move(done),
                                  [=](Reader& r) { return r.load_file(file); });
}

}  // namespace beckon::store
