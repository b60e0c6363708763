// A store whose calls fail by name, as with a full disk: nothing of them is kept, and who asked is told.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "store/store.hpp"

namespace beckon::test {

using namespace store;

class FailingStore final : public Store {
 public:
  explicit FailingStore(std::unique_ptr<Store> inner) : inner_(std::move(inner)) {}

  // Names of the calls that fail now: "append".
  std::set<std::string, std::less<>> fails;
  base::Error error{base::ErrorCode::kUnavailable, "the disk is full"};

  void open_conversation(const base::SiteId& site, Conversation fresh, const Poster& post,
      Callback<Conversation> done) override {
    if (const auto why = failing("open_conversation")) {
      return answer<Conversation>(post, std::move(done), *why);
    }
    inner_->open_conversation(site, std::move(fresh), post, std::move(done));
  }
  void append(const base::SiteId& site, const base::ConversationId& conversation, NewMessage message,
      const Poster& post, Callback<Appended> done) override {
    if (const auto why = failing("append")) {
      return answer<Appended>(post, std::move(done), *why);
    }
    inner_->append(site, conversation, std::move(message), post, std::move(done));
  }
  void change_conversation(const base::SiteId& site, const base::ConversationId& conversation,
      std::uint64_t expected_version, ConversationChange change, std::optional<NewMessage> line, const Poster& post,
      Callback<Conversation> done) override {
    if (const auto why = failing("change_conversation")) {
      return answer<Conversation>(post, std::move(done), *why);
    }
    inner_->change_conversation(site, conversation, expected_version, std::move(change), std::move(line), post,
        std::move(done));
  }
  void rehome(const base::SiteId& site, const base::ConversationId& conversation, const base::VisitorId& to,
      const Poster& post, Callback<Conversation> done) override {
    if (const auto why = failing("rehome")) {
      return answer<Conversation>(post, std::move(done), *why);
    }
    inner_->rehome(site, conversation, to, post, std::move(done));
  }
  void mark(const base::SiteId& site, const base::ConversationId& conversation, const Marks& marks) override {
    inner_->mark(site, conversation, marks);
  }
  void save_context(const base::SiteId& site, const base::ConversationId& conversation,
      std::string context) override {
    inner_->save_context(site, conversation, std::move(context));
  }
  void load_conversation(const base::SiteId& site, const base::ConversationId& conversation, const Poster& post,
      Callback<std::optional<Conversation>> done) override {
    if (const auto why = failing("load_conversation")) {
      return answer<std::optional<Conversation>>(post, std::move(done), *why);
    }
    inner_->load_conversation(site, conversation, post, std::move(done));
  }
  void find_conversation(const base::SiteId& site, const base::VisitorId& visitor, const Poster& post,
      Callback<std::optional<Conversation>> done) override {
    if (const auto why = failing("find_conversation")) {
      return answer<std::optional<Conversation>>(post, std::move(done), *why);
    }
    inner_->find_conversation(site, visitor, post, std::move(done));
  }
  void read_messages(const base::SiteId& site, const base::ConversationId& conversation, const MessageRange& range,
      const Poster& post, Callback<std::vector<Message>> done) override {
    if (const auto why = failing("read_messages")) {
      return answer<std::vector<Message>>(post, std::move(done), *why);
    }
    inner_->read_messages(site, conversation, range, post, std::move(done));
  }
  void conversations(const base::SiteId& site, const ConversationQuery& query, const Poster& post,
      Callback<ConversationPage> done) override {
    if (const auto why = failing("conversations")) {
      return answer<ConversationPage>(post, std::move(done), *why);
    }
    inner_->conversations(site, query, post, std::move(done));
  }
  void add_task(const base::SiteId& site, TaskRow task, const Poster& post, Callback<Added> done) override {
    if (const auto why = failing("add_task")) {
      return answer<Added>(post, std::move(done), *why);
    }
    inner_->add_task(site, std::move(task), post, std::move(done));
  }
  void finish_task(const base::SiteId& site, const base::TaskId& task, const base::OperatorId& by, Instant t,
      TaskState state, const Poster& post, Callback<TaskRow> done) override {
    if (const auto why = failing("finish_task")) {
      return answer<TaskRow>(post, std::move(done), *why);
    }
    inner_->finish_task(site, task, by, t, state, post, std::move(done));
  }
  void tasks(const base::SiteId& site, const TaskQuery& query, const Poster& post, Callback<TaskPage> done) override {
    if (const auto why = failing("tasks")) {
      return answer<TaskPage>(post, std::move(done), *why);
    }
    inner_->tasks(site, query, post, std::move(done));
  }
  void add_file(const base::SiteId& site, FileRecord file, std::string content, const Poster& post,
      Callback<FileRecord> done) override {
    if (const auto why = failing("add_file")) {
      return answer<FileRecord>(post, std::move(done), *why);
    }
    inner_->add_file(site, std::move(file), std::move(content), post, std::move(done));
  }
  void find_file(const base::FileId& file, const Poster& post, Callback<std::optional<FileRecord>> done) override {
    if (const auto why = failing("find_file")) {
      return answer<std::optional<FileRecord>>(post, std::move(done), *why);
    }
    inner_->find_file(file, post, std::move(done));
  }
  void load_file(const base::FileId& file, const Poster& post, Callback<std::optional<StoredFile>> done) override {
    if (const auto why = failing("load_file")) {
      return answer<std::optional<StoredFile>>(post, std::move(done), *why);
    }
    inner_->load_file(file, post, std::move(done));
  }
  void save_operator(OperatorRecord record, std::uint64_t expected_version, LastAdmin last_admin, const Poster& post,
      Callback<OperatorRecord> done) override {
    if (const auto why = failing("save_operator")) {
      return answer<OperatorRecord>(post, std::move(done), *why);
    }
    inner_->save_operator(std::move(record), expected_version, last_admin, post, std::move(done));
  }
  void operators(const Poster& post, Callback<std::vector<OperatorRecord>> done) override {
    if (const auto why = failing("operators")) {
      return answer<std::vector<OperatorRecord>>(post, std::move(done), *why);
    }
    inner_->operators(post, std::move(done));
  }
  void add_session(SessionRecord session, const Poster& post, Callback<void> done) override {
    if (const auto why = failing("add_session")) {
      return answer<void>(post, std::move(done), *why);
    }
    inner_->add_session(std::move(session), post, std::move(done));
  }
  void find_session(const base::TokenHash& hash, const Poster& post,
      Callback<std::optional<SessionRecord>> done) override {
    if (const auto why = failing("find_session")) {
      return answer<std::optional<SessionRecord>>(post, std::move(done), *why);
    }
    inner_->find_session(hash, post, std::move(done));
  }
  void prolong_session(const base::TokenHash& hash, Instant expires) override {
    inner_->prolong_session(hash, expires);
  }
  void end_session(const base::TokenHash& hash, const Poster& post, Callback<void> done) override {
    if (const auto why = failing("end_session")) {
      return answer<void>(post, std::move(done), *why);
    }
    inner_->end_session(hash, post, std::move(done));
  }
  void end_sessions(const base::OperatorId& who, std::optional<base::TokenHash> but, const Poster& post,
      Callback<void> done) override {
    if (const auto why = failing("end_sessions")) {
      return answer<void>(post, std::move(done), *why);
    }
    inner_->end_sessions(who, std::move(but), post, std::move(done));
  }
  void load_visitor(const base::SiteId& site, const base::VisitorId& visitor, const Poster& post,
      Callback<std::optional<VisitorRecord>> done) override {
    if (const auto why = failing("load_visitor")) {
      return answer<std::optional<VisitorRecord>>(post, std::move(done), *why);
    }
    inner_->load_visitor(site, visitor, post, std::move(done));
  }
  void find_identity(const base::SiteId& site, std::string_view identity, const Poster& post,
      Callback<std::optional<base::VisitorId>> done) override {
    if (const auto why = failing("find_identity")) {
      return answer<std::optional<base::VisitorId>>(post, std::move(done), *why);
    }
    inner_->find_identity(site, identity, post, std::move(done));
  }
  void save_visitor(const base::SiteId& site, VisitorRecord visitor) override {
    inner_->save_visitor(site, std::move(visitor));
  }
  void record(const base::SiteId& site, Batch batch) override {
    inner_->record(site, std::move(batch));
  }
  void add_survey(const base::SiteId& site, SurveyRow row, const Poster& post, Callback<Added> done) override {
    if (const auto why = failing("add_survey")) {
      return answer<Added>(post, std::move(done), *why);
    }
    inner_->add_survey(site, std::move(row), post, std::move(done));
  }
  void erase(const base::SiteId& site, const base::VisitorId& visitor, const Poster& post,
      Callback<void> done) override {
    if (const auto why = failing("erase")) {
      return answer<void>(post, std::move(done), *why);
    }
    inner_->erase(site, visitor, post, std::move(done));
  }
  void export_visitor(const base::SiteId& site, const base::VisitorId& visitor, const Poster& post,
      Callback<std::string> done) override {
    if (const auto why = failing("export_visitor")) {
      return answer<std::string>(post, std::move(done), *why);
    }
    inner_->export_visitor(site, visitor, post, std::move(done));
  }
  void purge(const base::SiteId& site, const Retention& keep, Instant now, const Poster& post,
      Callback<std::uint64_t> done) override {
    if (const auto why = failing("purge")) {
      return answer<std::uint64_t>(post, std::move(done), *why);
    }
    inner_->purge(site, keep, now, post, std::move(done));
  }
  void results(const base::SiteId& site, const Span& span, const Poster& post,
      Callback<std::vector<RuleResult>> done) override {
    if (const auto why = failing("results")) {
      return answer<std::vector<RuleResult>>(post, std::move(done), *why);
    }
    inner_->results(site, span, post, std::move(done));
  }
  void read_journal(const base::SiteId& site, const Span& span, std::optional<std::int64_t> after,
      std::size_t limit, const Poster& post, Callback<JournalPage> done) override {
    if (const auto why = failing("read_journal")) {
      return answer<JournalPage>(post, std::move(done), *why);
    }
    inner_->read_journal(site, span, after, limit, post, std::move(done));
  }
  void load_setting(const base::SiteId& site, std::string_view key, const Poster& post,
      Callback<std::optional<std::string>> done) override {
    if (const auto why = failing("load_setting")) {
      return answer<std::optional<std::string>>(post, std::move(done), *why);
    }
    inner_->load_setting(site, key, post, std::move(done));
  }
  void save_setting(const base::SiteId& site, std::string_view key, std::string_view value, const Poster& post,
      Callback<void> done) override {
    if (const auto why = failing("save_setting")) {
      return answer<void>(post, std::move(done), *why);
    }
    inner_->save_setting(site, key, value, post, std::move(done));
  }
  void ensure_setting(const base::SiteId& site, std::string_view key, std::string_view value, const Poster& post,
      Callback<std::string> done) override {
    if (const auto why = failing("ensure_setting")) {
      return answer<std::string>(post, std::move(done), *why);
    }
    inner_->ensure_setting(site, key, value, post, std::move(done));
  }
  void begin_run(std::string_view version, Instant t, const Poster& post, Callback<Run> done) override {
    if (const auto why = failing("begin_run")) {
      return answer<Run>(post, std::move(done), *why);
    }
    inner_->begin_run(version, t, post, std::move(done));
  }
  void end_run(std::int64_t number, Instant t, const Poster& post, Callback<void> done) override {
    if (const auto why = failing("end_run")) {
      return answer<void>(post, std::move(done), *why);
    }
    inner_->end_run(number, t, post, std::move(done));
  }
  void flush(const Poster& post, Callback<void> done) override {
    if (const auto why = failing("flush")) {
      return answer<void>(post, std::move(done), *why);
    }
    inner_->flush(post, std::move(done));
  }
  Instant latest_instant() const override {
    return inner_->latest_instant();
  }
  Health health() const override {
    return inner_->health();
  }

 private:
  std::optional<base::Error> failing(std::string_view call) {
    return fails.contains(call) ? std::optional(error) : std::nullopt;
  }

  std::unique_ptr<Store> inner_;
};

}  // namespace beckon::test
