#include "fixture.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace beckon::store {

std::unique_ptr<Store> open(const TempDir& dir, SqliteOptions options) {
  options.dir = dir.path();
  auto opened = open_sqlite_store(options);
  if (!opened) FAIL(opened.error().message);
  return std::move(*opened);
}

std::optional<VisitorRecord> Waiting::load(const base::SiteId& site, const base::VisitorId& visitor) {
  using Found = std::optional<VisitorRecord>;
  auto found =
      await<Found>([&](const Poster& post, Callback<Found> done) { store_->load_visitor(site, visitor, post, done); });
  if (!found) FAIL(found.error().message);
  return *found;
}

std::optional<base::VisitorId> Waiting::find_identity(const base::SiteId& site, std::string_view identity) {
  using Found = std::optional<base::VisitorId>;
  auto found =
      await<Found>([&](const Poster& post, Callback<Found> done) { store_->find_identity(site, identity, post, done); });
  if (!found) FAIL(found.error().message);
  return *found;
}

base::Result<Added> Waiting::add(const base::SiteId& site, TaskRow row) {
  return await<Added>([&](const Poster& post, Callback<Added> done) { store_->add_task(site, row, post, done); });
}

base::Result<Added> Waiting::add(const base::SiteId& site, SurveyRow row) {
  return await<Added>([&](const Poster& post, Callback<Added> done) { store_->add_survey(site, row, post, done); });
}

base::Status Waiting::erase(const base::SiteId& site, const base::VisitorId& visitor) {
  return await<void>([&](const Poster& post, Callback<void> done) { store_->erase(site, visitor, post, done); });
}

base::Result<std::string> Waiting::exported(const base::SiteId& site, const base::VisitorId& visitor) {
  return await<std::string>(
      [&](const Poster& post, Callback<std::string> done) { store_->export_visitor(site, visitor, post, done); });
}

std::uint64_t Waiting::purge(const base::SiteId& site, const Retention& keep, Instant now) {
  auto gone = await<std::uint64_t>(
      [&](const Poster& post, Callback<std::uint64_t> done) { store_->purge(site, keep, now, post, done); });
  if (!gone) FAIL(gone.error().message);
  return *gone;
}

std::vector<RuleResult> Waiting::results(const base::SiteId& site, const Span& span) {
  using Found = std::vector<RuleResult>;
  auto found = await<Found>([&](const Poster& post, Callback<Found> done) { store_->results(site, span, post, done); });
  if (!found) FAIL(found.error().message);
  return *found;
}

JournalPage Waiting::journal_page(const base::SiteId& site, const Span& span, std::optional<std::int64_t> after,
                                  std::size_t limit) {
  auto page = await<JournalPage>([&](const Poster& post, Callback<JournalPage> done) {
    store_->read_journal(site, span, after, limit, post, done);
  });
  if (!page) FAIL(page.error().message);
  return *page;
}

std::vector<std::string> Waiting::journal(const base::SiteId& site, const Span& span, std::size_t page_lines) {
  std::vector<std::string> all;
  std::optional<std::int64_t> after;
  do {
    JournalPage page = journal_page(site, span, after, page_lines);
    std::move(page.lines.begin(), page.lines.end(), std::back_inserter(all));
    after = page.next;
  } while (after);
  return all;
}

std::optional<std::string> Waiting::setting(const base::SiteId& site, std::string_view key) {
  using Found = std::optional<std::string>;
  auto found =
      await<Found>([&](const Poster& post, Callback<Found> done) { store_->load_setting(site, key, post, done); });
  if (!found) FAIL(found.error().message);
  return *found;
}

base::Status Waiting::save_setting(const base::SiteId& site, std::string_view key, std::string_view value) {
  return await<void>(
      [&](const Poster& post, Callback<void> done) { store_->save_setting(site, key, value, post, done); });
}

base::Result<std::string> Waiting::ensure_setting(const base::SiteId& site, std::string_view key,
                                                  std::string_view value) {
  return await<std::string>(
      [&](const Poster& post, Callback<std::string> done) { store_->ensure_setting(site, key, value, post, done); });
}

Run Waiting::begin_run(std::string_view version, Instant t) {
  auto run = await<Run>([&](const Poster& post, Callback<Run> done) { store_->begin_run(version, t, post, done); });
  if (!run) FAIL(run.error().message);
  return *run;
}

