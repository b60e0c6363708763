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
      await<Found>([&](const Poster& post, Callback<Found> done) { store_.load_visitor(site, visitor, post, done); });
  if (!found) FAIL(found.error().message);
  return *found;
}

std::optional<base::VisitorId> Waiting::find_identity(const base::SiteId& site, std::string_view identity) {
  using Found = std::optional<base::VisitorId>;
  auto found =
      await<Found>([&](const Poster& post, Callback<Found> done) { store_.find_identity(site, identity, post, done); });
  if (!found) FAIL(found.error().message);
  return *found;
}

base::Result<Added> Waiting::add(const base::SiteId& site, CallbackRow row) {
  return await<Added>([&](const Poster& post, Callback<Added> done) { store_.add_callback(site, row, post, done); });
}

base::Result<Added> Waiting::add(const base::SiteId& site, SurveyRow row) {
  return await<Added>([&](const Poster& post, Callback<Added> done) { store_.add_survey(site, row, post, done); });
}

base::Status Waiting::erase(const base::SiteId& site, const base::VisitorId& visitor) {
  return await<void>([&](const Poster& post, Callback<void> done) { store_.erase(site, visitor, post, done); });
}

base::Result<std::string> Waiting::exported(const base::SiteId& site, const base::VisitorId& visitor) {
  return await<std::string>(
      [&](const Poster& post, Callback<std::string> done) { store_.export_visitor(site, visitor, post, done); });
}

std::uint64_t Waiting::purge(const base::SiteId& site, const Retention& keep, Instant now) {
  auto gone = await<std::uint64_t>(
      [&](const Poster& post, Callback<std::uint64_t> done) { store_.purge(site, keep, now, post, done); });
  if (!gone) FAIL(gone.error().message);
  return *gone;
}

std::vector<RuleResult> Waiting::results(const base::SiteId& site, const Span& span) {
  using Found = std::vector<RuleResult>;
  auto found = await<Found>([&](const Poster& post, Callback<Found> done) { store_.results(site, span, post, done); });
  if (!found) FAIL(found.error().message);
  return *found;
}

JournalPage Waiting::journal_page(const base::SiteId& site, const Span& span, std::optional<std::int64_t> after,
                                  std::size_t limit) {
  auto page = await<JournalPage>([&](const Poster& post, Callback<JournalPage> done) {
    store_.read_journal(site, span, after, limit, post, done);
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
      await<Found>([&](const Poster& post, Callback<Found> done) { store_.load_setting(site, key, post, done); });
  if (!found) FAIL(found.error().message);
  return *found;
}

base::Status Waiting::save_setting(const base::SiteId& site, std::string_view key, std::string_view value) {
  return await<void>(
      [&](const Poster& post, Callback<void> done) { store_.save_setting(site, key, value, post, done); });
}

base::Result<std::string> Waiting::ensure_setting(const base::SiteId& site, std::string_view key,
                                                  std::string_view value) {
  return await<std::string>(
      [&](const Poster& post, Callback<std::string> done) { store_.ensure_setting(site, key, value, post, done); });
}

Run Waiting::begin_run(std::string_view version, Instant t) {
  auto run = await<Run>([&](const Poster& post, Callback<Run> done) { store_.begin_run(version, t, post, done); });
  if (!run) FAIL(run.error().message);
  return *run;
}

base::Status Waiting::end_run(std::int64_t number, Instant t) {
  return await<void>([&](const Poster& post, Callback<void> done) { store_.end_run(number, t, post, done); });
}

base::Status Waiting::flush() {
  return await<void>([&](const Poster& post, Callback<void> done) { store_.flush(post, done); });
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

CallbackRow callback(std::string key, Instant t, std::string phone, const base::VisitorId& visitor) {
  return {std::move(key), base::OfferId("o_1"), base::RuleId("call-us"), visitor, t, std::move(phone), "Anna",
          "/contact"};
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
