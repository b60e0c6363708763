#include "history.hpp"

#include "beckon/rules/limits.hpp"

namespace beckon::rules::detail {
namespace {

enum DatumType : char { kNullDatum, kFalseDatum, kTrueDatum, kNumberDatum, kTextDatum };

void put_varint(Compact<char>& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

std::uint64_t get_varint(const char* bytes, std::uint32_t& at) {
  std::uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const unsigned char byte = static_cast<unsigned char>(bytes[at++]);
    value |= std::uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return value;
  }
}

void put_text(Compact<char>& out, std::string_view text) {
  put_varint(out, text.size());
  out.append(text.data(), static_cast<std::uint32_t>(text.size()));
}

std::string_view get_text(const char* bytes, std::uint32_t& at) {
  const std::uint32_t size = static_cast<std::uint32_t>(get_varint(bytes, at));
  const std::string_view text(bytes + at, size);
  at += size;
  return text;
}

}  // namespace

const EventScalar* Remembered::find(std::string_view key) const {
  for (const EventDatum& datum : data) {
    if (datum.key == key) return &datum.value;
  }
  return nullptr;
}

void History::add(const Remembered& event, std::uint32_t weight) {
  const std::int64_t t = to_ms(event.t);
  if (count_ == 0) {
    bytes_.clear();
    head_ = 0;
    base_ms_ = last_ms_ = t;
  }
  // [name × 2 + is_page][ms since the one before][weight][tab][path][data…]: numbers as varints.
  put_varint(bytes_, std::uint64_t{event.name} << 1 | static_cast<unsigned>(event.is_page));
  put_varint(bytes_, static_cast<std::uint64_t>(t - last_ms_));
  put_varint(bytes_, weight);
  put_text(bytes_, event.tab);
  if (event.is_page || event.name == kForeignName) put_text(bytes_, event.path);
  put_varint(bytes_, event.data.size());
  for (const EventDatum& datum : event.data) {
    put_text(bytes_, datum.key);
    if (const auto* flag = std::get_if<bool>(&datum.value)) {
      bytes_.push_back(*flag ? kTrueDatum : kFalseDatum);
    } else if (const auto* number = std::get_if<double>(&datum.value)) {
      bytes_.push_back(kNumberDatum);
      bytes_.append(reinterpret_cast<const char*>(number), sizeof *number);
    } else if (const auto* text = std::get_if<std::string_view>(&datum.value)) {
      bytes_.push_back(kTextDatum);
      put_text(bytes_, *text);
    } else {
      bytes_.push_back(kNullDatum);
    }
  }
  last_ms_ = t;
  weight_ += weight;
  ++count_;
  ++next_;
}

bool History::read(Cursor& cursor, Remembered& event, std::uint32_t* weight) const {
  if (cursor.at >= bytes_.size()) return false;
  const char* bytes = bytes_.data();
  std::uint32_t& at = cursor.at;
  const std::uint64_t head = get_varint(bytes, at);
  event.is_page = head & 1;
  event.name = static_cast<std::uint32_t>(head >> 1);
  cursor.t += static_cast<std::int64_t>(get_varint(bytes, at));
  event.t = at_ms(cursor.t);
  event.number = cursor.number++;
  const std::uint32_t weighs = static_cast<std::uint32_t>(get_varint(bytes, at));
  if (weight) *weight = weighs;
  event.tab = get_text(bytes, at);
  event.path = event.is_page || event.name == kForeignName ? get_text(bytes, at) : std::string_view();
  event.data.resize(get_varint(bytes, at));
  for (EventDatum& datum : event.data) {
    datum.key = get_text(bytes, at);
    switch (bytes[at++]) {
      case kFalseDatum: datum.value = false; break;
      case kTrueDatum: datum.value = true; break;
      case kNumberDatum: {
        double number;
        std::memcpy(&number, bytes + at, sizeof number);
        at += sizeof number;
        datum.value = number;
        break;
      }
      case kTextDatum: datum.value = get_text(bytes, at); break;
      default: datum.value = std::monostate(); break;
    }
  }
  return true;
}

bool History::too_large() const { return count_ > kMaxRememberedEvents || weight_ > kMaxRememberedBytes; }

void History::oldest(Remembered& event) const {
  Cursor cursor = begin();
  read(cursor, event);
}

void History::forget_oldest() {
  Cursor cursor = begin();
  Remembered event;
  std::uint32_t weight = 0;
  if (!read(cursor, event, &weight)) return;
  head_ = cursor.at;
  base_ms_ = cursor.t;
  weight_ -= weight;
  --count_;
  if (head_ > bytes_.size() / 2) {
    bytes_.erase(0, head_);
    head_ = 0;
  }
}

}  // namespace beckon::rules::detail