base::Status Waiting::end_run(std::int64_t number, Instant t) {
  return await<void>([&](const Poster& post, Callback<void> done) { store_->end_run(number, t, post, done); });
}

// What a read that cannot fail found.
template <class T, class Call>
T found(Call&& call) {
  auto result = await<T>(std::forward<Call>(call));
  if (!result) FAIL(result.error().message);
  return *result;
}

base::Result<Conversation> Waiting::open(const base::SiteId& site, Conversation fresh) {
  return await<Conversation>([&](auto& post, auto done) { store_->open_conversation(site, fresh, post, done); });
}

base::Result<Appended> Waiting::append(const base::SiteId& site, const base::ConversationId& id, NewMessage message) {
  return await<Appended>([&](auto& post, auto done) { store_->append(site, id, message, post, done); });
}

base::Result<Conversation> Waiting::change(const base::SiteId& site, const base::ConversationId& id,
                                           std::uint64_t version, ConversationChange change,
                                           std::optional<NewMessage> line) {
  return await<Conversation>(
      [&](auto& post, auto done) { store_->change_conversation(site, id, version, change, line, post, done); });
}

base::Result<Conversation> Waiting::rehome(const base::SiteId& site, const base::ConversationId& id,
                                           const base::VisitorId& to) {
  return await<Conversation>([&](auto& post, auto done) { store_->rehome(site, id, to, post, done); });
}

std::optional<Conversation> Waiting::conversation(const base::SiteId& site, const base::ConversationId& id) {
  return found<std::optional<Conversation>>(
      [&](auto& post, auto done) { store_->load_conversation(site, id, post, done); });
}

std::optional<Conversation> Waiting::conversation_of(const base::SiteId& site, const base::VisitorId& visitor) {
  return found<std::optional<Conversation>>(
      [&](auto& post, auto done) { store_->find_conversation(site, visitor, post, done); });
}

std::vector<Message> Waiting::messages(const base::SiteId& site, const base::ConversationId& id, MessageRange range) {
  return found<std::vector<Message>>(
      [&](auto& post, auto done) { store_->read_messages(site, id, range, post, done); });
}

ConversationPage Waiting::conversations(const base::SiteId& site, ConversationQuery query) {
  return found<ConversationPage>([&](auto& post, auto done) { store_->conversations(site, query, post, done); });
}

base::Result<TaskRow> Waiting::finish(const base::SiteId& site, const base::TaskId& id, const base::OperatorId& by,
                                      Instant t, TaskState state) {
  return await<TaskRow>([&](auto& post, auto done) { store_->finish_task(site, id, by, t, state, post, done); });
}

TaskPage Waiting::tasks(const base::SiteId& site, TaskQuery query) {
  return found<TaskPage>([&](auto& post, auto done) { store_->tasks(site, query, post, done); });
}

base::Result<FileRecord> Waiting::add_file(const base::SiteId& site, FileRecord file, std::string content) {
  return await<FileRecord>([&](auto& post, auto done) { store_->add_file(site, file, content, post, done); });
}

std::optional<FileRecord> Waiting::file(const base::FileId& id) {
  return found<std::optional<FileRecord>>([&](auto& post, auto done) { store_->find_file(id, post, done); });
}

std::optional<StoredFile> Waiting::load_file(const base::FileId& id) {
  return found<std::optional<StoredFile>>([&](auto& post, auto done) { store_->load_file(id, post, done); });
}

base::Result<OperatorRecord> Waiting::save(OperatorRecord record, std::uint64_t expected_version,
                                             LastAdmin last_admin) {
  return await<OperatorRecord>(
      [&](auto& post, auto done) { store_->save_operator(record, expected_version, last_admin, post, done); });
}

std::vector<OperatorRecord> Waiting::operators() {
  return found<std::vector<OperatorRecord>>([&](auto& post, auto done) { store_->operators(post, done); });
}

base::Status Waiting::add_session(SessionRecord session) {
  return await<void>([&](auto& post, auto done) { store_->add_session(session, post, done); });
}

std::optional<SessionRecord> Waiting::session(const base::TokenHash& hash) {
  return found<std::optional<SessionRecord>>([&](auto& post, auto done) { store_->find_session(hash, post, done); });
}

