#include "store/memory_store.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "store/limits.hpp"
#include "store/memory_operator_store.hpp"
#include "store/row_text.hpp"

namespace beckon::store {
namespace {

bool comes_before(const KeptLine& a, const KeptLine& b) {
  return std::tie(a.row.t, a.shard, a.row.seq) < std::tie(b.row.t, b.shard, b.row.seq);
}

template <class Rows, class Gone>
std::uint64_t remove_if(Rows& rows, Gone gone) {
  return std::erase_if(rows, gone);
}

bool is_keyed(std::string_view key) { return !key.empty() && key.size() <= kMaxKeyBytes; }

class MemoryStore final : public MemoryOperatorStore {
 public:
  void load_visitor(const base::SiteId& site, const base::VisitorId& visitor, const Poster& post,
                    Callback<std::optional<VisitorRecord>> done) override {
    std::optional<VisitorRecord> found;
    {
      const std::lock_guard lock(mutex_);
      const MemorySite& kept = sites_[site];
      if (const auto at = kept.visitors.find(visitor); at != kept.visitors.end()) found = at->second;
    }
    answer<std::optional<VisitorRecord>>(post, std::move(done), std::move(found));
  }

  void find_identity(const base::SiteId& site, std::string_view identity, const Poster& post,
                     Callback<std::optional<base::VisitorId>> done) override {
    std::optional<base::VisitorId> found;
    {
      const std::lock_guard lock(mutex_);
      const MemorySite& kept = sites_[site];
      if (const auto at = kept.identities.find(identity); at != kept.identities.end()) found = at->second;
    }
    answer<std::optional<base::VisitorId>>(post, std::move(done), std::move(found));
  }

  void save_visitor(const base::SiteId& site, VisitorRecord visitor) override {
    const std::lock_guard lock(mutex_);
    if (visitor.snapshot.size() > kMaxSnapshotBytes) {
      ++health_.dropped_visitors;
      return;
    }
    MemorySite& kept = sites_[site];
    forget_identity(kept, visitor.id);
    if (!visitor.identity.empty()) kept.identities[visitor.identity] = visitor.id;
    const base::VisitorId id = visitor.id;
    kept.visitors[id] = std::move(visitor);
    ++health_.rows;
  }

  void record(const base::SiteId& site, Batch batch) override {
    const std::lock_guard lock(mutex_);
    MemorySite& kept = sites_[site];
    health_.rows += batch.journal.size() + batch.decisions.size() + batch.offers.size();
    for (JournalRow& row : batch.journal) {
      row.line = without_line_break(row.line);
      KeptLine line{batch.shard, std::move(row)};
      kept.journal.insert(std::upper_bound(kept.journal.begin(), kept.journal.end(), line, comes_before),
                          std::move(line));
    }
    std::move(batch.decisions.begin(), batch.decisions.end(), std::back_inserter(kept.decisions));
    std::move(batch.offers.begin(), batch.offers.end(), std::back_inserter(kept.offers));
    ++health_.commits;
  }

  void add_survey(const base::SiteId& site, SurveyRow row, const Poster& post, Callback<Added> done) override {
    add(&MemorySite::surveys, site, std::move(row), post, std::move(done));
  }

  void erase(const base::SiteId& site, const base::VisitorId& visitor, const Poster& post,
             Callback<void> done) override {
    {
      const std::lock_guard lock(mutex_);
      MemorySite& kept = sites_[site];
      const auto of_visitor = [&visitor](const auto& row) { return row.visitor == visitor; };
      forget_identity(kept, visitor);
      kept.visitors.erase(visitor);
      remove_if(kept.journal, [&visitor](const KeptLine& line) { return line.row.visitor == visitor; });
      remove_if(kept.decisions, of_visitor);
      remove_if(kept.offers, of_visitor);
      remove_if(kept.surveys, of_visitor);
      kept.chat.erase(visitor);
    }
    answer<void>(post, std::move(done), base::Status());
  }

