#include "store/erase_op.hpp"

#include "store/chat_sweep.hpp"
#include "store/limits.hpp"
#include "store/row_key.hpp"

namespace beckon::store {
namespace {

// The part that both have: a sweep is set up in the call's own place among the writes, and handed over when that is
// committed.
class SweepingOp : public WriteOp {
 public:
  explicit SweepingOp(SweepDone done) : done_(std::move(done)) {}
  void apply(Writer& writer) override { sweep_ = set_up(writer, done_); }
  bool durable() const override { return true; }
  std::unique_ptr<Sweep> follow_up() override { return std::move(sweep_); }
  bool retry_after(const base::Error& why) override {
    done_(why);
    return false;
  }

 private:
  virtual std::unique_ptr<Sweep> set_up(Writer& writer, const SweepDone& done) = 0;
  const SweepDone done_;
  std::unique_ptr<Sweep> sweep_;
};

class EraseOp final : public SweepingOp {
 public:
  EraseOp(base::SiteId site, base::VisitorId visitor, const FileShelf& shelf, SweepDone done)
      : SweepingOp(std::move(done)), site_(std::move(site)), visitor_(std::move(visitor)), shelf_(shelf) {}

 private:
  // Rows written later, for a visitor who has begun anew, lie behind the last keys of now.
  std::unique_ptr<Sweep> set_up(Writer& writer, const SweepDone& done) override {
    const std::int64_t site = writer.number_of(site_);
    auto sweep = std::make_unique<Sweep>(Sweep::Trace::kMustGo, done);
    sweep->count(writer.erase_small(site, visitor_));
    for (const char* table : {"journal", "decision", "offer"}) {
      sweep->add_keys(table, 0, writer.last_key(table) + 1, site, visitor_);
    }
    erase_chat(writer.database(), site, visitor_, shelf_, *sweep);
    return sweep;
  }

  const base::SiteId site_;
  const base::VisitorId visitor_;
  const FileShelf shelf_;
};

class PurgeOp final : public SweepingOp {
 public:
  PurgeOp(base::SiteId site, const Retention& keep, Instant now, const FileShelf& shelf, SweepDone done)
      : SweepingOp(std::move(done)), site_(std::move(site)), keep_(keep), now_(now), shelf_(shelf) {}

 private:
  std::unique_ptr<Sweep> set_up(Writer& writer, const SweepDone& done) override {
    const std::int64_t site = writer.number_of(site_);
    auto sweep = std::make_unique<Sweep>(Sweep::Trace::kMayLinger, done);
    sweep->count(writer.purge_small(site, now_ - keep_.results));
    sweep->add_keys("journal", 0, first_key(now_ - keep_.events), site, {});
    sweep->add_keys("decision", 0, first_key(now_ - keep_.events), site, {});
    sweep->add_keys("offer", 0, first_key(now_ - keep_.results), site, {});
    sweep->add_visitors(site, now_ - keep_.visitors);
    add_old_chat(site, now_ - keep_.conversations, now_ - kKeepUnsaidFiles, shelf_, *sweep);
    return sweep;
  }

  const base::SiteId site_;
  const Retention keep_;
  const Instant now_;
  const FileShelf shelf_;
};

}  // namespace

std::unique_ptr<WriteOp> make_erase_op(base::SiteId site, base::VisitorId visitor, const FileShelf& shelf,
                                       SweepDone done) {
  return std::make_unique<EraseOp>(std::move(site), std::move(visitor), shelf, std::move(done));
}

std::unique_ptr<WriteOp> make_purge_op(base::SiteId site, const Retention& keep, Instant now, const FileShelf& shelf,
                                       SweepDone done) {
  return std::make_unique<PurgeOp>(std::move(site), keep, now, shelf, std::move(done));
}

std::unique_ptr<Sweep> make_orphan_sweep(Database& db, const FileShelf& shelf) {
  // An erasure that was cut short is done to its end.
  const bool cut_short = db.number("SELECT count(*) FROM doomed").value_or(0) > 0;
  const auto trace = cut_short ? Sweep::Trace::kMustGo : Sweep::Trace::kMayLinger;
  auto sweep = std::make_unique<Sweep>(trace, [](base::Result<std::uint64_t>) {});
  add_orphans(shelf.list(), shelf, *sweep);
  return sweep;
}

}  // namespace beckon::store
