#include "journals.hpp"

#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "support/measure.hpp"

namespace beckon::bench {
namespace {

constexpr std::int64_t kEpoch = 1'767'603'600'000, kDay = 24 * 3600 * 1000;
constexpr std::uint64_t kLinesAtOnce = 1'000;

std::string head(std::int64_t t, const std::string& visitor, const char* type) {
  return R"({"t":)" + std::to_string(t) + R"(,"visitor":")" + visitor + R"(","type":")" + type + "\"";
}

std::string member(const char* key, const std::string& value) {
  return std::string(",\"") + key + "\":\"" + value + "\"";
}
std::string member(const char* key, std::int64_t value) {
  return std::string(",\"") + key + "\":" + std::to_string(value);
}

// The value of `"key":"…"` in a line, as it stands there; empty when it is absent.
std::string text_in(std::string_view line, std::string_view key) {
  const std::string mark = "\"" + std::string(key) + "\":\"";
  const std::size_t at = line.find(mark);
  if (at == std::string_view::npos) return "";
  const std::size_t begin = at + mark.size();
  return std::string(line.substr(begin, line.find('"', begin) - begin));
}

// "https://shop.example/a/b?c" → "/a/b"
std::string path_of(std::string url) {
  if (const std::size_t scheme = url.find("://"); scheme != std::string::npos) {
    const std::size_t path = url.find('/', scheme + 3);
    url = path == std::string::npos ? "/" : url.substr(path);
  }
  return url.substr(0, url.find_first_of("?#"));
}

using Counts = std::map<std::string, int>;

std::vector<std::string> by_frequency(const Counts& counts) {
  std::vector<std::string> names;
  for (const auto& [name, count] : counts) names.push_back(name);
  std::stable_sort(names.begin(), names.end(),
                   [&](const auto& a, const auto& b) { return counts.at(a) > counts.at(b); });
  return names;
}

const std::string& nth(const std::vector<std::string>& names, std::size_t n) { return names[n % names.size()]; }

}  // namespace

bool GeneratedJournal::more(std::string& out) {
  const std::uint64_t end = lines_ + std::min(left_, kLinesAtOnce);
  const std::uint64_t before = lines_;
  while (lines_ < end) write(traffic_.step(), out);
  left_ -= std::min(left_, lines_ - before);
  return lines_ > before;
}

void GeneratedJournal::write_newcomer(const BenchEvent& event, std::string& out) {
  const auto place = static_cast<std::size_t>(event.visitor);
  const Session& of = traffic_.sessions()[place];
  const std::int64_t t = kEpoch + event.t;
  const std::string id = "v" + std::to_string(++generation_[place]) + "-" + std::to_string(event.visitor);
  if (of.returning) {
    out += head(t, id, "visitor") + member("visits", 1) + member("last_event", t - kDay) + ",\"attributes\":{";
    for (std::size_t i = 0; i < of.attributes.size(); ++i) {
      out += (i ? ",\"a" : "\"a") + std::to_string(i) + "\":" + std::to_string(of.attributes[i]);
    }
    out += "}}\n";
    ++lines_;
  }
  out += head(t, id, "page") + member("url", of.utm.empty() ? of.url : of.url + "?utm_campaign=" + of.utm);
  if (!of.ref.empty()) out += member("referrer", of.ref);
  out += member("country", of.country) + member("language", of.lang) + member("device", of.device) + "}\n";
  ++lines_;
}

void GeneratedJournal::write(const BenchEvent& event, std::string& out) {
  const int generation = generation_[static_cast<std::size_t>(event.visitor)];
  if (event.kind == BenchEvent::Kind::kSession || generation == 0) return write_newcomer(event, out);
  const std::int64_t t = kEpoch + event.t;
  const std::string id = "v" + std::to_string(generation) + "-" + std::to_string(event.visitor);
  switch (event.kind) {
    case BenchEvent::Kind::kPage:
      out += head(t, id, "page") + member("url", event.url);
      break;
    case BenchEvent::Kind::kCart:
      out += head(t, id, "cart") + member("value", event.cart);
      break;
    case BenchEvent::Kind::kEvent:
      out += head(t, id, "event") + member("name", (event.which < 10 ? "e0" : "e") + std::to_string(event.which));
      break;
    default:
      out += head(t, id, "attr") + member("name", "a" + std::to_string(event.which)) +
             member("value", std::int64_t{event.value});
      break;
  }
  out += "}\n";
  ++lines_;
}

