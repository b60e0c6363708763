#include "cli/rules_input.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>

#include "app/config.hpp"
#include "beckon/rules/limits.hpp"
#include "cli/data_source.hpp"
#include "cli/file_shelf.hpp"
#include "cli/unpacked_file.hpp"
#include "core/user_agent.hpp"

namespace beckon::cli {

rules::Color color_of(int file_descriptor) {
  return isatty(file_descriptor) && !std::getenv("NO_COLOR") ? rules::Color::kAnsi : rules::Color::kNone;
}

base::Result<std::string> read_text(const std::string& file, std::size_t max_bytes) {
  std::error_code code;
  if (file != "-" && std::filesystem::is_directory(file, code)) {
    return base::Error{base::ErrorCode::kInvalid, "'" + file + "' is a directory"};
  }
  std::ifstream opened;
  if (file != "-") {
    opened.open(file, std::ios::binary);
    if (!opened) return base::Error{base::ErrorCode::kNotFound, "cannot read '" + file + "': " + std::strerror(errno)};
  }
  std::istream& in = file == "-" ? std::cin : opened;
  std::string text;
  char buffer[1 << 16];
  while (in.read(buffer, sizeof buffer) || in.gcount() > 0) {
    text.append(buffer, static_cast<std::size_t>(in.gcount()));
    if (text.size() > max_bytes) {
      return base::Error{base::ErrorCode::kInvalid, "'" + file + "' is larger than " + std::to_string(max_bytes) + " bytes"};
    }
  }
  return text;
}

std::shared_ptr<const rules::RuleSet> load_rules(const std::string& file, const std::string& site, std::ostream& err) {
  const auto text = read_text(file, rules::kMaxRuleFileBytes);
  if (!text) {
    err << "beckon rules: " << text.error().message << '\n';
    return nullptr;
  }
  rules::CheckResult checked = rules::check(*text);
  if (checked.file) return rules::RuleSet::compile(std::move(*checked.file), {site});
  for (const rules::Diagnostic& diagnostic : checked.diagnostics) {
    err << rules::render(diagnostic, file, *text, color_of(STDERR_FILENO));
  }
  return nullptr;
}

// ---------------------------------------------------------------------------------------------------------------------

struct JournalLines::State {
  explicit State(std::unique_ptr<UnpackedFile> f) : file(std::move(f)) {}

  std::unique_ptr<UnpackedFile> file;
  std::string buffer;
  std::size_t begin = 0, end = 0;
  std::uint64_t number = 0;
  bool too_long = false, at_end = false;

