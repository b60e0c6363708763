#include "check_segments.hpp"

#include <algorithm>

#include "beckon/rules/limits.hpp"
#include "source_line.hpp"

namespace beckon::rules {
namespace {

constexpr std::size_t kBeyond = 1'000'000;  // what extents saturate at

Extent extent_of(const Condition& condition, const std::vector<Extent>& segments) {
  if (condition.kind == Condition::Kind::kSegment) {
    const Extent inner = segments[condition.segment];
    return {inner.depth + 1, std::min(inner.nodes + 1, kBeyond)};
  }
  Extent extent{0, 1 + condition.steps.size()};
  for (const Condition& child : condition.children) {
    const Extent inner = extent_of(child, segments);
    extent.depth = std::max(extent.depth, inner.depth);
    extent.nodes = std::min(extent.nodes + inner.nodes, kBeyond);
  }
  return {extent.depth + 1, extent.nodes};
}

// Walks the segments depth first. A segment that is met while it is being walked closes a cycle.
class SegmentWalk {
 public:
  SegmentWalk(Report& report, const std::vector<Segment>& segments)
      : report_(report), segments_(segments), states_(segments.size(), State::kNew), extents_(segments.size()) {}

  std::vector<Extent> walk() {
    for (std::size_t i = 0; i < segments_.size(); ++i) visit(i);
    return std::move(extents_);
  }

 private:
  enum class State : std::uint8_t { kNew, kOpen, kDone };
  struct Hop {
    std::size_t segment;
    std::vector<const Condition*> references;
    std::size_t next = 0;
  };

  // Without recursion: a thousand segments may follow one another.
  void visit(std::size_t first) {
    if (states_[first] != State::kNew) return;
    open(first);
    while (!path_.empty()) {
      Hop& hop = path_.back();
      if (hop.next == hop.references.size()) {
        close();
        continue;
      }
      const Condition& reference = *hop.references[hop.next++];
      if (states_[reference.segment] == State::kOpen) {
        report_cycle(reference);
      } else if (states_[reference.segment] == State::kNew) {
        open(reference.segment);
      }
    }
  }

  void open(std::size_t segment) {
    states_[segment] = State::kOpen;
    Hop& hop = path_.emplace_back(Hop{segment, {}});
    collect_segments(segments_[segment].condition, hop.references);
  }

  void close() {
    const std::size_t segment = path_.back().segment;
    path_.pop_back();
    states_[segment] = State::kDone;
    extents_[segment] = extent_of(segments_[segment].condition, extents_);
  }

  void report_cycle(const Condition& last) {
    const auto begin =
        std::find_if(path_.begin(), path_.end(), [&](const Hop& h) { return h.segment == last.segment; });
    const auto name = [&](std::size_t segment) { return "segment " + quoted(segments_[segment].name); };
    Diagnostic& cycle =
        report_.error("segment-cycle", begin->references[begin->next - 1]->where, name(last.segment) + " needs itself",
                      path_.end() - begin == 1 ? "" : "a segment may use others, but not in a circle");
    for (auto hop = begin + 1; hop < path_.end(); ++hop) {
      const Condition& reference = *hop->references[hop->next - 1];
      cycle.notes.push_back({reference.where, name(hop->segment) + " needs " + name(reference.segment)});
    }
  }

  Report& report_;
  const std::vector<Segment>& segments_;
  std::vector<State> states_;
  std::vector<Extent> extents_;
  std::vector<Hop> path_;
};

}  // namespace

void collect_segments(const Condition& condition, std::vector<const Condition*>& references) {
  if (condition.kind == Condition::Kind::kSegment) references.push_back(&condition);
  for (const Condition& child : condition.children) collect_segments(child, references);
}

std::vector<Extent> check_segments(Report& report, const std::vector<Segment>& segments) {
  std::vector<Extent> extents = SegmentWalk(report, segments).walk();
  for (const Segment& segment : segments) check_extent(report, segment.condition, extents);
  return extents;
}

void check_extent(Report& report, const Condition& condition, const std::vector<Extent>& segments) {
  const Extent extent = extent_of(condition, segments);
  // A segment beyond the bounds was reported where it stands.
  std::vector<const Condition*> references;
  collect_segments(condition, references);
  for (const Condition* reference : references) {
    const Extent inner = segments[reference->segment];
    if (inner.depth > kMaxConditionDepth || inner.nodes > kMaxConditionNodes) return;
  }
  if (extent.depth > kMaxConditionDepth) {
    report.error("too-deep", condition.where,
                 "conditions inside one another, segments included: at most " + std::to_string(kMaxConditionDepth) +
                     ", here " + std::to_string(extent.depth));
  } else if (extent.nodes > kMaxConditionNodes) {
    report.error("too-many", condition.where,
                 "a condition has at most " + std::to_string(kMaxConditionNodes) +
                     " parts, segments included, this one has " +
                     (extent.nodes >= kBeyond ? "far more" : std::to_string(extent.nodes)));
  }
}

}  // namespace beckon::rules
