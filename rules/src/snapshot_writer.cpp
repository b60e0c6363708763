#include <algorithm>
#include <array>
#include <charconv>

#include "beckon/rules/journal.hpp"
#include "journal_fields.hpp"
#include "snapshot_fields.hpp"

namespace beckon::rules {
namespace {

// An archive that only sees whether there is anything to write.
class Anything {
 public:
  template <class T>
  void field(std::string_view, const T& value);
  template <class Members>
  void group(std::string_view, Members members) { members(*this); }
  void names(std::string_view, const std::vector<std::string>& list) { found_ |= !list.empty(); }
  void digests(std::string_view, const std::vector<std::uint64_t>& list) { found_ |= !list.empty(); }
  [[nodiscard]] bool found() const { return found_; }

 private:
  bool found_ = false;
};

template <class T>
concept Struct = requires(Anything archive, const T& value) { fields(archive, value); };

// Whether a member is as in a new visitor, so that it need not be written.
bool is_new(Instant t) { return t == Instant{}; }
template <class Number>
  requires std::is_arithmetic_v<Number>
bool is_new(Number value) { return value == Number{}; }
bool is_new(Duration duration) { return duration == Duration::zero(); }
bool is_new(const std::string& text) { return text.empty(); }
template <class T>
bool is_new(const std::optional<T>& value) { return !value; }
template <class T>
bool is_new(const std::vector<T>& list) { return list.empty(); }
template <Struct T>
bool is_new(const T& value) {
  Anything archive;
  fields(archive, value);
  return !archive.found();
}

template <class T>
void Anything::field(std::string_view, const T& value) { found_ |= !is_new(value); }

class Archive {
 public:
  explicit Archive(json::Writer& out) : out_(out) {}

  template <class T>
  void field(std::string_view name, const T& value) {
    if (is_new(value)) return;
    out_.key(name);
    write(value);
  }

  template <class Members>
  void group(std::string_view name, Members members) {
    Anything archive;
    members(archive);
    if (!archive.found()) return;
    out_.key(name).begin_object();
    members(*this);
    out_.end_object();
  }

  void names(std::string_view name, const std::vector<std::string>& list) {
    if (list.empty()) return;
    out_.key(name).begin_object();
    for (const std::string& item : list) out_.key(item).boolean(true);
    out_.end_object();
  }

  void digests(std::string_view name, const std::vector<std::uint64_t>& list) {
    if (list.empty()) return;
    out_.key(name).begin_array();
    for (const std::uint64_t digest : list) {
      std::array<char, 16> digits;
      const auto [end, code] = std::to_chars(digits.data(), digits.data() + digits.size(), digest, 16);
      out_.string({digits.data(), end});
    }
    out_.end_array();
  }

 private:
  void write(bool value) { out_.boolean(value); }
  void write(double value) { out_.number(value); }
  void write(std::uint32_t value) { out_.number(std::int64_t{value}); }
  void write(std::uint64_t value) { out_.number(static_cast<std::int64_t>(value)); }
  // What lies beyond every journal is written as its last instant, which is what a reader takes.
  void write(Instant t) { out_.number(std::clamp(to_ms(t), std::int64_t{0}, kLastInstantMs)); }
  void write(Duration duration) { write(Instant(duration)); }
  void write(const std::string& text) { out_.string(text); }
  void write(const StoredScalar& scalar) {
    std::visit([this](const auto& value) { write(value); }, scalar);
  }
  template <class T>
  void write(const std::optional<T>& value) { write(*value); }

  template <Struct T>
  void write(const T& value) {
    out_.begin_object();
    fields(*this, value);
    out_.end_object();
  }

  template <class T>
  void write(const std::vector<T>& list) {
    out_.begin_array();
    for (const T& item : list) write(item);
    out_.end_array();
  }

  template <class T>
  void write(const std::vector<std::pair<std::string, T>>& map) {
    out_.begin_object();
    for (const auto& [key, value] : map) {
      out_.key(key);
      write(value);
    }
    out_.end_object();
  }

  json::Writer& out_;
};

}  // namespace

void write_members(json::Writer& out, const VisitorSnapshot& snapshot) {
  Archive archive(out);
  fields(archive, snapshot);
}

void write_snapshot(json::Writer& out, const VisitorSnapshot& snapshot) {
  out.begin_object();
  write_members(out, snapshot);
  out.end_object();
}

}  // namespace beckon::rules
