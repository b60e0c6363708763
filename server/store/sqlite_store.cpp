#include "store/sqlite_store.hpp"

#include "store/erase_op.hpp"
#include "store/erase_request.hpp"
#include "store/migrations.hpp"
#include "store/sqlite_operator_store.hpp"

namespace beckon::store {
namespace {

base::Status check_key(std::string_view key) {
  if (!key.empty() && key.size() <= kMaxKeyBytes) return {};
  return base::Error{base::ErrorCode::kInvalid, "a key has 1 to 256 bytes"};
}

base::Status check_setting(std::string_view key, std::string_view value) {
  if (value.size() > kMaxSettingBytes) return base::Error{base::ErrorCode::kInvalid, "a setting's value is over 1 MiB"};
  return check_key(key);
}

class SqliteStore final : public SqliteOperatorStore {
 public:
  SqliteStore(Opened opened, const SqliteOptions& options)
      : SqliteOperatorStore(std::move(opened), options),
        requests_(options.dir, [this, through = options.erase_through](const base::SiteId& site,
                                                                       const base::VisitorId& visitor,
                                                                       EraseWatch::Answer answer) {
          queue_.forget({site, visitor});
          if (through) return through(site, visitor, std::move(answer));
          erase(site, visitor, [](Task task) { task(); }, std::move(answer));
        }) {}

  void load_visitor(const base::SiteId& site, const base::VisitorId& visitor, const Poster& post,
                    Callback<std::optional<VisitorRecord>> done) override {
    using Found = std::optional<VisitorRecord>;
    const WriteQueue::Glance glance = queue_.glance({site, visitor});
    if (glance.record) answer<Found>(post, std::move(done), Found(*glance.record));
    else if (glance.erased) answer<Found>(post, std::move(done), Found());
    else
      read<Found>(visiting_, 0, post, std::move(done),
                  [site, visitor](Reader& r) { return r.load_visitor(site, visitor); });
  }

  void find_identity(const base::SiteId& site, std::string_view identity, const Poster& post,
                     Callback<std::optional<base::VisitorId>> done) override {
    read<std::optional<base::VisitorId>>(
        visiting_, queue_.last_number(), post, std::move(done),
        [site, who = std::string(identity)](Reader& r) { return r.find_identity(site, who); });
  }

  void save_visitor(const base::SiteId& site, VisitorRecord visitor) override { queue_.push(site, std::move(visitor)); }

  void record(const base::SiteId& site, Batch batch) override { queue_.push(site, std::move(batch)); }

  void add_survey(const base::SiteId& site, SurveyRow row, const Poster& post, Callback<Added> done) override {
    add(site, std::move(row), post, std::move(done));
  }

  void erase(const base::SiteId& site, const base::VisitorId& visitor, const Poster& post,
             Callback<void> done) override {
    const VisitorKey key{site, visitor};
    auto op = make_erase_op(site, visitor, shelf_, [this, key, post, done](base::Result<std::uint64_t> how) {
      queue_.erased(key);
      answer<void>(post, done, how ? base::Status() : base::Status(how.error()));
    });
    std::unique_ptr<WriteOp> refused;
    pending_files_.erase(key, [&] { refused = queue_.push_erase(key, std::move(op)); });
    if (refused) answer<void>(post, std::move(done), overloaded());
  }

  void export_visitor(const base::SiteId& site, const base::VisitorId& visitor, const Poster& post,
                      Callback<std::string> done) override {
    read<std::string>(reporting_, queue_.last_number(), post, std::move(done),
                      [site, visitor](Reader& r) { return r.export_visitor(site, visitor); });
  }

  void purge(const base::SiteId& site, const Retention& keep, Instant now, const Poster& post,
             Callback<std::uint64_t> done) override {
    auto op = make_purge_op(site, keep, now, shelf_,
                            [post, done](base::Result<std::uint64_t> how) { answer(post, done, std::move(how)); });
    if (queue_.push(std::move(op))) answer<std::uint64_t>(post, std::move(done), overloaded());
  }

  void results(const base::SiteId& site, const Span& span, const Poster& post,
               Callback<std::vector<RuleResult>> done) override {
    read<std::vector<RuleResult>>(reporting_, queue_.last_number(), post, std::move(done),
                                  [site, span](Reader& r) { return r.results(site, span); });
  }

