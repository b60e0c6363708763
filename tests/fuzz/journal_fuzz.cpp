// Journal lines: what is accepted can be written, and reads back as it was.
#include "beckon/rules/journal.hpp"
#include "beckon/rules/limits.hpp"
#include "property.hpp"

namespace beckon::fuzz {
namespace {

using rules::JournalLine;
using rules::LineKind;

// The line as this program would write it.
std::string written(const JournalLine& line) {
  std::string out;
  const rules::ShardOf shard{line.shard, line.shards};
  switch (line.kind) {
    case LineKind::kEvent: {
      rules::Event event = line.event;
      rules::PageUrl url;
      std::string referrer;
      if (event.type == rules::EventType::kPage) {
        rules::parse_page_url(line.raw_url, {}, url);
        event.url = &url;
        if (line.raw_referrer) event.referrer = referrer = rules::filter_url(*line.raw_referrer, {});
      }
      rules::write_event(out, line.t, line.visitor, event);
      break;
    }
    case LineKind::kVisitor: rules::write_visitor(out, line.t, line.visitor, *line.snapshot); break;
    case LineKind::kOperators: rules::write_operators(out, line.t, line.site, shard); break;
    case LineKind::kHours: rules::write_hours(out, line.t, *line.site.open, shard); break;
    case LineKind::kRules:
      rules::write_rules(out, line.t, {line.rules_text, line.rules_hash, line.site_id, line.time_zone}, shard);
      break;
    case LineKind::kGap: rules::write_gap(out, line.t, shard); break;
  }
  require(out.size() > 1 && out.find('\n') == out.size() - 1, "a line is one line");
  out.pop_back();
  return out;
}

void check(std::string_view text) {
  rules::JournalReader reader, other;
  JournalLine line, again;
  if (const std::optional<json::Error> error = reader.read(text, line)) {
    require(error->offset <= text.size() && !error->message.empty(), "an error is inside the line");
    return;
  }
  const std::string once = written(line);
  // Escapes and addresses may make a line longer than a reader takes.
  if (other.read(once, again)) {
    require(text.size() * 6 > rules::kMaxJournalLineBytes / 2, "what is written reads back");
    return;
  }
  require(again.kind == line.kind && again.t == line.t && again.visitor == line.visitor, "a line reads back the same");
  if (line.kind == LineKind::kVisitor) require(*again.snapshot == *line.snapshot, "a snapshot reads back the same");
  require(written(again) == once, "a line that was written once stays as it is");
}

}  // namespace
}  // namespace beckon::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  beckon::fuzz::check(beckon::fuzz::text_of(data, size));
  return 0;
}
