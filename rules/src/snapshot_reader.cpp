#include <charconv>
#include <set>

#include "beckon/rules/journal.hpp"
#include "beckon/rules/limits.hpp"
#include "journal_fields.hpp"
#include "snapshot_fields.hpp"

namespace beckon::rules {
namespace {

// Reads members out of an object. Absent ones, and null, leave their value as it is. The first error stays.
class Archive {
 public:
  Archive(const json::Value& object, std::optional<json::Error>& error) : object_(object), error_(error) {}

  template <class T>
  void field(std::string_view name, T& out) {
    const json::Value* const value = object_.find(name);
    if (value != nullptr && !value->is(json::Type::kNull)) read(*value, out);
  }

  template <class Members>
  void group(std::string_view name, Members members) {
    const json::Value* const value = object_.find(name);
    if (value == nullptr || value->is(json::Type::kNull)) return;
    if (value->is(json::Type::kNumber)) {
      OneNumber number(*value, *this);
      members(number);
    } else if (is(*value, json::Type::kObject)) {
      Archive inner(*value, error_);
      members(inner);
    }
  }

  // Also a plain array of names. Each counts once.
  void names(std::string_view name, std::vector<std::string>& out) {
    const json::Value* const value = object_.find(name);
    if (value == nullptr || value->is(json::Type::kNull)) return;
    const bool list = value->is(json::Type::kArray);
    if (!list && !is(*value, json::Type::kObject)) return;
    std::set<std::string_view> seen;
    for (const json::Value* item = value->first(); item != nullptr && !error_; item = item->next()) {
      bool set = list;
      if (list ? !is(*item, json::Type::kString) : (read(*item, set), !set)) continue;
      const std::string_view tag = list ? item->string() : item->name();
      if (seen.insert(tag).second) out.emplace_back(tag);
    }
  }

  void digests(std::string_view name, std::vector<std::uint64_t>& out) {
    const json::Value* const value = object_.find(name);
    if (value == nullptr || value->is(json::Type::kNull) || !is(*value, json::Type::kArray)) return;
    for (const json::Value* item = value->first(); item != nullptr; item = item->next()) {
      if (!is(*item, json::Type::kString)) return;
      const std::string_view digits = item->string();
      std::uint64_t digest = 0;
      const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), digest, 16);
      const bool whole = code == std::errc{} && end == digits.data() + digits.size();
      if (!whole) return fail(*item, "up to 16 hexadecimal digits");
      out.push_back(digest);
    }
  }

 private:
  // A group that is written as its first field alone: `"pressure": 2.5`.
  class OneNumber {
   public:
    OneNumber(const json::Value& value, Archive& archive) : value_(&value), archive_(archive) {}
    template <class T>
    void field(std::string_view, T& out) {
      if (value_ != nullptr) archive_.read(*value_, out);
      value_ = nullptr;
    }

   private:
    const json::Value* value_;
    Archive& archive_;
  };

  void fail(const json::Value& value, std::string_view expected) {
    if (error_) return;
    std::string message = value.name().empty() ? std::string() : '\'' + std::string(value.name()) + "' is ";
    message.append(message.empty() ? "expected " : "").append(expected).append(", found ");
    message += value.is(json::Type::kNumber) ? value.digits().substr(0, kMaxNameBytes) : name_of(value.type());
    error_ = json::Error{value.begin_offset(), std::move(message)};
  }

  bool is(const json::Value& value, json::Type type) {
    if (!value.is(type)) fail(value, name_of(type));
    return value.is(type);
  }

  void read(const json::Value& value, bool& out) {
    if (is(value, json::Type::kBool)) out = value.boolean();
  }

  void read(const json::Value& value, std::string& out) {
    if (is(value, json::Type::kString)) out = value.string();
  }

  void read(const json::Value& value, double& out) {
    if (!is(value, json::Type::kNumber)) return;
    const std::optional<double> number = value.number();
    if (!number) return fail(value, "a smaller number");
    out = *number;
  }

  void read(const json::Value& value, std::uint32_t& out) {
    if (!is(value, json::Type::kNumber)) return;
    const std::optional<std::uint32_t> count = to_count(value.digits());
    if (!count) return fail(value, "a whole number from 0");
    out = *count;
  }

  void read(const json::Value& value, std::uint64_t& out) {
    if (!is(value, json::Type::kNumber)) return;
    const std::optional<std::int64_t> count = json::to_int64(value.digits());
    if (!count || *count < 0) return fail(value, "a whole number from 0");
    out = static_cast<std::uint64_t>(*count);
  }

  void read(const json::Value& value, Instant& out) {
    if (!is(value, json::Type::kNumber)) return;
    const std::optional<Instant> t = to_instant(value.digits());
    if (!t) return fail(value, "whole milliseconds from 1970 to 9999");
    out = *t;
  }

  void read(const json::Value& value, Duration& out) {
    Instant end{out};
    read(value, end);
    out = end.time_since_epoch();
  }

  void read(const json::Value& value, StoredScalar& out) {
    switch (value.type()) {
      case json::Type::kBool: return read(value, out.emplace<bool>());
      case json::Type::kNumber: return read(value, out.emplace<double>());
      case json::Type::kString: return read(value, out.emplace<std::string>());
      default: return fail(value, "a string, a number, true or false");
    }
  }

  template <class T>
  void read(const json::Value& value, std::optional<T>& out) { read(value, out.emplace()); }

  template <class T>
  void read(const json::Value& value, std::vector<T>& out) {
    if (!is(value, json::Type::kArray)) return;
    for (const json::Value* item = value.first(); item != nullptr && !error_; item = item->next()) {
      read(*item, out.emplace_back());
    }
  }

  template <class T>
  void read(const json::Value& value, std::vector<std::pair<std::string, T>>& out) {
    if (!is(value, json::Type::kObject)) return;
    for (const json::Value* member = value.first(); member != nullptr && !error_; member = member->next()) {
      read(*member, out.emplace_back(member->name(), T{}).second);
    }
  }

  template <class T>
    requires requires(Archive archive, T& value) { fields(archive, value); }
  void read(const json::Value& value, T& out) {
    if (!is(value, json::Type::kObject)) return;
    Archive inner(value, error_);
    fields(inner, out);
  }

  const json::Value& object_;
  std::optional<json::Error>& error_;
};

}  // namespace

std::optional<json::Error> read_snapshot(std::string_view text, VisitorSnapshot& out) {
  json::ParseResult parsed = json::parse(text, {.max_bytes = kMaxVisitorLineBytes});
  if (!parsed.document) return std::move(parsed.error);
  const json::Value& root = parsed.document->root();
  if (!root.is(json::Type::kObject)) return json::Error{root.begin_offset(), "a snapshot is an object"};
  std::optional<json::Error> error;
  Archive archive(root, error);
  out = VisitorSnapshot{};
  fields(archive, out);
  return error;
}

}  // namespace beckon::rules
