// Reads a Beckon database: what the store's own reading threads use, and the commands, also while a server is running.
//
//   auto reader = store::Reader::open("beckon-data");
//   if (!reader) return complain(reader.error().message);
//   auto results = (*reader)->results(site, {});
//
// Every function reads in stretches, each with a read transaction of its own, so that the server's log can always be
// emptied.
//
// Thread safety: none; one reader serves one thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "store/chat_records.hpp"
#include "store/operator_records.hpp"
#include "store/records.hpp"

namespace beckon::store {

class ExportWriter;

class Reader {
 public:
  // DIR/beckon.db, read-only. kNotFound: no database there (nothing is made). kConflict: of an earlier version.
  [[nodiscard]] static base::Result<std::unique_ptr<Reader>> open(const std::filesystem::path& dir);
  ~Reader();

  // Those that anything is known of, by id.
  [[nodiscard]] base::Result<std::vector<base::SiteId>> sites();
  [[nodiscard]] base::Result<std::vector<Run>> runs();

  // As the functions of the same names in Store say.
  [[nodiscard]] base::Result<std::optional<VisitorRecord>> load_visitor(const base::SiteId& site,
                                                                        const base::VisitorId& visitor);
  [[nodiscard]] base::Result<std::optional<base::VisitorId>> find_identity(const base::SiteId& site,
                                                                           std::string_view identity);
  [[nodiscard]] base::Result<std::optional<std::string>> load_setting(const base::SiteId& site, std::string_view key);
  [[nodiscard]] base::Result<std::string> export_visitor(const base::SiteId& site, const base::VisitorId& visitor);
  [[nodiscard]] base::Result<std::vector<RuleResult>> results(const base::SiteId& site, const Span& span);
  [[nodiscard]] base::Result<JournalPage> read_journal(const base::SiteId& site, const Span& span,
                                                       std::optional<std::int64_t> after, std::size_t limit);
  // As those of ChatStore and OperatorStore.
  [[nodiscard]] base::Result<std::optional<Conversation>> load_conversation(const base::SiteId& site,
                                                                            const base::ConversationId& conversation);
  [[nodiscard]] base::Result<std::optional<Conversation>> find_conversation(const base::SiteId& site,
                                                                            const base::VisitorId& visitor);
  [[nodiscard]] base::Result<std::vector<Message>> read_messages(const base::SiteId& site,
                                                                 const base::ConversationId& conversation,
                                                                 const MessageRange& range);
  [[nodiscard]] base::Result<ConversationPage> conversations(const base::SiteId& site, const ConversationQuery& query);
  [[nodiscard]] base::Result<TaskPage> tasks(const base::SiteId& site, const TaskQuery& query);
  [[nodiscard]] base::Result<std::optional<FileRecord>> find_file(const base::FileId& file);
  [[nodiscard]] base::Result<std::optional<StoredFile>> load_file(const base::FileId& file);
  [[nodiscard]] base::Result<std::vector<OperatorRecord>> operators();
  [[nodiscard]] base::Result<std::optional<SessionRecord>> find_session(const base::TokenHash& hash);

  // Instant::min() when there is no journal line.
  [[nodiscard]] base::Result<Instant> latest_instant();

  // A consistent copy of the whole database, as one file, without the contents of files. kConflict when the file exists. One read transaction: while
  // it runs, a server's log is not emptied.
  [[nodiscard]] base::Status copy_to(const std::filesystem::path& file);
  // The contents of all files, each under its id, into a folder that is made when there are any. One that is erased
  // meanwhile is left out.
  [[nodiscard]] base::Status copy_files_to(const std::filesystem::path& folder);
  // What is wrong with the database's structure; empty when it is sound.
  [[nodiscard]] std::vector<std::string> check_integrity();

 private:
  struct State;
  explicit Reader(std::unique_ptr<State> state);
  void write_chat(ExportWriter& out, std::int64_t site, const base::VisitorId& visitor);
  std::unique_ptr<State> state_;
};

// Where a data directory keeps its database.
[[nodiscard]] std::filesystem::path database_file(const std::filesystem::path& dir);

}  // namespace beckon::store
