#include "store/reader.hpp"

#include <algorithm>
#include <map>
#include <system_error>
#include <tuple>

#include "store/limits.hpp"
#include "store/migrations.hpp"
#include "store/reader_state.hpp"
#include "store/row_key.hpp"
#include "store/row_text.hpp"

namespace beckon::store {
namespace {

struct Line {
  std::int64_t shard = 0, seq = 0;
  std::string text;
};

// Lines of one instant are kept in the order of their arrival; they go out by shard and seq.
void append_instant(std::vector<Line>& instant, std::vector<std::string>& out) {
  std::stable_sort(instant.begin(), instant.end(),
                   [](const Line& a, const Line& b) { return std::tie(a.shard, a.seq) < std::tie(b.shard, b.seq); });
  for (Line& line : instant) out.push_back(std::move(line.text));
  instant.clear();
}

VisitorRecord read_record(const base::VisitorId& visitor, const Statement& row) {
  VisitorRecord record;
  record.id = visitor;
  record.snapshot = row.text(0);
  if (const auto hash = row.blob(1); hash.size() == base::kSecretBytes) {
    std::array<std::uint8_t, base::kSecretBytes> bytes{};
    std::copy(hash.begin(), hash.end(), bytes.begin());
    record.token_hash = base::TokenHash(bytes);
  }
  record.first_seen = rules::at_ms(row.integer(2));
  record.last_seen = rules::at_ms(row.integer(3));
  record.identity = row.text(4);
  return record;
}

DecisionRow read_decision(const Statement& row) {
  DecisionRow out;
  out.t = instant_of(row.integer(0));
  out.tab = base::TabId(row.text(1));
  out.rule = base::RuleId(row.text(2));
  out.verdict = static_cast<rules::Verdict>(row.integer(3));
  out.variant = row.text(4);
  out.why = row.text(5);
  return out;
}

OfferRow read_offer(const Statement& row) {
  OfferRow out;
  out.t = instant_of(row.integer(0));
  out.offer = base::OfferId(row.text(1));
  out.stage = static_cast<OfferStage>(row.integer(2));
  out.rule = base::RuleId(row.text(3));
  out.variant = row.text(4);
  out.group = static_cast<OfferGroup>(row.integer(5));
  out.tab = base::TabId(row.text(6));
  out.page_path = row.text(7);
  return out;
}

}  // namespace

std::filesystem::path database_file(const std::filesystem::path& dir) { return dir / "beckon.db"; }

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::~Reader() = default;

base::Result<std::unique_ptr<Reader>> Reader::open(const std::filesystem::path& dir) {
  std::error_code ignored;
  if (!std::filesystem::exists(database_file(dir), ignored)) {
    return base::Error{base::ErrorCode::kNotFound,
                       "no database in " + dir.string() + " (expected " + database_file(dir).string() + ")"};
  }
  auto db = Database::open(database_file(dir), Access::kReadOnly);
  if (!db) return db.error();
  if (base::Status fits = check_version(**db); !fits) return fits.error();
  return std::unique_ptr<Reader>(new Reader(std::make_unique<State>(std::move(*db), FileShelf(dir))));
}

base::Result<std::vector<base::SiteId>> Reader::sites() {
  std::vector<base::SiteId> found;
  Statement query(*state_->db, "SELECT id FROM site WHERE id <> '' ORDER BY id");
  while (query.next()) found.emplace_back(query.text(0));
  if (state_->db->failed()) return state_->db->take_error();
  return found;
}

base::Result<std::vector<Run>> Reader::runs() {
  std::vector<Run> found;
  Statement query(*state_->db, "SELECT number, started, stopped, version FROM run ORDER BY number");
  while (query.next()) {
    Run run{query.integer(0), rules::at_ms(query.integer(1)), std::nullopt, std::string(query.text(3))};
    if (!query.is_null(2)) run.stopped = rules::at_ms(query.integer(2));
    found.push_back(std::move(run));
  }
  if (state_->db->failed()) return state_->db->take_error();
  return found;
}

base::Result<std::optional<VisitorRecord>> Reader::load_visitor(const base::SiteId& site,
                                                                const base::VisitorId& visitor) {
  std::optional<VisitorRecord> found;
  Statement& query = state_->record.with(state_->number_of(site), visitor.text());
  if (query.next()) found = read_record(visitor, query);
  query.reset();
  if (state_->db->failed()) return state_->db->take_error();
  return found;
}

base::Result<std::optional<base::VisitorId>> Reader::find_identity(const base::SiteId& site,
                                                                   std::string_view identity) {
  std::optional<base::VisitorId> found;
  Statement& query = state_->identity.with(state_->number_of(site), identity);
  if (query.next()) found = base::VisitorId(query.text(0));
  query.reset();
  if (state_->db->failed()) return state_->db->take_error();
  return found;
}

base::Result<std::optional<std::string>> Reader::load_setting(const base::SiteId& site, std::string_view key) {
  std::optional<std::string> found;
  Statement& query = state_->setting.with(state_->number_of(site), key);
  if (query.next()) found = query.text(0);
  query.reset();
  if (state_->db->failed()) return state_->db->take_error();
  return found;
}

base::Result<std::string> Reader::export_visitor(const base::SiteId& site, const base::VisitorId& visitor) {
  auto record = load_visitor(site, visitor);
  if (!record) return record.error();
  const std::int64_t number = state_->number_of(site);
  Database& db = *state_->db;
  ExportWriter out;
  out.begin(site, visitor);
  out.record(*record);
  out.begin_list("journal");
  state_->scan("SELECT max(id) FROM (SELECT id FROM journal WHERE id >= ? AND id < ? ORDER BY id LIMIT ?)",
               "SELECT line FROM journal WHERE id >= ? AND id < ? AND site = ? AND visitor = ? ORDER BY id", number,
               visitor, [&](const Statement& row) { out.line(row.text(0)); });
  out.end_list();
  out.begin_list("decisions");
  state_->scan("SELECT max(id) FROM (SELECT id FROM decision WHERE id >= ? AND id < ? ORDER BY id LIMIT ?)",
               "SELECT id, tab, rule, verdict, variant, why FROM decision"
               " WHERE id >= ? AND id < ? AND site = ? AND visitor = ? ORDER BY id", number, visitor,
               [&](const Statement& row) { out.row(read_decision(row)); });
  out.end_list();
  out.begin_list("offers");
  state_->scan("SELECT max(id) FROM (SELECT id FROM offer WHERE id >= ? AND id < ? ORDER BY id LIMIT ?)",
               "SELECT id, offer, stage, rule, variant, part, tab, page FROM offer"
               " WHERE id >= ? AND id < ? AND site = ? AND visitor = ? ORDER BY id", number, visitor,
               [&](const Statement& row) { out.row(read_offer(row)); });
  out.end_list();
  out.begin_list("surveys");
  Statement surveys(db, "SELECT offer, rule, t, score, comment FROM survey WHERE site = ? AND visitor = ? ORDER BY id");
  for (surveys.with(number, visitor.text()); surveys.next();) {
    out.row(SurveyRow{"", base::OfferId(surveys.text(0)), base::RuleId(surveys.text(1)), visitor,
                      rules::at_ms(surveys.integer(2)), static_cast<int>(surveys.integer(3)),
                      std::string(surveys.text(4))});
  }
  out.end_list();
  write_chat(out, number, visitor);
  std::string text = out.end();
  if (db.failed()) return db.take_error();
  if (!out.found()) return base::Error{base::ErrorCode::kNotFound, "nothing is known of this visitor"};
  return text;
}

base::Result<std::vector<RuleResult>> Reader::results(const base::SiteId& site, const Span& span) {
  const std::int64_t number = state_->number_of(site);
  std::map<base::RuleId, RuleResult> by_rule;
  Statement last(*state_->db,
                 "SELECT max(id) FROM (SELECT id FROM offer WHERE id >= ? AND id < ? ORDER BY id LIMIT ?)");
  Statement count(*state_->db, "SELECT rule, stage, part, count(*) FROM offer WHERE id >= ? AND id < ? AND site = ?"
                               " GROUP BY rule, stage, part");
  std::int64_t from = first_key(span.since);
  const std::int64_t until = end_key(span.until);
  while (const auto to = state_->stretch_end(last, from, until)) {
    for (count.with(from, *to, number); count.next();) {
      count_offer(by_rule[base::RuleId(count.text(0))], static_cast<OfferStage>(count.integer(1)),
                  static_cast<OfferGroup>(count.integer(2)), static_cast<std::uint64_t>(count.integer(3)));
    }
    from = *to;
  }
  if (state_->db->failed()) return state_->db->take_error();
  std::vector<RuleResult> all;
  for (auto& [rule, result] : by_rule) {
    result.rule = rule;
    all.push_back(std::move(result));
  }
  return all;
}

base::Result<JournalPage> Reader::read_journal(const base::SiteId& site, const Span& span,
                                               std::optional<std::int64_t> after, std::size_t limit) {
  limit = std::clamp<std::size_t>(limit, 1, kMaxJournalPageLines);
  std::int64_t from = after ? (*after + 1) << kKeyShift : first_key(span.since);
  const std::int64_t until = end_key(span.until);
  const std::int64_t number = state_->number_of(site);
  JournalPage page;
  std::vector<Line> instant;
  std::int64_t t = 0;  // of the lines in `instant`
  const auto stretch_rows = static_cast<std::int64_t>(2 * limit);
  while (!page.next) {
    const auto to = state_->stretch_end(state_->journal_last, from, until, stretch_rows);
    if (!to) break;
    Statement& query = state_->journal.with(from, *to, number);
    while (query.next()) {
      const std::int64_t row_t = query.integer(0) >> kKeyShift;
      if (!instant.empty() && row_t != t) {
        append_instant(instant, page.lines);
        if (page.lines.size() >= limit) {
          page.next = t;
          break;
        }
      }
      t = row_t;
      instant.push_back({query.integer(1), query.integer(2), std::string(query.text(3))});
    }
    query.reset();
    from = *to;
  }
  if (state_->db->failed()) return state_->db->take_error();
  append_instant(instant, page.lines);
  return page;
}

base::Result<Instant> Reader::latest_instant() {
  const auto last = state_->db->number("SELECT max(id) FROM journal");
  if (state_->db->failed()) return state_->db->take_error();
  return last ? instant_of(*last) : Instant::min();
}

base::Status Reader::copy_to(const std::filesystem::path& file) {
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) {
    return base::Error{base::ErrorCode::kConflict, file.string() + " exists already"};
  }
  return state_->db->copy_to(file);
}

std::vector<std::string> Reader::check_integrity() { return state_->db->check_integrity(); }

}  // namespace beckon::store
