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

inline Instant at(std::int64_t seconds) { return rules::at_ms(1'800'000'000'000 + seconds * 1000); }

[[nodiscard]] std::unique_ptr<Store> open(const TempDir& dir, SqliteOptions options = {});

// Every call, waited for.
class Waiting {
 public:
  explicit Waiting(Store& store) : store_(store) {}

  std::optional<VisitorRecord> load(const base::SiteId& site, const base::VisitorId& visitor);
  std::optional<base::VisitorId> find_identity(const base::SiteId& site, std::string_view identity);
  base::Result<Added> add(const base::SiteId& site, CallbackRow row);
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

 private:
  Store& store_;
};

[[nodiscard]] JournalRow line(std::uint64_t seq, Instant t, const base::VisitorId& visitor, std::string text);
[[nodiscard]] Batch lines(std::vector<JournalRow> rows, std::uint32_t shard = 0);
[[nodiscard]] OfferRow offer(std::string id, OfferStage stage, Instant t, std::string rule,
                             OfferGroup group = OfferGroup::kTreated, const base::VisitorId& visitor = kAnna);
[[nodiscard]] CallbackRow callback(std::string key, Instant t, std::string phone,
                                   const base::VisitorId& visitor = kAnna);
[[nodiscard]] SurveyRow survey(std::string key, Instant t, int score, const base::VisitorId& visitor = kAnna);
[[nodiscard]] VisitorRecord record(const base::VisitorId& visitor, std::string snapshot, Instant last_seen = at(0));

// Whether any file of the directory holds the bytes.
[[nodiscard]] bool holds(const TempDir& dir, std::string_view bytes);

}  // namespace beckon::store
