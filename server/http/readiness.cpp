#include "http/readiness.hpp"

#include <algorithm>
#include <string_view>

#include "beckon/json/writer.hpp"

namespace beckon::http {

namespace {

// Whole, so that a folder with a space in its name goes too.
void name_alone(std::string& text, const std::filesystem::path& file) {
  const std::string path = file.string(), name = file.filename().string();
  if (path == name) return;
  for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path, at + name.size()))
    text.replace(at, path.size(), name);
}

// Of every word with slashes what stands behind the last.
std::string without_folders(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \"'\n"), text.size());
    const std::string_view word = text.substr(0, end);
    out += word.substr(word.rfind('/') + 1);
    if (end < text.size()) out += text[end];
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string public_message(const Problem& problem) {
  std::string text = problem.message;
  if (!problem.file.empty()) name_alone(text, problem.file);
  return without_folders(text);
}

}  // namespace

std::string to_json(const Readiness& readiness) {
  std::string text;
  json::Writer w(text);
  const bool stopping = readiness.serving == Serving::kStopping;
  w.begin_object().key("status").string(stopping ? "stopping" : readiness.problems.empty() ? "ready" : "degraded");
  w.key("problems").begin_array();
  for (const Problem& problem : readiness.problems) {
    w.begin_object().key("what").string(problem.what);
    if (!problem.site.empty()) w.key("site").string(problem.site);
    w.key("message").string(public_message(problem)).end_object();
  }
  w.end_array().end_object();
  return text;
}

}  // namespace beckon::http
