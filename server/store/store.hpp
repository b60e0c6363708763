// The truth: what Beckon knows that must outlive the process. One of the two seams (the other is the Bus) behind which
// one process with SQLite and, one day, many nodes share one code path.
//
//   store.load_visitor(site, id, post, [this](auto found) { … });     // answered on this shard's thread
//   store.record(site, std::move(batch));                             // behind: returns at once
//   store.append(site, conversation, message, post, [this](auto appended) { … });   // answered after the commit
//
// Three kinds of calls:
//   behind    returns at once and has no answer. Kept within some 5 ms; what cannot be kept is counted, and for the
//             journal a gap line says so. Never blocks.
//   durable   answered when it is on disk (commit with fsync), or with why it is not. After an error nothing of the
//             call is kept. kOverloaded and kUnavailable: it may be tried again, with the same key where the row has one.
//   read      answered with what is there; it sees every call made before it from the same thread, behind calls
//             included (erase and purge from their answer on).
//
// Order: calls from one thread take effect in the order made. A batch is kept whole, so an input is never without its
// decision.
//
// The empty SiteId stands for the server itself, in settings alone.
//
// Chat (chat_store.hpp) and operators (operator_store.hpp) are parts of it in headers of their own.
//
// Thread safety: every function may be called from any thread and never blocks, except where said. Answers come through
// the caller's Poster. The destructor waits until everything accepted is on disk or has failed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/chat_store.hpp"
#include "store/operator_store.hpp"
#include "store/post.hpp"
#include "store/records.hpp"

namespace beckon::store {

// For /readyz and /metrics. Counters count from the start of the process.
struct Health {
  bool writable = true;             // false: the last commit failed, `problem` says why; it is tried again
  std::string problem;
  std::uint64_t commits = 0, failed_commits = 0;
  std::uint64_t rows = 0;           // written
  std::uint64_t dropped_lines = 0;  // lines, decisions and offers in whose place a gap stands
  std::uint64_t dropped_visitors = 0;
  std::uint64_t dropped_marks = 0;  // of mark, save_context and prolong_session
  std::uint64_t refused = 0;        // durable calls and reads answered with kOverloaded
  std::uint64_t pending_bytes = 0;  // of recorded batches, now
  std::uint64_t wal_bytes = 0;      // now
};

class Store : public ChatStore, public OperatorStore {
 public:

  // --- Visitors ------------------------------------------------------------------------------------------------------

  // read. Empty: never seen, or erased, or purged.
  virtual void load_visitor(const base::SiteId& site, const base::VisitorId& visitor, const Poster& post,
                            Callback<std::optional<VisitorRecord>> done) = 0;
  // read. The visitor that this identity was last saved with.
  virtual void find_identity(const base::SiteId& site, std::string_view identity, const Poster& post,
                             Callback<std::optional<base::VisitorId>> done) = 0;
  // behind. Replaces the whole record. Of several waiting for one visitor the last is written.
  virtual void save_visitor(const base::SiteId& site, VisitorRecord visitor) = 0;

  // --- What happened -------------------------------------------------------------------------------------------------

  // behind.
  virtual void record(const base::SiteId& site, Batch batch) = 0;
  // durable.
  virtual void add_survey(const base::SiteId& site, SurveyRow row, const Poster& post, Callback<Added> done) = 0;

  // --- Privacy -------------------------------------------------------------------------------------------------------

  // durable. Everything about the visitor goes: record, lines, decisions, offers, answers, the conversation with its
  // messages, tasks, files; what calls made before it wrote, too. When it is answered nothing of it is left in any file
  // of the store, free pages and log included; until a reader that is under way lets that happen it waits. Calls made
  // later for that visitor are kept as for a new one.
  virtual void erase(const base::SiteId& site, const base::VisitorId& visitor, const Poster& post,
                     Callback<void> done) = 0;
  // read. One JSON object: {"visitor", "site", "record", "journal": […], "decisions": […], "offers": […], "surveys":
  // […], "conversations": [… with "messages"], "tasks": […], "files": [… with "content" in base64]}. Contents beyond
  // kMaxExportedFileBytes in all are null. kNotFound when nothing at all is known.
  virtual void export_visitor(const base::SiteId& site, const base::VisitorId& visitor, const Poster& post,
                              Callback<std::string> done) = 0;
  // durable. Removes what is older than `keep` at `now`. The number of rows removed. Call it every few hours for every
  // site.
  virtual void purge(const base::SiteId& site, const Retention& keep, Instant now, const Poster& post,
                     Callback<std::uint64_t> done) = 0;

  // --- Reports -------------------------------------------------------------------------------------------------------

  // read. By rule id. Rules that never were eligible are not in it.
  virtual void results(const base::SiteId& site, const Span& span, const Poster& post,
                       Callback<std::vector<RuleResult>> done) = 0;
  // read. The site's lines of `span` in order of t, shard, seq, at most `limit` (kMaxJournalPageLines) and only as many
  // whole instants as fit; `after` is the page's before, `next`, or empty. Lines that are recorded while one pages
  // through may be missed when their instant was already read.
  virtual void read_journal(const base::SiteId& site, const Span& span, std::optional<std::int64_t> after,
                            std::size_t limit, const Poster& post, Callback<JournalPage> done) = 0;

  // --- Settings: salts, keys, switches -------------------------------------------------------------------------------

  // read.
  virtual void load_setting(const base::SiteId& site, std::string_view key, const Poster& post,
                            Callback<std::optional<std::string>> done) = 0;
  // durable.
  virtual void save_setting(const base::SiteId& site, std::string_view key, std::string_view value, const Poster& post,
                            Callback<void> done) = 0;
  // durable. Keeps `value` unless the key has one; answers with what is kept. For keys that are made once:
  // ensure_setting(server, "token_key", Secret::random().hex(), …).
  virtual void ensure_setting(const base::SiteId& site, std::string_view key, std::string_view value,
                              const Poster& post, Callback<std::string> done) = 0;

  // --- Life ----------------------------------------------------------------------------------------------------------

  // durable. A run of the server begins; end_run when it stops in order. A run before it without an end died.
  virtual void begin_run(std::string_view version, Instant t, const Poster& post, Callback<Run> done) = 0;
  virtual void end_run(std::int64_t number, Instant t, const Poster& post, Callback<void> done) = 0;
  // durable. Answered when every call made before it from this thread is on disk; an error when the disk does not take
  // them now (behind calls are tried again).
  virtual void flush(const Poster& post, Callback<void> done) = 0;

  // The latest instant of any journal line when the store was opened; Instant::min() when there was none. See
  // SystemClock.
  [[nodiscard]] virtual Instant latest_instant() const = 0;
  [[nodiscard]] virtual Health health() const = 0;
};

}  // namespace beckon::store