  // More bytes behind what is there; false at the end.
  bool fill() {
    constexpr std::size_t kChunk = 1 << 18;
    if (begin > 0) {
      std::memmove(buffer.data(), buffer.data() + begin, end - begin);
      end -= begin;
      begin = 0;
    }
    if (buffer.size() < end + kChunk) buffer.resize(end + kChunk);
    const std::size_t count = file->read(buffer.data() + end, kChunk);
    at_end = count == 0;
    if (at_end && file->was_cut()) begin = end;  // the line that was cut is no line
    end += count;
    return count > 0;
  }
};

JournalLines::JournalLines(std::unique_ptr<State> state) : state_(std::move(state)) {}

JournalLines::~JournalLines() = default;

base::Result<std::unique_ptr<JournalLines>> JournalLines::open(const std::string& file) {
  auto opened = UnpackedFile::open(file);
  if (!opened) return opened.error();
  return std::unique_ptr<JournalLines>(new JournalLines(std::make_unique<State>(std::move(*opened))));
}

bool JournalLines::next(std::string_view& line) {
  State& s = *state_;
  s.too_long = false;
  std::size_t searched = s.begin;
  while (true) {
    const void* found = searched < s.end ? std::memchr(s.buffer.data() + searched, '\n', s.end - searched) : nullptr;
    if (found) {
      const std::size_t stop = static_cast<std::size_t>(static_cast<const char*>(found) - s.buffer.data());
      line = std::string_view(s.buffer.data() + s.begin, stop - s.begin);
      s.begin = stop + 1;
      break;
    }
    searched = s.end - s.begin;
    if (searched > rules::kMaxRulesLineBytes) {  // skip the rest of it
      s.too_long = true;
      line = std::string_view(s.buffer.data() + s.begin, 80);
      s.begin = s.end;
      while (s.fill()) {
        const void* stop = std::memchr(s.buffer.data(), '\n', s.end);
        if (stop) {
          s.begin = static_cast<std::size_t>(static_cast<const char*>(stop) - s.buffer.data()) + 1;
          break;
        }
        s.begin = s.end;
      }
      break;
    }
    if (s.at_end || !s.fill()) {
      if (s.begin == s.end) return false;
      line = std::string_view(s.buffer.data() + s.begin, s.end - s.begin);
      s.begin = s.end;
      break;
    }
    searched += s.begin;
  }
  ++s.number;
  line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
  return true;
}

std::uint64_t JournalLines::number() const { return state_->number; }
bool JournalLines::too_long() const { return state_->too_long; }
const std::string& JournalLines::error() const { return state_->file->error(); }

double JournalLines::share_read() const { return state_->file->share_read(); }

// ---------------------------------------------------------------------------------------------------------------------

base::Status ReplaySite::load() {
  options.initial.skills_known = false;
  shelf = make_file_shelf();
  options.shelf = shelf.get();
  options.read_user_agent = [](std::string_view user_agent, rules::Event& page) {
    const core::BrowserFacts facts = core::read_user_agent(user_agent);
    if (page.device.empty()) page.device = facts.device;
    if (page.browser.empty()) page.browser = facts.browser;
    if (page.os.empty()) page.os = facts.os;
  };
  options.calendar_for = [this](std::string_view zone) -> const rules::Calendar* {
    auto made = base::make_calendar(zone, {});
    if (!made) return nullptr;
    zones.push_back(std::move(made));
    return zones.back().get();
  };
  if (!site.empty()) id = site;
  if (!config.empty()) {
    app::LoadedConfig loaded = app::load_config(config);
    if (!loaded.config) return base::Error{base::ErrorCode::kInvalid, loaded.report};
    const app::SiteConfig* chosen = nullptr;
    for (const app::SiteConfig& one : loaded.config->sites) {
      if (site.empty() ? loaded.config->sites.size() == 1 : one.id.text() == site) chosen = &one;
    }
    if (!chosen) {
      std::string ids;
      for (const app::SiteConfig& one : loaded.config->sites) ids += (ids.empty() ? "" : ", ") + std::string(one.id.text());
      return base::Error{base::ErrorCode::kNotFound, "say which site with --site: " + (ids.empty() ? "the configuration has none" : ids)};
    }
    id = chosen->id.text();
    calendar = base::make_calendar(chosen->time_zone, chosen->hours);
    options.engine.calendar = calendar.get();
    options.engine.visit_timeout = chosen->visit_timeout;
  }
  options.site = id;
  return {};
}

std::optional<rules::Instant> parse_when(std::string_view text) {
  std::int64_t ms = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), ms);
  if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size()) return rules::at_ms(ms);
  const auto instant = read_instant(std::string(text), rules::kNever);
  if (text.empty() || !instant) return std::nullopt;
  return std::chrono::time_point_cast<rules::Duration>(*instant);
}

std::string format_when(rules::Instant t) {
  const std::int64_t ms = rules::to_ms(t);
  const std::time_t seconds = static_cast<std::time_t>((ms - (ms % 1000 + 1000) % 1000) / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  std::snprintf(text + size, sizeof text - size, ".%03d", static_cast<int>((ms % 1000 + 1000) % 1000));
  return text;
}

Progress::Progress(std::string what) : what_(std::move(what)), on_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (drawn_ms_ != 0) std::cerr << "\r\x1b[K" << std::flush;
}

void Progress::show(const JournalLines& lines) {
  constexpr std::uint64_t kLinesBetweenLooks = 4096;
  constexpr std::int64_t kMsBetweenDrawings = 100;
  if (!on_ || ++calls_ % kLinesBetweenLooks != 0) return;
  const std::int64_t now =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
  if (now - drawn_ms_ < kMsBetweenDrawings) return;
  drawn_ms_ = now;
  std::string bar;
  const double share = lines.share_read();
  if (share >= 0) {
    constexpr int kWidth = 30;
    const int done = static_cast<int>(share * kWidth);
    bar = "[" + std::string(static_cast<std::size_t>(done), '#') + std::string(static_cast<std::size_t>(kWidth - done), '.') + "] " +
          std::to_string(static_cast<int>(share * 100)) + " %  ";
  }
  std::cerr << '\r' << what_ << ' ' << bar << lines.number() << " lines\x1b[K" << std::flush;
}

}  // namespace beckon::cli
