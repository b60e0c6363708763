#include "store/row_text.hpp"

#include "base/base64.hpp"
#include "store/limits.hpp"

namespace beckon::store {
namespace {

void instant(json::Writer& out, std::string_view key, Instant t) { out.key(key).number(rules::to_ms(t)); }

void text_if_said(json::Writer& out, std::string_view key, std::string_view text) {
  if (!text.empty()) out.key(key).string(text);
}

}  // namespace

std::string_view without_line_break(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

std::string gap_line(Instant t) {
  std::string line;
  json::Writer(line).begin_object().key("t").number(rules::to_ms(t)).key("type").string("gap").end_object();
  return line;
}

void ExportWriter::begin(const base::SiteId& site, const base::VisitorId& visitor) {
  out_.begin_object().key("visitor").string(visitor.text()).key("site").string(site.text());
}

void ExportWriter::record(const std::optional<VisitorRecord>& record) {
  out_.key("record");
  if (!record) {
    out_.null();
    return;
  }
  found_ = true;
  out_.begin_object();
  instant(out_, "first_seen", record->first_seen);
  instant(out_, "last_seen", record->last_seen);
  text_if_said(out_, "identity", record->identity);
  out_.key("snapshot").raw(record->snapshot.empty() ? "{}" : record->snapshot).end_object();
}

void ExportWriter::begin_list(std::string_view name) { out_.key(name).begin_array(); }

void ExportWriter::line(std::string_view json) {
  found_ = true;
  out_.raw(json);
}

void ExportWriter::row(const DecisionRow& row) {
  found_ = true;
  out_.begin_object();
  instant(out_, "t", row.t);
  out_.key("tab").string(row.tab.text()).key("rule").string(row.rule.text());
  out_.key("verdict").string(rules::name_of(row.verdict));
  text_if_said(out_, "variant", row.variant);
  text_if_said(out_, "why", row.why);
  out_.end_object();
}

void ExportWriter::row(const OfferRow& row) {
  found_ = true;
  out_.begin_object();
  instant(out_, "t", row.t);
  out_.key("offer").string(row.offer.text()).key("stage").string(name_of(row.stage));
  out_.key("rule").string(row.rule.text()).key("group").string(name_of(row.group));
  text_if_said(out_, "variant", row.variant);
  out_.key("tab").string(row.tab.text()).key("page").string(row.page_path).end_object();
}

void ExportWriter::row(const SurveyRow& row) {
  found_ = true;
  out_.begin_object();
  instant(out_, "t", row.t);
  out_.key("offer").string(row.offer.text()).key("rule").string(row.rule.text());
  out_.key("score").number(std::int64_t{row.score}).key("comment").string(row.comment).end_object();
}

void ExportWriter::begin_conversation(const Conversation& row) {
  found_ = true;
  out_.begin_object().key("id").string(row.id.text()).key("state").string(name_of(row.state));
  instant(out_, "created", row.created);
  text_if_said(out_, "rule", row.rule.text());
  text_if_said(out_, "offer", row.offer.text());
  text_if_said(out_, "skill", row.skill);
  text_if_said(out_, "group", row.group);
  text_if_said(out_, "name", row.name);
  text_if_said(out_, "email", row.email);
  text_if_said(out_, "language", row.language);
  if (!row.context.empty()) out_.key("context").raw(row.context);
  out_.key("messages").begin_array();
}

void ExportWriter::row(const Message& row) {
  out_.begin_object().key("seq").number(static_cast<std::int64_t>(row.seq));
  instant(out_, "at", row.at);
  out_.key("from").string(name_of(row.author));
  text_if_said(out_, "name", row.name);
  if (row.kind == MessageKind::kText) out_.key("text").string(row.body);
  else out_.key(name_of(row.kind)).raw(row.body);
  out_.end_object();
}

void ExportWriter::end_conversation() { out_.end_array().end_object(); }

void ExportWriter::row(const TaskRow& row) {
  found_ = true;
  out_.begin_object();
  instant(out_, "t", row.t);
  out_.key("id").string(row.id.text()).key("kind").string(name_of(row.kind));
  text_if_said(out_, "conversation", row.conversation.text());
  text_if_said(out_, "offer", row.offer.text());
  text_if_said(out_, "rule", row.rule.text());
  text_if_said(out_, "name", row.name);
  text_if_said(out_, "phone", row.phone);
  text_if_said(out_, "email", row.email);
  text_if_said(out_, "text", row.text);
  out_.key("page").string(row.page_path).key("done").boolean(row.state == TaskState::kDone).end_object();
}

void ExportWriter::row(const FileRecord& row, const std::optional<std::string>& content) {
  found_ = true;
  out_.begin_object();
  instant(out_, "at", row.at);
  out_.key("file").raw(file_body(row));
  text_if_said(out_, "conversation", row.conversation.text());
  out_.key("content");
  if (!content || content_bytes_ + content->size() > kMaxExportedFileBytes) {
    out_.null();
  } else {
    content_bytes_ += content->size();
    out_.string(base::base64(*content));
  }
  out_.end_object();
}

void ExportWriter::end_list() { out_.end_array(); }

std::string ExportWriter::end() {
  out_.end_object();
  return std::move(text_);
}

}  // namespace beckon::store
