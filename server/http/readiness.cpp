#include "http/readiness.hpp"

#include "beckon/json/writer.hpp"

namespace beckon::http {

std::string to_json(const Readiness& readiness) {
  std::string text;
  json::Writer w(text);
  const bool stopping = readiness.serving == Serving::kStopping;
  w.begin_object().key("status").string(stopping ? "stopping" : readiness.problems.empty() ? "ready" : "degraded");
  w.key("problems").begin_array();
  for (const Problem& problem : readiness.problems) {
    w.begin_object().key("what").string(problem.what);
    if (!problem.site.empty()) w.key("site").string(problem.site);
    w.key("message").string(problem.message).end_object();
  }
  w.end_array().end_object();
  return text;
}

}  // namespace beckon::http
