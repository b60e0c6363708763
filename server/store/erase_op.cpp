#include "store/erase_op.hpp"

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
  EraseOp(base::SiteId site, base::VisitorId visitor, SweepDone done)
      : SweepingOp(std::move(done)), site_(std::move(site)), visitor_(std::move(visitor)) {}

 private:
  // Rows written later, for a visitor who has begun anew, lie behind the last keys of now.
  std::unique_ptr<Sweep> set_up(Writer& writer, const SweepDone& done) override {
    const std::int64_t site = writer.number_of(site_);
    auto sweep = std::make_unique<Sweep>(Sweep::Trace::kMustGo, done);
    sweep->count(writer.erase_small(site, visitor_));
    for (const char* table : {"journal", "decision", "offer"}) {
      sweep->add_keys(table, 0, writer.last_key(table) + 1, site, visitor_);
    }
    return sweep;
  }

  const base::SiteId site_;
  const base::VisitorId visitor_;
};

class PurgeOp final : public SweepingOp {
 public:
  PurgeOp(base::SiteId site, const Retention& keep, Instant now, SweepDone done)
      : SweepingOp(std::move(done)), site_(std::move(site)), keep_(keep), now_(now) {}

 private:
  std::unique_ptr<Sweep> set_up(Writer& writer, const SweepDone& done) override {
    const std::int64_t site = writer.number_of(site_);
    auto sweep = std::make_unique<Sweep>(Sweep::Trace::kMayLinger, done);
    sweep->count(writer.purge_small(site, now_ - keep_.results));
    sweep->add_keys("journal", 0, first_key(now_ - keep_.events), site, {});
    sweep->add_keys("decision", 0, first_key(now_ - keep_.events), site, {});
    sweep->add_keys("offer", 0, first_key(now_ - keep_.results), site, {});
    sweep->add_visitors(site, now_ - keep_.visitors);
    return sweep;
  }

  const base::SiteId site_;
  const Retention keep_;
  const Instant now_;
};

}  // namespace

std::unique_ptr<WriteOp> make_erase_op(base::SiteId site, base::VisitorId visitor, SweepDone done) {
  return std::make_unique<EraseOp>(std::move(site), std::move(visitor), std::move(done));
}

std::unique_ptr<WriteOp> make_purge_op(base::SiteId site, const Retention& keep, Instant now, SweepDone done) {
  return std::make_unique<PurgeOp>(std::move(site), keep, now, std::move(done));
}

}  // namespace beckon::store
