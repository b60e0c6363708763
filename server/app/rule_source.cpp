#include "app/rule_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/secret.hpp"
#include "beckon/json/reader.hpp"
#include "beckon/rules/limits.hpp"
#include "beckon/rules/rule_set.hpp"

namespace beckon::app {
namespace {

struct File {
  int fd = -1;
  ~File() {
    if (fd >= 0) ::close(fd);
  }
};

base::Error unreadable(const std::filesystem::path& file, const std::string& why) {
  return {base::ErrorCode::kUnavailable, file.string() + ": " + why};
}

// One finding as a line of a log: file:line:col and the sentence, without the excerpt.
std::string in_one_line(const rules::Diagnostic& diagnostic, const std::string& name, std::string_view text) {
  const json::LineColumn place = json::locate(text, diagnostic.where.begin);
  std::string line = name + ':' + std::to_string(place.line) + ':' + std::to_string(place.column) + ": ";
  line += diagnostic.severity == rules::Severity::kError ? "error: " : "warning: ";
  line += diagnostic.message;
  return diagnostic.hint.empty() ? line : line + "; " + diagnostic.hint;
}

// The first error, or the first warning where there is none.
const rules::Diagnostic* worst_of(const std::vector<rules::Diagnostic>& diagnostics) {
  for (const rules::Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity == rules::Severity::kError) return &diagnostic;
  }
  return diagnostics.empty() ? nullptr : &diagnostics.front();
}

}  // namespace

base::Result<std::string> read_text_file(const std::filesystem::path& path, std::size_t max_bytes) {
  // O_NONBLOCK: opening a pipe must not wait for a writer.
  const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.fd < 0) return unreadable(path, std::strerror(errno));
  struct stat s {};
  if (::fstat(file.fd, &s) != 0) return unreadable(path, std::strerror(errno));
  if (!S_ISREG(s.st_mode)) return unreadable(path, "this is no regular file");
  std::string text;
  char part[16 * 1024];
  ssize_t count = 0;
  while ((count = ::read(file.fd, part, sizeof part)) > 0) {
    text.append(part, static_cast<std::size_t>(count));
    if (text.size() > max_bytes) return unreadable(path, "the file is over " + std::to_string(max_bytes) + " bytes");
  }
  if (count < 0) return unreadable(path, std::strerror(errno));
  return text;
}

CompiledRules compile_rules(const base::SiteId& site, std::string text, const std::string& name) {
  rules::CheckResult checked = rules::check(text);
  CompiledRules out;
  for (const rules::Diagnostic& diagnostic : checked.diagnostics)
    out.report.rendered += rules::render(diagnostic, name, text);
  if (const rules::Diagnostic* worst = worst_of(checked.diagnostics))
    out.report.first = in_one_line(*worst, name, text);
  if (!checked.file) return out;
  auto compiled = rules::RuleSet::compile(std::move(*checked.file), {.site = site.text()});
  std::string hash = base::fingerprint(text);
  out.rules =
      std::make_shared<const core::SiteRules>(core::SiteRules{std::move(compiled), std::move(text), std::move(hash)});
  return out;
}

CompiledRules load_rules(const base::SiteId& site, const std::filesystem::path& file) {
  auto text = read_text_file(file, rules::kMaxRuleFileBytes);
  if (text) return compile_rules(site, std::move(*text), file.string());
  return {nullptr, {text.error().message, text.error().message + "\n"}};
}

}  // namespace beckon::app