std::shared_ptr<const RepeatedJournal::Recording> RepeatedJournal::read(const std::string& file) {
  constexpr std::string_view kTime = R"({"t":)", kVisitor = R"(,"visitor":")";
  gzFile in = gzopen(file.c_str(), "rb");
  if (!in) fail("cannot read '" + file + "'");
  auto recording = std::make_shared<Recording>();
  std::string line(64 * 1024, '\0');
  while (gzgets(in, line.data(), static_cast<int>(line.size()))) {
    const std::string_view text(line.c_str());
    Line one;
    const auto number =
        std::from_chars(text.data() + std::min(kTime.size(), text.size()), text.data() + text.size(), one.t);
    const auto behind = static_cast<std::size_t>(number.ptr - text.data());
    const std::size_t begin = behind + kVisitor.size(), end = text.find('"', begin);
    if (!text.starts_with(kTime) || !text.substr(behind).starts_with(kVisitor) || end == std::string_view::npos) {
      fail(file + ":" + std::to_string(recording->size() + 1) +
           R"(: a line here begins with {"t":NUMBER,"visitor":"ID")");
    }
    one.visitor = text.substr(begin, end - begin);
    one.rest = text.substr(end, text.find('\n', end) - end);
    recording->push_back(std::move(one));
  }
  gzclose(in);
  if (recording->empty()) fail("'" + file + "' has no lines");
  return recording;
}

bool RepeatedJournal::more(std::string& out) {
  if (time_ == times_) return false;
  const Recording& recording = *recording_;
  const std::int64_t shift = time_ * (recording.back().t - recording.front().t + kDay);
  const std::string suffix = time_ == 0 ? "" : "-" + std::to_string(time_);
  const std::size_t end = std::min(recording.size(), next_ + kLinesAtOnce);
  for (; next_ < end; ++next_, ++lines_) {
    const Line& line = recording[next_];
    out += R"({"t":)" + std::to_string(line.t + shift) + R"(,"visitor":")" + line.visitor + suffix + line.rest + '\n';
  }
  if (next_ == recording.size()) {
    next_ = 0;
    ++time_;
  }
  return true;
}

void adapt_rules(Workload& workload, const RepeatedJournal::Recording& recording) {
  Counts section_counts, page_counts, country_counts;
  for (const RepeatedJournal::Line& line : recording) {
    if (const std::string country = text_in(line.rest, "country"); !country.empty()) ++country_counts[country];
    const std::string path = path_of(text_in(line.rest, "url"));
    const std::size_t second = path.find('/', 1);
    if (second == std::string::npos) continue;
    ++section_counts[path.substr(0, second + 1)];
    ++page_counts[path.substr(0, path.find('/', second + 1))];
  }
  const auto sections = by_frequency(section_counts), pages = by_frequency(page_counts),
             countries = by_frequency(country_counts);
  for (BenchRule& rule : workload.rules) {
    for (Part& part : rule.parts) {
      for (Leaf& leaf : part.leaves) {
        if (leaf.fact == "url" && !sections.empty()) {
          int section = 0, category = 0;
          const bool deep = std::sscanf(leaf.text.c_str(), "/s%d/c%d/", &section, &category) == 2;
          const auto rank = static_cast<std::size_t>(deep ? section * kCategories + category : section);
          leaf.text = deep ? nth(pages, rank) : nth(sections, rank);
        }
        if (leaf.fact != "country" || countries.empty()) continue;
        for (std::string& country : leaf.set)
          country = nth(countries, static_cast<std::size_t>(std::stoi(country.substr(1))));
      }
    }
  }
}

}  // namespace beckon::bench
