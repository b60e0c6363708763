// What rows look like outside: the lines and objects of an export, the same whichever store kept them.
#pragma once

#include <string>
#include <string_view>

#include "beckon/json/writer.hpp"
#include "store/chat_records.hpp"
#include "store/records.hpp"

namespace beckon::store {

// A line as it is kept: without the line break it may have come with.
[[nodiscard]] std::string_view without_line_break(std::string_view line);

// The line that stands for lost ones: {"t":…,"type":"gap"}.
[[nodiscard]] std::string gap_line(Instant t);

// The parts of an export, written in this order between begin() and end().
class ExportWriter {
 public:
  void begin(const base::SiteId& site, const base::VisitorId& visitor);
  void record(const std::optional<VisitorRecord>& record);
  void begin_list(std::string_view name);  // "journal", "decisions", "offers", "surveys", "conversations", "tasks", "files"
  void line(std::string_view json);        // of the journal: one JSON object
  void row(const DecisionRow& row);
  void row(const OfferRow& row);
  void row(const SurveyRow& row);
  void begin_conversation(const Conversation& row);
  void row(const Message& row);             // of the conversation begun
  void end_conversation();
  void row(const TaskRow& row);
  // Writes the content in base64 while contents fit into the export; nullopt: it cannot be read.
  void row(const FileRecord& row, const std::optional<std::string>& content);
  void end_list();
  // The whole text. Whether anything was in it: found().
  [[nodiscard]] std::string end();
  [[nodiscard]] bool found() const { return found_; }

 private:
  std::string text_;
  json::Writer out_{text_};
  bool found_ = false;
  std::size_t content_bytes_ = 0;
};

}  // namespace beckon::store