  void read_journal(const base::SiteId& site, const Span& span, std::optional<std::int64_t> after, std::size_t limit,
                    const Poster& post, Callback<JournalPage> done) override {
    read<JournalPage>(reporting_, queue_.last_number(), post, std::move(done),
                      [=](Reader& r) { return r.read_journal(site, span, after, limit); });
  }

  void load_setting(const base::SiteId& site, std::string_view key, const Poster& post,
                    Callback<std::optional<std::string>> done) override {
    read<std::optional<std::string>>(visiting_, queue_.last_number(), post, std::move(done),
                                     [site, name = std::string(key)](Reader& r) { return r.load_setting(site, name); });
  }

  void save_setting(const base::SiteId& site, std::string_view key, std::string_view value, const Poster& post,
                    Callback<void> done) override {
    if (base::Status fits = check_setting(key, value); !fits)
      return answer<void>(post, std::move(done), std::move(fits));
    write<void>(post, std::move(done), [site, name = std::string(key), text = std::string(value)](Writer& w) {
      w.save_setting(w.number_of(site), name, text);
      return base::Status();
    });
  }

  void ensure_setting(const base::SiteId& site, std::string_view key, std::string_view value, const Poster& post,
                      Callback<std::string> done) override {
    if (base::Status fits = check_setting(key, value); !fits)
      return answer<std::string>(post, std::move(done), fits.error());
    write<std::string>(post, std::move(done), [site, name = std::string(key), text = std::string(value)](Writer& w) {
      return base::Result<std::string>(w.ensure_setting(w.number_of(site), name, text));
    });
  }

  void begin_run(std::string_view version, Instant t, const Poster& post, Callback<Run> done) override {
    write<Run>(post, std::move(done), [text = std::string(version), t](Writer& w) {
      return base::Result<Run>(Run{w.begin_run(text, t), t, std::nullopt, text});
    });
  }

  void end_run(std::int64_t number, Instant t, const Poster& post, Callback<void> done) override {
    write<void>(post, std::move(done), [number, t](Writer& w) {
      return w.end_run(number, t) ? base::Status() : base::Error{base::ErrorCode::kNotFound, "no such run"};
    });
  }

  void flush(const Poster& post, Callback<void> done) override {
    write<void>(post, std::move(done), [](Writer&) { return base::Status(); });
  }

  Instant latest_instant() const override { return latest_; }

  Health health() const override {
    const WriteQueue::Counts counts = queue_.counts();
    Health health;
    health.dropped_lines = counts.dropped_lines;
    health.dropped_visitors = counts.dropped_visitors;
    health.dropped_marks = counts.dropped_marks;
    health.refused = counts.refused + refused_reads_;
    health.pending_bytes = counts.pending_bytes;
    writing_.describe(health);
    return health;
  }

 private:
  template <class Row>
  void add(const base::SiteId& site, Row row, const Poster& post, Callback<Added> done) {
    if (base::Status fits = check_key(row.key); !fits) return answer<Added>(post, std::move(done), fits.error());
    write<Added>(post, std::move(done), [site, row = std::move(row)](Writer& w) {
      return base::Result<Added>(w.insert(w.number_of(site), row));
    });
  }

  EraseWatch requests_;
};

base::Result<Opened> open_all(const SqliteOptions& options) {
  auto lock = DataLock::acquire(options.dir);
  if (!lock) return lock.error();
  auto writing = Database::open(database_file(options.dir), Access::kReadWrite);
  if (!writing) return writing.error();
  if (base::Status fits = migrate(**writing); !fits) return fits.error();
  auto visiting = Reader::open(options.dir);
  if (!visiting) return visiting.error();
  auto reporting = Reader::open(options.dir);
  if (!reporting) return reporting.error();
  auto filing = Reader::open(options.dir);
  if (!filing) return filing.error();
  auto latest = (*reporting)->latest_instant();
  if (!latest) return latest.error();
  return Opened{std::move(*lock),      std::move(*writing), std::move(*visiting), std::move(*reporting),
                std::move(*filing), *latest};
}

}  // namespace

base::Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options) {
  auto opened = open_all(options);
  if (!opened) return opened.error();
  return std::unique_ptr<Store>(std::make_unique<SqliteStore>(std::move(*opened), options));
}

}  // namespace beckon::store