  void export_visitor(const base::SiteId& site, const base::VisitorId& visitor, const Poster& post,
                      Callback<std::string> done) override {
    ExportWriter out;
    out.begin(site, visitor);
    {
      const std::lock_guard lock(mutex_);
      const MemorySite& kept = sites_[site];
      const auto record = kept.visitors.find(visitor);
      out.record(record == kept.visitors.end() ? std::nullopt : std::optional(record->second));
      out.begin_list("journal");
      for (const KeptLine& line : kept.journal) {
        if (line.row.visitor == visitor) out.line(line.row.line);
      }
      out.end_list();
      write_rows(out, "decisions", kept.decisions, visitor);
      write_rows(out, "offers", kept.offers, visitor);
      write_rows(out, "surveys", kept.surveys, visitor);
      kept.chat.write(out, visitor);
    }
    std::string text = out.end();
    if (out.found()) answer<std::string>(post, std::move(done), std::move(text));
    else
      answer<std::string>(post, std::move(done),
                          base::Error{base::ErrorCode::kNotFound, "nothing is known of this visitor"});
  }

  void purge(const base::SiteId& site, const Retention& keep, Instant now, const Poster& post,
             Callback<std::uint64_t> done) override {
    std::uint64_t removed = 0;
    {
      const std::lock_guard lock(mutex_);
      MemorySite& kept = sites_[site];
      const auto older = [now](base::Duration keep_for) {
        return [before = now - keep_for](const auto& row) { return row.t < before; };
      };
      removed +=
          remove_if(kept.journal, [before = now - keep.events](const KeptLine& line) { return line.row.t < before; });
      removed += remove_if(kept.decisions, older(keep.events));
      removed += remove_if(kept.offers, older(keep.results));
      removed += remove_if(kept.surveys, older(keep.results));
      removed += kept.chat.purge(now - keep.conversations, now - kKeepUnsaidFiles);
      removed += remove_if(kept.visitors, [&](const auto& entry) {
        if (entry.second.last_seen >= now - keep.visitors) return false;
        forget_identity(kept, entry.first);
        return true;
      });
    }
    answer<std::uint64_t>(post, std::move(done), removed);
  }

  void results(const base::SiteId& site, const Span& span, const Poster& post,
               Callback<std::vector<RuleResult>> done) override {
    std::map<base::RuleId, RuleResult> by_rule;
    {
      const std::lock_guard lock(mutex_);
      for (const OfferRow& row : sites_[site].offers) {
        if (row.t >= span.since && row.t < span.until) count_offer(by_rule[row.rule], row.stage, row.group, 1);
      }
    }
    std::vector<RuleResult> all;
    for (auto& [rule, result] : by_rule) {
      result.rule = rule;
      all.push_back(result);
    }
    answer<std::vector<RuleResult>>(post, std::move(done), std::move(all));
  }

  void read_journal(const base::SiteId& site, const Span& span, std::optional<std::int64_t> after, std::size_t limit,
                    const Poster& post, Callback<JournalPage> done) override {
    JournalPage page;
    {
      const std::lock_guard lock(mutex_);
      // `after` is the instant of the last line read, in milliseconds: whole instants are read.
      const auto& journal = sites_[site].journal;
      std::optional<Instant> last;
      for (const KeptLine& line : journal) {
        const Instant t = line.row.t;
        if (t < span.since || t >= span.until || (after && t <= rules::at_ms(*after))) continue;
        if (page.lines.size() >= std::min(limit, kMaxJournalPageLines) && t != last) {
          page.next = rules::to_ms(*last);
          break;
        }
        page.lines.push_back(line.row.line);
        last = t;
      }
    }
    answer<JournalPage>(post, std::move(done), std::move(page));
  }

  void load_setting(const base::SiteId& site, std::string_view key, const Poster& post,
                    Callback<std::optional<std::string>> done) override {
    std::optional<std::string> found;
    {
      const std::lock_guard lock(mutex_);
      const auto& settings = sites_[site].settings;
      if (const auto at = settings.find(key); at != settings.end()) found = at->second;
    }
    answer<std::optional<std::string>>(post, std::move(done), std::move(found));
  }

