// What the `rules` commands read: rule files, journals, and the site that a configuration describes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "beckon/rules/diagnostic.hpp"
#include "beckon/rules/replay.hpp"

namespace beckon::cli {

// How findings are written.
enum class Format { kText, kJson };

// Colours: only on a terminal, and not when NO_COLOR is set.
[[nodiscard]] rules::Color color_of(int file_descriptor);

// A whole file, at most `max_bytes`; "-" is standard input.
[[nodiscard]] base::Result<std::string> read_text(const std::string& file, std::size_t max_bytes);

// A rule file compiled. On findings that are errors they are written to `err`, rendered, and there is no rule set.
[[nodiscard]] std::shared_ptr<const rules::RuleSet> load_rules(const std::string& file, const std::string& site, std::ostream& err);

// Lines of a journal, gzip or not, "-" for standard input, in memory of one line's size.
class JournalLines {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<JournalLines>> open(const std::string& file);
  ~JournalLines();

  // False at the end. The view lives until the next call. A line over kMaxRulesLineBytes is given cut, and `too_long`.
  bool next(std::string_view& line);
  [[nodiscard]] std::uint64_t number() const;    // of the line given last, from 1
  [[nodiscard]] bool too_long() const;
  [[nodiscard]] double share_read() const;       // of the file's bytes; negative when not known
  [[nodiscard]] const std::string& error() const;  // empty, or why reading stopped early

 private:
  struct State;
  explicit JournalLines(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The site that a replay stands for.
struct ReplaySite {
  std::string config;                            // --config; empty: none
  std::string site;                              // --site; empty: the configuration's only one
  // Filled in by load():
  std::string id = "site";
  rules::ReplayOptions options;
  std::unique_ptr<rules::Calendar> calendar;
  std::unique_ptr<rules::VisitorShelf> shelf;
  std::vector<std::unique_ptr<rules::Calendar>> zones;  // of `rules` lines

  [[nodiscard]] base::Status load();
};

// "2026-11-21T21:40:00Z", "2026-11-21", or milliseconds since 1970.
[[nodiscard]] std::optional<rules::Instant> parse_when(std::string_view text);
// "2026-11-21 21:40:00.000"
[[nodiscard]] std::string format_when(rules::Instant t);

// A line that is drawn over and over on a terminal, and not at all elsewhere.
class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();
  void show(const JournalLines& lines);

 private:
  std::string what_;
  bool on_;
  std::int64_t drawn_ms_ = 0;
  std::uint64_t calls_ = 0;
};

}  // namespace beckon::cli