base::Status Waiting::end_session(const base::TokenHash& hash) {
  return await<void>([&](auto& post, auto done) { store_->end_session(hash, post, done); });
}

base::Status Waiting::end_sessions(const base::OperatorId& who, std::optional<base::TokenHash> but) {
  return await<void>([&](auto& post, auto done) { store_->end_sessions(who, but, post, done); });
}

base::Status Waiting::flush() {
  return await<void>([&](const Poster& post, Callback<void> done) { store_->flush(post, done); });
}

JournalRow line(std::uint64_t seq, Instant t, const base::VisitorId& visitor, std::string text) {
  return {seq, t, visitor, std::move(text)};
}

Batch lines(std::vector<JournalRow> rows, std::uint32_t shard) {
  Batch batch;
  batch.shard = shard;
  batch.journal = std::move(rows);
  return batch;
}

OfferRow offer(std::string id, OfferStage stage, Instant t, std::string rule, OfferGroup group,
               const base::VisitorId& visitor) {
  return {base::OfferId(id), stage, t, base::RuleId(rule), "", group, visitor, base::TabId("t1"), "/cart"};
}

TaskRow callback(std::string key, Instant t, std::string phone, const base::VisitorId& visitor) {
  TaskRow row;
  row.id = base::new_task_id();
  row.key = std::move(key);
  row.visitor = visitor;
  row.offer = base::OfferId("o_1");
  row.rule = base::RuleId("call-us");
  row.name = "Anna";
  row.phone = std::move(phone);
  row.page_path = "/contact";
  row.t = t;
  return row;
}

SurveyRow survey(std::string key, Instant t, int score, const base::VisitorId& visitor) {
  return {std::move(key), base::OfferId("o_2"), base::RuleId("nps"), visitor, t, score, "fine"};
}

VisitorRecord record(const base::VisitorId& visitor, std::string snapshot, Instant last_seen) {
  VisitorRecord record;
  record.id = visitor;
  record.snapshot = std::move(snapshot);
  record.first_seen = at(0);
  record.last_seen = last_seen;
  return record;
}

std::string key(const std::string& text) { return text + std::string(text.size() < 20 ? 20 - text.size() : 0, '_'); }

Conversation waiting(const base::VisitorId& visitor, Instant t) {
  Conversation fresh;
  fresh.id = base::new_conversation_id();
  fresh.visitor = visitor;
  fresh.created = fresh.waiting_since = t;
  return fresh;
}

NewMessage said(const std::string& key_text, std::string text, Instant t) {
  NewMessage message;
  message.key = key(key_text);
  message.body = std::move(text);
  message.at = t;
  return message;
}

NewMessage answered(const base::OperatorId& by, const std::string& key_text, std::string text, Instant t) {
  NewMessage message = said(key_text, std::move(text), t);
  message.author = Author::kOperator;
  message.operator_id = by;
  message.name = "Ada";
  return message;
}

ConversationChange assigned_to(const base::OperatorId& who, Instant t) {
  ConversationChange change;
  change.state = ConversationState::kAssigned;
  change.operator_id = who;
  change.at = t;
  return change;
}

ConversationChange closed(Instant t) {
  ConversationChange change;
  change.state = ConversationState::kClosed;
  change.at = t;
  return change;
}

FileRecord picture(const base::VisitorId& by) {
  FileRecord file;
  file.id = base::new_file_id();
  file.visitor = by;
  file.name = "cat.png";
  file.type = "image/png";
  file.width = 640;
  file.height = 480;
  file.at = at(1);
  return file;
}

OperatorRecord person(const std::string& login) {
  OperatorRecord record;
  record.id = base::new_operator_id();
  record.login = login;
  record.name = "Ada";
  record.password_hash = "$argon2id$";
  record.skills = {"sales", "returns"};
  record.groups = {"north"};
  record.sites = {kShop};
  record.created = at(1);
  return record;
}

std::vector<std::string> bodies(const std::vector<Message>& messages) {
  std::vector<std::string> all;
  for (const Message& message : messages) all.push_back(message.body);
  return all;
}

void EachStore::reopen() {
  if (!sqlite) return;
  store.reset();
  store = open(dir);
  call = Waiting(*store);
}

bool holds(const TempDir& dir, std::string_view bytes) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir.path())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (text.find(bytes) != std::string::npos) return true;
  }
  return false;
}

}  // namespace beckon::store