  void save_setting(const base::SiteId& site, std::string_view key, std::string_view value, const Poster& post,
                    Callback<void> done) override {
    if (auto refused = check_setting(key, value)) {
      answer<void>(post, std::move(done), *refused);
      return;
    }
    {
      const std::lock_guard lock(mutex_);
      sites_[site].settings[std::string(key)] = value;
    }
    answer<void>(post, std::move(done), base::Status());
  }

  void ensure_setting(const base::SiteId& site, std::string_view key, std::string_view value, const Poster& post,
                      Callback<std::string> done) override {
    if (auto refused = check_setting(key, value)) {
      answer<std::string>(post, std::move(done), *refused);
      return;
    }
    std::string kept;
    {
      const std::lock_guard lock(mutex_);
      kept = sites_[site].settings.try_emplace(std::string(key), value).first->second;
    }
    answer<std::string>(post, std::move(done), std::move(kept));
  }

  void begin_run(std::string_view version, Instant t, const Poster& post, Callback<Run> done) override {
    Run run{1, t, std::nullopt, std::string(version)};
    {
      const std::lock_guard lock(mutex_);
      run.number = ++runs_;
    }
    answer<Run>(post, std::move(done), std::move(run));
  }

  void end_run(std::int64_t number, Instant, const Poster& post, Callback<void> done) override {
    bool known = false;
    {
      const std::lock_guard lock(mutex_);
      known = number >= 1 && number <= runs_;
    }
    if (known) answer<void>(post, std::move(done), base::Status());
    else answer<void>(post, std::move(done), base::Error{base::ErrorCode::kNotFound, "no such run"});
  }

  void flush(const Poster& post, Callback<void> done) override { answer<void>(post, std::move(done), base::Status()); }

  Instant latest_instant() const override { return Instant::min(); }

  Health health() const override {
    const std::lock_guard lock(mutex_);
    return health_;
  }

 private:
  static void forget_identity(MemorySite& kept, const base::VisitorId& visitor) {
    const auto at = kept.visitors.find(visitor);
    if (at == kept.visitors.end() || at->second.identity.empty()) return;
    const auto identity = kept.identities.find(at->second.identity);
    if (identity != kept.identities.end() && identity->second == visitor) kept.identities.erase(identity);
  }

  template <class Row>
  void add(std::vector<Row> MemorySite::*rows, const base::SiteId& site, Row row, const Poster& post, Callback<Added> done) {
    if (!is_keyed(row.key)) {
      answer<Added>(post, std::move(done),
                    base::Error{base::ErrorCode::kInvalid, "a row needs a key of 1 to 256 bytes"});
      return;
    }
    Added added = Added::kNew;
    {
      const std::lock_guard lock(mutex_);
      std::vector<Row>& kept = sites_[site].*rows;
      const bool known =
          std::any_of(kept.begin(), kept.end(), [&row](const Row& other) { return other.key == row.key; });
      if (known) added = Added::kDuplicate;
      else kept.push_back(std::move(row));
    }
    answer<Added>(post, std::move(done), added);
  }

  template <class Row>
  static void write_rows(ExportWriter& out, std::string_view name, const std::vector<Row>& rows,
                         const base::VisitorId& visitor) {
    out.begin_list(name);
    for (const Row& row : rows) {
      if (row.visitor == visitor) out.row(row);
    }
    out.end_list();
  }

  static std::optional<base::Error> check_setting(std::string_view key, std::string_view value) {
    if (!is_keyed(key)) return base::Error{base::ErrorCode::kInvalid, "a setting needs a key of 1 to 256 bytes"};
    if (value.size() > kMaxSettingBytes)
      return base::Error{base::ErrorCode::kInvalid, "a setting's value is over 1 MiB"};
    return std::nullopt;
  }

  std::int64_t runs_ = 0;  // guarded by mutex_
};

}  // namespace

std::unique_ptr<Store> make_memory_store() { return std::make_unique<MemoryStore>(); }

}  // namespace beckon::store
