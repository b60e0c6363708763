// Writes one line of a journal or of decisions.
#pragma once

#include <optional>
#include <string>

#include "beckon/json/writer.hpp"
#include "beckon/rules/journal.hpp"
#include "journal_fields.hpp"

namespace beckon::rules {

// Begun with its instant, ended with its line break.
class LineWriter {
 public:
  LineWriter(std::string& out, Instant t) : out_(out), writer_(out) {
    writer_.begin_object();
    writer_.key(name_of(Key::kT)).number(to_ms(t));
  }
  ~LineWriter() {
    writer_.end_object();
    out_ += '\n';
  }
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  json::Writer& key(Key key) { return writer_.key(name_of(key)); }
  json::Writer& writer() { return writer_; }

  void string(Key name, std::string_view value) { key(name).string(value); }
  void boolean(Key name, bool value) { key(name).boolean(value); }
  void count(Key name, std::uint32_t value) { key(name).number(std::int64_t{value}); }
  void type(LineKind kind) {
    const auto behind_events = static_cast<std::size_t>(kind) - static_cast<std::size_t>(LineKind::kVisitor);
    string(Key::kType, kLineTypes[kEventTypes + behind_events]);
  }

  // What is empty is not written: reading gives it back.
  void string_if(Key name, std::string_view value) {
    if (!value.empty()) string(name, value);
  }
  void number_if(Key name, const std::optional<double>& value) {
    if (value) key(name).number(*value);
  }
  void shard(ShardOf shard) {
    if (shard.shards <= 1) return;
    count(Key::kShard, shard.shard);
    count(Key::kShards, shard.shards);
  }

 private:
  std::string& out_;
  json::Writer writer_;
};

}  // namespace beckon::rules
