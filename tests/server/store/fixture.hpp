// What the tests of the store share: both stores under one name, and waiting calls.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "store/await.hpp"
#include "store/memory_store.hpp"
#include "store/sqlite_store.hpp"
#include "store/store.hpp"
#include "support/temp_dir.hpp"

namespace beckon::store {

inline const base::SiteId kShop("shop"), kBlog("blog"), kServer;
inline const base::VisitorId kAnna("v_anna"), kBert("v_bert");
inline const base::OperatorId kAda("p_ada"), kBob("p_bob");

inline Instant at(std::int64_t seconds) { return rules::at_ms(1'800'000'000'000 + seconds * 1000); }

[[nodiscard]] std::unique_ptr<Store> open(const TempDir& dir, SqliteOptions options = {});

// Every call, waited for.
class Waiting {
 public:
  explicit Waiting(Store& store) : store_(&store) {}

  std::optional<VisitorRecord> load(const base::SiteId& site, const base::VisitorId& visitor);
  std::optional<base::VisitorId> find_identity(const base::SiteId& site, std::string_view identity);
  base::Result<Added> add(const base::SiteId& site, TaskRow row);
  base::Result<Added> add(const base::SiteId& site, SurveyRow row);
  base::Status erase(const base::SiteId& site, const base::VisitorId& visitor);
  base::Result<std::string> exported(const base::SiteId& site, const base::VisitorId& visitor);
  std::uint64_t purge(const base::SiteId& site, const Retention& keep, Instant now);
  std::vector<RuleResult> results(const base::SiteId& site, const Span& span = {});
  JournalPage journal_page(const base::SiteId& site, const Span& span, std::optional<std::int64_t> after,
                           std::size_t limit);
  // All pages.
  std::vector<std::string> journal(const base::SiteId& site, const Span& span = {}, std::size_t page = 1000);
  std::optional<std::string> setting(const base::SiteId& site, std::string_view key);
  base::Status save_setting(const base::SiteId& site, std::string_view key, std::string_view value);
  base::Result<std::string> ensure_setting(const base::SiteId& site, std::string_view key, std::string_view value);
  Run begin_run(std::string_view version, Instant t);
  base::Status end_run(std::int64_t number, Instant t);
  base::Status flush();

  base::Result<Conversation> open(const base::SiteId& site, Conversation fresh);
  base::Result<Appended> append(const base::SiteId& site, const base::ConversationId& id, NewMessage message);
  base::Result<Conversation> change(const base::SiteId& site, const base::ConversationId& id, std::uint64_t version,
                                    ConversationChange change, std::optional<NewMessage> line = {});
  base::Result<Conversation> rehome(const base::SiteId& site, const base::ConversationId& id,
                                    const base::VisitorId& to);
  std::optional<Conversation> conversation(const base::SiteId& site, const base::ConversationId& id);
  std::optional<Conversation> conversation_of(const base::SiteId& site, const base::VisitorId& visitor);
  std::vector<Message> messages(const base::SiteId& site, const base::ConversationId& id, MessageRange range = {});
  ConversationPage conversations(const base::SiteId& site, ConversationQuery query = {});
  base::Result<TaskRow> finish(const base::SiteId& site, const base::TaskId& id, const base::OperatorId& by, Instant t,
                               TaskState state);
  TaskPage tasks(const base::SiteId& site, TaskQuery query = {});
  base::Result<FileRecord> add_file(const base::SiteId& site, FileRecord file, std::string content);
  std::optional<FileRecord> file(const base::FileId& id);
  std::optional<StoredFile> load_file(const base::FileId& id);
  base::Result<OperatorRecord> save(OperatorRecord record, std::uint64_t expected_version,
                                    LastAdmin last_admin = LastAdmin::kMayGo);
  std::vector<OperatorRecord> operators();
  base::Status add_session(SessionRecord session);
  std::optional<SessionRecord> session(const base::TokenHash& hash);
  base::Status end_session(const base::TokenHash& hash);
  base::Status end_sessions(const base::OperatorId& who, std::optional<base::TokenHash> but = {});

 private:
  Store* store_;
};

[[nodiscard]] JournalRow line(std::uint64_t seq, Instant t, const base::VisitorId& visitor, std::string text);
[[nodiscard]] Batch lines(std::vector<JournalRow> rows, std::uint32_t shard = 0);
[[nodiscard]] OfferRow offer(std::string id, OfferStage stage, Instant t, std::string rule,
                             OfferGroup group = OfferGroup::kTreated, const base::VisitorId& visitor = kAnna);
[[nodiscard]] TaskRow callback(std::string key, Instant t, std::string phone,
                               const base::VisitorId& visitor = kAnna);
[[nodiscard]] SurveyRow survey(std::string key, Instant t, int score, const base::VisitorId& visitor = kAnna);
[[nodiscard]] VisitorRecord record(const base::VisitorId& visitor, std::string snapshot, Instant last_seen = at(0));

// A key that messages may have: the text, made long enough.
[[nodiscard]] std::string key(const std::string& text);
[[nodiscard]] Conversation waiting(const base::VisitorId& visitor = kAnna, Instant t = at(0));
[[nodiscard]] NewMessage said(const std::string& key_text, std::string text, Instant t = at(1));
[[nodiscard]] NewMessage answered(const base::OperatorId& by, const std::string& key_text, std::string text,
                                  Instant t = at(2));
[[nodiscard]] ConversationChange assigned_to(const base::OperatorId& who, Instant t = at(2));
[[nodiscard]] ConversationChange closed(Instant t = at(3));
[[nodiscard]] FileRecord picture(const base::VisitorId& by = kAnna);
[[nodiscard]] OperatorRecord person(const std::string& login);
[[nodiscard]] std::vector<std::string> bodies(const std::vector<Message>& messages);

// Runs the test once with SQLite's store, once with the one in memory.
struct EachStore {
  EachStore() : sqlite(GENERATE(true, false)), store(sqlite ? open(dir) : make_memory_store()), call(*store) {}
  // Closes and opens it again, if it lasts.
  void reopen();
  TempDir dir;
  const bool sqlite;
  std::unique_ptr<Store> store;
  Waiting call;
};

// Whether any file of the directory holds the bytes.
[[nodiscard]] bool holds(const TempDir& dir, std::string_view bytes);

}  // namespace beckon::store
